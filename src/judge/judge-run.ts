/** A whole run: every scenario's findings made into results of statements, items and scenarios. Pure: the record in, results out. */
import { coverage } from "../spec/coverage.ts";
import { evaluateIcs } from "../spec/ics.ts";
import { scrItems } from "../spec/scr.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { ScrItem, Statement } from "../spec/types.ts";
import type { FindingMade, RunEvent } from "../trace/event.ts";
import { itemResult, type Declaration } from "./item-results.ts";
import type { ItemResult, ScenarioResult, StatementResult } from "./results.ts";
import { judgedStatements } from "./rules.ts";
import { scenarioResults } from "./scenario-results.ts";
import { statementResults } from "./statement-results.ts";

export interface RunResults {
  readonly items: readonly ItemResult[];
  readonly statements: readonly StatementResult[];
  readonly scenarios: readonly ScenarioResult[];
}

/** `strict`: SHOULD deviations fail an item too. */
export function judgeRun(
  events: readonly RunEvent[],
  sutFile: SutFile,
  options: { readonly strict: boolean },
): RunResults {
  const findings = events.filter((event): event is FindingMade => event.type === "finding");
  const statements = judgedStatements();
  const input = { statements, evidence: evidenceByItem(findings), sutFile, strict: options.strict };
  return {
    items: [...scrResults(input), ...generalResults(input)],
    statements: statementResults(statements, findings, sutFile),
    scenarios: scenarioResults(events),
  };
}

interface Input {
  readonly statements: readonly Statement[];
  /** Findings by the items that they are evidence for: a run has tens of thousands, and 200 items. */
  readonly evidence: ReadonlyMap<string, readonly FindingMade[]>;
  readonly sutFile: SutFile;
  readonly strict: boolean;
}

function evidenceByItem(findings: readonly FindingMade[]): Input["evidence"] {
  const evidence = new Map<string, FindingMade[]>();
  for (const finding of findings)
    for (const item of finding.items) {
      const known = evidence.get(item);
      if (known === undefined) evidence.set(item, [finding]);
      else known.push(finding);
    }
  return evidence;
}

function resultOf({ evidence, ...input }: Input, item: ScrItem, declaration: Declaration): ItemResult {
  return itemResult({ ...input, item, declaration, findings: evidence.get(item.id) ?? [] });
}

function scrResults(input: Input): readonly ItemResult[] {
  const declarations = new Map(
    evaluateIcs(input.sutFile).items.map((declared) => [declared.item.id, declared]),
  );
  return scrItems().map((item) =>
    resultOf(input, item, declarations.get(item.id) ?? { supported: false, applicable: false }),
  );
}

/** General items speak to every SUT that plays one of their roles. */
function generalResults(input: Input): readonly ItemResult[] {
  const declaration: Declaration = { supported: true, applicable: true };
  return coverage()
    .filter(
      (item) =>
        item.table === "General" &&
        item.statements.bound + item.statements.excluded + item.statements.waiting > 0,
    )
    .map((item) => resultOf(input, asRow(item), declaration))
    .concat(universalResults(input, declaration));
}

function asRow(item: ReturnType<typeof coverage>[number]): ScrItem {
  return {
    id: item.id,
    table: item.table,
    tableTitle: item.tableTitle,
    role: item.roles[0] ?? "any-server",
    function: item.function,
    status: "M",
    printed: { id: item.id, status: "M", clause: item.clause.printed },
    clauses: item.clause.corrected,
  };
}

function universalResults(input: Input, declaration: Declaration): readonly ItemResult[] {
  const item: ScrItem = {
    id: "GEN-SIP",
    table: "General",
    tableTitle: "What holds of every SIP message",
    role: "any-server",
    function: "Syntax and mandatory headers of every SIP message",
    status: "M",
    printed: { id: "GEN-SIP", status: "M", clause: "RFC 3261" },
    clauses: ["SIP"],
  };
  return [resultOf(input, item, declaration)];
}
