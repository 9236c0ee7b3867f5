/**
 * What judging a run comes to: verdicts of SCR items, statements and scenarios. The judge fills these from findings and register;
 * the report renders them and adds nothing of its own.
 */
import type { Disposition, Level, Role, Status } from "../spec/types.ts";
import type { Blame, Evidence, Verdict } from "../trace/event.ts";

export type ItemVerdict =
  "PASS" | "FAIL" | "PARTIAL" | "INCONCLUSIVE" | "NOT APPLICABLE" | "NOT EVALUABLE" | "NOT RUN";

/** How many of an item's statements stand where. `of` is the sum of the others. */
export interface ItemCounts {
  readonly passed: number;
  readonly failed: number;
  readonly warned: number;
  readonly inconclusive: number;
  readonly notExercised: number;
  readonly excluded: number;
  readonly waiting: number;
  readonly of: number;
}

/** A row of Appendix B, or a General item (`GEN-6.1.1.1`) for the statements of a clause that no row references. */
export interface ItemResult {
  readonly id: string;
  readonly table: string;
  readonly tableTitle: string;
  readonly function: string;
  readonly status: Status;
  readonly role: Role;
  /** The reference as in the document, and the clauses that are meant. */
  readonly clause: { readonly printed: string; readonly corrected: readonly string[] };
  /** Why reference or status differ from what is printed. */
  readonly correction?: string;
  /** Id and status as printed, where they differ from `id` and `status`. */
  readonly printed?: { readonly id: string; readonly status: string };
  /** The Requirement column; ids in `dangling` exist nowhere in the document. */
  readonly requirement?: { readonly expression: string; readonly dangling: readonly string[] };
  /** ICS: mandatory and not denied, or claimed. */
  readonly supported: boolean;
  readonly verdict: ItemVerdict;
  readonly counts: ItemCounts;
  /** Sentences that say why the verdict is what it is; the first one stands in the tables. */
  readonly reasons: readonly string[];
  /** Ids of the statements that belong to the item. */
  readonly statements: readonly string[];
  /** Ids of the scenarios that gave evidence for or against it. */
  readonly scenarios: readonly string[];
}

export type StatementVerdict = Verdict | "not exercised" | "not applicable" | "excluded" | "waiting";

/** Evidence with the scenario in which it stands. */
export interface LocatedEvidence extends Evidence {
  readonly scenario: string;
}

export interface StatementResult {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: Role;
  readonly says: string;
  readonly disposition: Disposition;
  /** SCR or General items that the statement belongs to. */
  readonly items: readonly string[];
  readonly verdict: StatementVerdict;
  /** Of the worst finding, as the four that follow. Absent where there is no finding. */
  readonly blame?: Blame;
  readonly expected?: string;
  readonly actual?: string;
  readonly note?: string;
  readonly evidence: readonly LocatedEvidence[];
  /** Ids of all scenarios with a finding about it. */
  readonly scenarios: readonly string[];
}

export interface StepResult {
  readonly text: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly reason?: string;
  readonly blame?: Blame;
}

export interface ScenarioResult {
  readonly id: string;
  readonly name: string;
  readonly rule?: string;
  readonly feature: string;
  /** `features/…/….feature:line` */
  readonly location: string;
  readonly tags: readonly string[];
  /** Statement ids that the scenario was written for. */
  readonly purpose: readonly string[];
  readonly sut: "server" | "client";
  readonly configurationSet: string;
  readonly verdict: Verdict | "not-run";
  readonly reason?: string;
  readonly blame?: Blame;
  /** Milliseconds since the epoch; absent for a scenario that never started. */
  readonly startedAt?: number;
  readonly durationMs: number;
  readonly steps: readonly StepResult[];
}
