/** Where the project's own files are, and its version. */
import { readFileSync } from "node:fs";
import path from "node:path";

export const PROJECT_ROOT = path.dirname(path.dirname(import.meta.dirname));

/** The SUT file of the bundled reference. */
export const REFERENCE_FILE = path.join(PROJECT_ROOT, "scenarios", "sut", "reference.yaml");

export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return version;
}
