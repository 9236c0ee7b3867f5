/**
 * The baseline: failures that are known. An entry is a statement and a scenario. A failure outside it stops the build, and so does an entry
 * that no longer fails: it is stale. Entries outside the selection are never stale.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { FindingMade, RunEvent, ScenarioOpened } from "../trace/event.ts";

export interface BaselineEntry {
  readonly statement: string;
  /** `features/….feature:line`, or the scenario's name. */
  readonly scenario: string;
}

export interface BaselineOutcome {
  readonly unexpected: readonly BaselineEntry[];
  readonly stale: readonly BaselineEntry[];
}

export class BaselineError extends Error {
  readonly code = "baseline";
}

const schema = z.strictObject({
  scrim: z.literal(1),
  expected: z.array(
    z.strictObject({
      statement: z.string().min(1),
      scenario: z.string().min(1),
      because: z.string().optional(),
    }),
  ),
});

/** Throws {@link BaselineError}: it cannot be read, or is not a baseline. */
export function readBaseline(path: string): readonly BaselineEntry[] {
  const text = readText(path);
  const read = schema.safeParse(parseYaml(text, path));
  if (read.success) return read.data.expected;
  const issue = read.error.issues[0];
  throw new BaselineError(
    `${[path, ...(issue?.path ?? [])].join(" › ")}: ${issue?.message ?? "not a baseline"}; a baseline has \`scrim: 1\` and \`expected:\`, a list of {statement, scenario}`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new BaselineError(
      `the baseline ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new BaselineError(`${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `strict`: warnings count as failures. */
export function compareWithBaseline(
  entries: readonly BaselineEntry[],
  events: readonly RunEvent[],
  strict: boolean,
): BaselineOutcome {
  const opened = new Map(
    events
      .filter((event): event is ScenarioOpened => event.type === "scenario-opened")
      .map((event) => [event.scenario, event]),
  );
  const failures = events
    .filter(
      (event): event is FindingMade =>
        event.type === "finding" && (event.verdict === "fail" || (strict && event.verdict === "warn")),
    )
    .map((finding) => ({ finding, scenario: opened.get(finding.scenario) }));
  const meets = (entry: BaselineEntry, statement: string, scenario: ScenarioOpened | undefined): boolean =>
    entry.statement === statement &&
    (entry.scenario === scenario?.location || entry.scenario === scenario?.name);
  const unexpected = failures
    .filter(({ finding, scenario }) => !entries.some((entry) => meets(entry, finding.statement, scenario)))
    .map(({ finding, scenario }) => ({
      statement: finding.statement,
      scenario: scenario?.location ?? finding.scenario,
    }));
  const ran = [...opened.values()];
  const stale = entries.filter(
    (entry) =>
      ran.some((scenario) => entry.scenario === scenario.location || entry.scenario === scenario.name) &&
      !failures.some(({ finding, scenario }) => meets(entry, finding.statement, scenario)),
  );
  return { unexpected, stale };
}
