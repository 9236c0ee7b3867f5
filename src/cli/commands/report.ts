/** `scrim report RUN`: renders a record again, also one that a kill cut short. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CommandModule } from "yargs";
import { RUN_WORDS } from "./judge.ts";

interface ReportArguments {
  readonly run: string;
  readonly out: string | undefined;
  readonly strict: boolean;
  readonly "hide-bodies": boolean;
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: "report <run>",
  describe: "render the report of a run again",
  builder: (yargs) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: RUN_WORDS })
      .option("out", { type: "string", describe: "folder for the report; default: that of the run" })
      .option("strict", { type: "boolean", default: false, describe: "SHOULD deviations fail too" })
      .option("hide-bodies", {
        type: "boolean",
        default: false,
        describe: "leave message bodies out",
      }),
  handler: async ({ run: word, out, strict, hideBodies }) => {
    const { openJudged } = await import("../judged-record.ts");
    const { reportInput, writeReport } = await import("../write-report.ts");
    const { events, folder, sutFile } = await openJudged(word);
    const page = writeReport(
      reportInput(events, sutFile, { strict, hideBodies }),
      out === undefined ? folder : path.resolve(out),
    );
    process.stdout.write(`Report: ${pathToFileURL(page).href}\n`);
  },
};
