/** `scrim start`, which is `npm start`: the suite against the bundled reference, in processes of their own. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import path from "node:path";
import type { CommandModule } from "yargs";
import { endThough } from "../end-of-process.ts";
import { PROJECT_ROOT } from "../../spec/project-root.ts";
import { REFERENCE_FILE } from "../project.ts";
import { runOptions, type RunArguments } from "./run.ts";

export const startCommand: CommandModule<object, RunArguments> = {
  command: "start [selection..]",
  describe: "start the bundled reference server and client, test them, and show what a report looks like",
  builder: (yargs) => runOptions(yargs).default("lanes", 8),
  handler: async (given) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const sutFile = readSutFile(given.sut);
    // Loaded while the two start.
    const loading = import("../perform-run.ts");
    const peers = await startPeers(given.sut);
    try {
      const { performRun } = await loading;
      const table = (given.selection ?? []).length === 0 ? "B.3" : undefined;
      process.exitCode = await performRun({ ...given, sutFile, table });
      if (given.sut === REFERENCE_FILE)
        process.stderr.write(
          "Scenarios tagged @slow, which need long real time, are left out here; `npm test` judges them on the virtual clock.\n",
        );
    } finally {
      for (const peer of peers) stopPeer(peer);
      endThough();
    }
  },
};

/** Both, or neither: when one cannot start, the other is stopped. */
async function startPeers(sut: string): Promise<readonly ChildProcess[]> {
  const started = await Promise.allSettled([startPeer("server", sut), startPeer("client", sut)]);
  const peers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result): result is PromiseRejectedResult => result.status === "rejected");
  if (failure === undefined) return peers;
  for (const peer of peers) stopPeer(peer);
  throw failure.reason;
}

/** Messages live shortly: with more room for the young, the garbage collector copies less. Megabytes. */
const YOUNG_GENERATION = "--max-semi-space-size=64";

/** Settles when the peer listens; rejects with what it said when it ended before. */
function startPeer(role: "server" | "client", sut: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [YOUNG_GENERATION, path.join(PROJECT_ROOT, "bin", "scrim.mjs"), "serve", role, "--sut", sut],
    {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, SCRIM_PARENT: "1" },
    },
  );
  const said: string[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data.toString("utf8")));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", () => resolve(child));
    child.once("exit", (code) =>
      reject(
        new PeerDidNotStart(
          `the reference ${role} does not start: ${
            said
              .join("")
              .trim()
              .replace(/^scrim: /u, "") || `it ended with status ${String(code)}`
          }`,
        ),
      ),
    );
    child.once("error", (error) =>
      reject(new PeerDidNotStart(`the reference ${role} cannot be started: ${error.message}`)),
    );
  });
}

export class PeerDidNotStart extends Error {
  readonly code = "peer-did-not-start";
}

function stopPeer(child: ChildProcess): void {
  child.stdin?.end();
  child.kill("SIGTERM");
}
