/** `scrim judge RUN`: the recorded trace judged again, without the SUT. */
import type { CommandModule } from "yargs";
import type { Difference } from "../../run/rejudge.ts";
import type { RecordedRun } from "../../run/recorded-run.ts";

interface JudgeArguments {
  readonly run: string;
  readonly strict: boolean;
  readonly write: boolean;
}

export const judgeCommand: CommandModule<object, JudgeArguments> = {
  command: "judge <run>",
  describe: "judge the recorded trace of a run again, without the SUT",
  builder: (yargs) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: RUN_WORDS })
      .option("strict", { type: "boolean", default: false, describe: "SHOULD deviations fail too" })
      .option("write", {
        type: "boolean",
        default: false,
        describe: "write the report of the new judgement beside the record; the record stays as it is",
      }),
  handler: async (given) => {
    process.exitCode = await judgeAgain(given);
  },
};

export const RUN_WORDS = "folder of a run, its run.ndjson, or its name in reports/";

async function judgeAgain({ run: word, strict, write }: JudgeArguments): Promise<number> {
  const { openRecord } = await import("../judged-record.ts");
  const { loadRules } = await import("../../judge/rules.ts");
  const { differencesBetween, judgeUnjudged, rejudge } = await import("../../run/rejudge.ts");
  const { reportInput, writeReport } = await import("../write-report.ts");
  const { tell } = await import("../perform-run.ts");
  const { exitStatusOf } = await import("../outcome.ts");
  const run = await openRecord(word);
  const rules = await loadRules();
  const events = rejudge(run.events, run.sutFile, rules);
  const input = reportInput(events, run.sutFile, { strict });
  tell(input, write ? { page: writeReport(input, run.folder) } : {});
  tellDifferences(run, differencesBetween(judgeUnjudged(run.events, run.sutFile, rules), events));
  return exitStatusOf(input, { strict });
}

function tellDifferences({ events }: RecordedRun, differences: readonly Difference[]): void {
  if (differences.length === 0) {
    process.stdout.write("The same verdicts as recorded.\n");
    return;
  }
  const places = new Map(
    events.flatMap((event) =>
      event.type === "scenario-opened" ? [[event.scenario, event.location] as const] : [],
    ),
  );
  process.stdout.write(`${differences.length} judgements differ from the record:\n`);
  for (const { scenario, statement = "scenario", before, now } of differences)
    process.stdout.write(
      `  ${statement} in ${places.get(scenario) ?? scenario}\n    recorded: ${before}\n    now:      ${now}\n`,
    );
}
