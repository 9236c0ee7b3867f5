/** `scrim explain`: a requirement or a scenario, what is permitted, what was seen in a run, and how to run just this. */
import type { CommandModule } from "yargs";
import { RUN_WORDS } from "./judge.ts";

interface ExplainArguments {
  readonly subject: string;
  readonly run: string | undefined;
  readonly sut: string | undefined;
}

export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: "explain <subject>",
  describe: "explain a statement or a scenario, and what was seen of it in a run",
  builder: (yargs) =>
    yargs
      .positional("subject", {
        type: "string",
        demandOption: true,
        describe: "a statement, or a scenario: its place, its name, or its id in the run",
      })
      .option("run", { type: "string", describe: `${RUN_WORDS}; default: the newest there` })
      .option("sut", { type: "string", describe: "the SUT file to name in the command that runs just this" }),
  handler: async ({ subject, run: word, sut = "FILE" }) => {
    const { newestRun } = await import("../../run/recorded-run.ts");
    const { indexFeatures } = await import("../../run/feature-index.ts");
    const { judgedStatements } = await import("../../judge/rules.ts");
    const { redactEvents } = await import("../../trace/redaction.ts");
    const { PROJECT_ROOT } = await import("../../spec/project-root.ts");
    const { REPORTS } = await import("../project.ts");
    const { openJudged } = await import("../judged-record.ts");
    const { subjectOf } = await import("../subject.ts");
    const { explanationOf } = await import("../explanation.ts");
    const found = word === undefined && newestRun(REPORTS) === undefined ? undefined : await openJudged(word);
    const run = found && { ...found, events: redactEvents(found.events) };
    const scenarios = indexFeatures(PROJECT_ROOT);
    const statements = new Map(judgedStatements().map((statement) => [statement.id, statement]));
    process.stdout.write(
      explanationOf(subjectOf(subject, scenarios, run?.events ?? []), {
        scenarios,
        sut,
        statement: (id) => statements.get(id),
        ...(run === undefined ? {} : { run }),
      }),
    );
  },
};
