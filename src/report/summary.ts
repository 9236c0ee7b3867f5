/** What was found, in words. No percentage: a share of passed rows says nothing about conformance. */
import type { ItemResult, ItemVerdict } from "../judge/results.ts";
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

export interface Nonconformity {
  readonly item: string;
  readonly function: string;
  readonly says: string;
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
  const nonconformities = items.filter((item) => item.verdict === "FAIL").map(nonconformity);
  const judged = items.some((item) => ["PASS", "PARTIAL", "FAIL"].includes(item.verdict));
  return {
    headline: headlineOf(nonconformities.length, judged),
    tone: nonconformities.length > 0 ? "found" : judged ? "clean" : "open",
    qualifications: qualificationsOf(input, items),
    nonconformities,
    verdicts: ITEM_VERDICTS.map((verdict) => ({ verdict, count: countOf(input.scr, verdict) })).filter(
      ({ count }) => count > 0,
    ),
  };
}

function headlineOf(failed: number, judged: boolean): string {
  if (failed === 1) return "One item does not conform";
  if (failed > 1) return `${failed} items do not conform`;
  return judged ? "No nonconformity found" : "Nothing was judged";
}

function nonconformity(item: ItemResult): Nonconformity {
  return { item: item.id, function: item.function, says: item.reasons[0] ?? "a violation was proven" };
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
