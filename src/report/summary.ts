/** What was found, in words. No percentage: a share of passed rows says nothing about conformance. */
import type { ItemResult, ItemVerdict, StatementResult } from "../judge/results.ts";
import type { ReportInput } from "./model.ts";

export interface Summary {
  readonly headline: string;
  readonly tone: "clean" | "found" | "open";
  /** What the headline leaves open, a sentence each. */
  readonly qualifications: readonly string[];
  readonly nonconformities: readonly Nonconformity[];
  /** How many of the SCR items have which verdict, worst first. */
  readonly verdicts: readonly { readonly verdict: ItemVerdict; readonly count: number }[];
}

/** An item that fails, or a failed statement that no failed item covers. */
export interface Nonconformity {
  readonly kind: "item" | "statement";
  readonly id: string;
  /** What the item does, or what the statement says. */
  readonly title: string;
  /** What was found, in a sentence. */
  readonly says: string;
  /** Ids of the failed statements. */
  readonly statements: readonly string[];
}

/** The order in which verdicts are told: what needs attention first. */
export const ITEM_VERDICTS: readonly ItemVerdict[] = [
  "FAIL",
  "INCONCLUSIVE",
  "PARTIAL",
  "PASS",
  "NOT EVALUABLE",
  "NOT APPLICABLE",
  "NOT RUN",
];

export function summarise(input: ReportInput): Summary {
  const items = [...input.scr, ...input.general];
  const failed = input.statements.filter((statement) => statement.verdict === "fail");
  const failedItems = items.filter((item) => item.verdict === "FAIL").map((item) => ofItem(item, failed));
  const covered = new Set(failedItems.flatMap(({ statements }) => statements));
  const others = failed.filter(({ id }) => !covered.has(id)).map(ofStatement);
  const judged = items.some((item) => ["PASS", "PARTIAL"].includes(item.verdict));
  const found = failedItems.length + others.length > 0;
  return {
    headline: headlineOf(failedItems.length, others.length, judged),
    tone: found ? "found" : judged ? "clean" : "open",
    qualifications: qualificationsOf(input, items),
    nonconformities: [...failedItems, ...others],
    verdicts: ITEM_VERDICTS.map((verdict) => ({ verdict, count: countOf(input.scr, verdict) })).filter(
      ({ count }) => count > 0,
    ),
  };
}

function headlineOf(items: number, statements: number, judged: boolean): string {
  const parts = [
    ...(items > 0 ? [plural(items, "item")] : []),
    ...(statements > 0 ? [plural(statements, items > 0 ? "further statement" : "statement")] : []),
  ];
  if (parts.length === 0) return judged ? "No nonconformity found" : "Nothing was judged";
  const verb = items + statements === 1 ? "does" : "do";
  return `${parts.join(" and ")} ${verb} not conform`.replace(/^1 /, "One ");
}

function ofItem(item: ItemResult, failed: readonly StatementResult[]): Nonconformity {
  return {
    kind: "item",
    id: item.id,
    title: item.function,
    says: item.reasons[0] ?? "a violation was proven",
    statements: failed.filter(({ items }) => items.includes(item.id)).map(({ id }) => id),
  };
}

function ofStatement({ id, says, expected, actual }: StatementResult): Nonconformity {
  const seen = `expected ${expected ?? "what it says"}, seen ${actual ?? "otherwise"}`;
  return { kind: "statement", id, title: says, says: seen, statements: [id] };
}

function qualificationsOf(input: ReportInput, items: readonly ItemResult[]): string[] {
  const open: (readonly [number, (count: string) => string])[] = [
    [countOf(items, "PARTIAL"), (n) => `${n} not wholly exercised`],
    [countOf(items, "INCONCLUSIVE"), (n) => `${n} could not be decided`],
  ];
  const scenarios: (readonly [number, (count: string) => string])[] = [
    [scenariosWith(input, "error"), (n) => `in ${n} Scrim itself erred`],
    [scenariosWith(input, "not-run"), (n) => `${n} ${Number.parseInt(n, 10) === 1 ? "was" : "were"} not run`],
  ];
  const warned = input.statements.filter((statement) => statement.verdict === "warn").length;
  return [
    ...open.filter(([count]) => count > 0).map(([count, say]) => say(plural(count, "item"))),
    ...(warned > 0 ? [`${plural(warned, "recommendation")} (SHOULD) not followed`] : []),
    ...scenarios.filter(([count]) => count > 0).map(([count, say]) => say(plural(count, "scenario"))),
  ];
}

function scenariosWith(input: ReportInput, verdict: string): number {
  return input.scenarios.filter((scenario) => scenario.verdict === verdict).length;
}

function countOf(items: readonly ItemResult[], verdict: ItemVerdict): number {
  return items.filter((item) => item.verdict === verdict).length;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
