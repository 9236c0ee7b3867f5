/** `scrim run`: judges a server, a client or both that Scrim did not start. */
import type { Argv, CommandModule } from "yargs";
import { endThough } from "../end-of-process.ts";
import { REFERENCE_FILE } from "../project.ts";

type Options = ReturnType<typeof runOptions>;
export type RunArguments = Options extends Argv<infer Arguments> ? Arguments : never;

export function runOptions(yargs: Argv<object>) {
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
    .option("slow", {
      type: "boolean",
      default: false,
      describe: "also the scenarios tagged @slow, which wait for registrations to expire",
    })
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
    });
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: "run [selection..]",
  describe: "test the server or client that a SUT file describes",
  builder: runOptions,
  handler: async (given) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const { readBaseline } = await import("../baseline.ts");
    const { performRun } = await import("../perform-run.ts");
    const sutFile = readSutFile(given.sut);
    const baseline = given.baseline === undefined ? undefined : readBaseline(given.baseline);
    process.exitCode = await performRun({
      ...given,
      sutFile,
      ...(baseline === undefined ? {} : { known: baseline }),
    });
    endThough();
  },
};
