/** SCR items grouped into the tables of Appendix B, in the order in which they come. */
import type { ItemResult } from "../judge/results.ts";

export interface ScrTable {
  readonly id: string;
  readonly title: string;
  readonly items: readonly ItemResult[];
}

export function tablesOf(items: readonly ItemResult[]): readonly ScrTable[] {
  const tables = new Map<string, ItemResult[]>();
  for (const item of items) {
    const rows = tables.get(item.table);
    if (rows === undefined) tables.set(item.table, [item]);
    else rows.push(item);
  }
  return [...tables].map(([id, rows]) => ({ id, title: rows[0]?.tableTitle ?? "", items: rows }));
}

/** Nothing of it was judged: not claimed, no role of the SUT, or not yet in reach of Scrim. */
export function isIdle({ items }: ScrTable): boolean {
  return items.every(({ verdict }) => verdict === "NOT RUN" || verdict === "NOT APPLICABLE");
}

/** The first reason that says something of the SUT; that a required item exists nowhere is said beside the requirement. */
export function reasonOf({ reasons, requirement, verdict }: ItemResult): string | undefined {
  if (verdict !== "PASS") return reasons[0];
  const dangling = requirement?.dangling ?? [];
  return reasons.find((reason) => !dangling.some((id) => reason.includes(id)));
}

/** The reference as printed, followed by what is meant where that differs. */
export function referenceOf(item: ItemResult): { readonly printed: string; readonly corrected?: string } {
  const meant = item.clause.corrected.join(", ");
  const { printed } = item.clause;
  return meant === printed || meant === "" ? { printed } : { printed, corrected: meant };
}

/** `4 passed, 1 failed of 9`; empty where the item has no statements. */
export function countsInWords({ counts }: ItemResult): string {
  const parts: readonly (readonly [number, string])[] = [
    [counts.failed, "failed"],
    [counts.inconclusive, "undecided"],
    [counts.warned, "warned"],
    [counts.passed, "passed"],
    [counts.notExercised, "not exercised"],
    [counts.waiting, "waiting"],
    [counts.excluded, "excluded"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return counts.of === 0 ? "" : `${said.join(", ")} of ${counts.of}`;
}
