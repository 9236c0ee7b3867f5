/** The input of the report with what its pages look up often. */
import type { ItemResult, ScenarioResult, StatementResult } from "../../judge/results.ts";
import type { FindingMade, RunEvent } from "../../trace/event.ts";
import type { ReportInput } from "../model.ts";

export interface IndexedInput {
  readonly input: ReportInput;
  readonly item: ReadonlyMap<string, ItemResult>;
  readonly statement: ReadonlyMap<string, StatementResult>;
  readonly scenario: ReadonlyMap<string, ScenarioResult>;
  findingsOfStatement(id: string): readonly FindingMade[];
  findingsOfScenario(id: string): readonly FindingMade[];
  eventsOfScenario(id: string): readonly RunEvent[];
}

export function indexed(input: ReportInput): IndexedInput {
  const findings = input.events.filter((event) => event.type === "finding");
  const byStatement = groupedBy(findings, (finding) => finding.statement);
  const byScenario = groupedBy(findings, (finding) => finding.scenario);
  const events = groupedBy(
    input.events.filter((event) => event.type !== "finding" && event.type !== "scenario-judged"),
    (event) => event.scenario ?? "",
  );
  return {
    input,
    item: byId([...input.scr, ...input.general]),
    statement: byId(input.statements),
    scenario: byId(input.scenarios),
    findingsOfStatement: (id) => byStatement.get(id) ?? [],
    findingsOfScenario: (id) => byScenario.get(id) ?? [],
    eventsOfScenario: (id) => events.get(id) ?? [],
  };
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.id, one]));
}

function groupedBy<T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return groups;
}
