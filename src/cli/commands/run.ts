/** `scrim run`: judges a server, a client or both that Scrim did not start. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Argv, CommandModule } from "yargs";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import { readBaseline } from "../baseline.ts";
import { performRun } from "../perform-run.ts";
import { REFERENCE_FILE } from "../project.ts";

export interface RunArguments {
  readonly selection: string[] | undefined;
  readonly sut: string;
  readonly strict: boolean;
  readonly tags: string | undefined;
  readonly out: string | undefined;
  readonly lanes: number;
  readonly dryRun: boolean;
  readonly rerunFailed: boolean;
  readonly baseline: string | undefined;
  readonly randomOrder: number | undefined;
  readonly hideBodies: boolean;
}

export function runOptions(yargs: Argv): Argv<RunArguments> {
  return yargs
    .positional("selection", {
      type: "string",
      array: true,
      describe: "SCR item, table, clause, statement, @tag or feature path; everything unless told",
    })
    .option("sut", {
      type: "string",
      default: REFERENCE_FILE,
      describe: "the SUT file; default: the bundled reference, as `scrim serve` plays it",
    })
    .option("strict", { type: "boolean", default: false, describe: "SHOULD deviations fail too" })
    .option("tags", {
      type: "string",
      describe: 'tag expression over the scenarios, such as "@M and not @slow"',
    })
    .option("out", { type: "string", describe: "folder of the run; default: reports/<date and time>" })
    .option("lanes", { type: "number", default: 1, describe: "scenarios at the same time" })
    .option("dry-run", { type: "boolean", default: false, describe: "list what would run, without traffic" })
    .option("rerun-failed", {
      type: "boolean",
      default: false,
      describe: "only the scenarios that did not pass in the newest run",
    })
    .option("baseline", {
      type: "string",
      describe: "file of known failures; new ones and stale entries fail",
    })
    .option("random-order", { type: "number", describe: "seed of a random order" })
    .option("hide-bodies", {
      type: "boolean",
      default: false,
      describe: "leave message bodies out of the report",
    }) as unknown as Argv<RunArguments>;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: "run [selection..]",
  describe: "test the server or client that a SUT file describes",
  builder: (yargs) => runOptions(yargs as Argv),
  handler: async (given) => {
    const sutFile = readSutFile(given.sut);
    const baseline = given.baseline === undefined ? undefined : readBaseline(given.baseline);
    process.exitCode = await performRun({
      ...given,
      sutFile,
      ...(baseline === undefined ? {} : { known: baseline }),
    });
  },
};

export function existsInProject(root: string): (name: string) => boolean {
  return (name) => existsSync(path.resolve(root, name));
}
