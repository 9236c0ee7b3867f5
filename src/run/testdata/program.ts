/** Runs a program of this folder through tsx. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const LIMIT_BYTES = 256 * 1024 * 1024;
/** Nothing goes on when whoever waits for it has given up. */
const LIMIT_MS = 1_200_000;

/** Gives what it writes to standard output; rejects when it fails. */
export async function outputOf(name: string, ...args: readonly string[]): Promise<Buffer> {
  const program = path.join(import.meta.dirname, name);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, ...args], {
    encoding: "buffer",
    maxBuffer: LIMIT_BYTES,
    timeout: LIMIT_MS,
  });
  return stdout;
}
