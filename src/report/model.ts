/**
 * What a report is made of: the record of a run and what judging made of it. Nothing here reads clock, disk or network, so the same record
 * gives the same report.
 */
import type { ItemResult, ScenarioResult, StatementResult } from "../judge/results.ts";
import type { RunEvent } from "../trace/event.ts";

/** A mistake of the specification that bears on the verdicts. */
export interface SpecificationDefect {
  /** Where it stands: an SCR item, a clause or a statement. */
  readonly at: string;
  readonly says: string;
}

/** A reading that was chosen where the specification has two; from the SUT file's `interpretations`. */
export interface AcceptedReading {
  readonly name: string;
  readonly reading: string;
  readonly says?: string;
}

export interface ReportInput {
  /** The record, as `run.ndjson` holds it. A record cut short is rendered as far as it goes. */
  readonly events: readonly RunEvent[];
  /** Rows of Appendix B in the order of the document; those outside the selection are `NOT RUN`. */
  readonly scr: readonly ItemResult[];
  /** General items: statements that no row references, one item per clause. */
  readonly general: readonly ItemResult[];
  readonly statements: readonly StatementResult[];
  readonly scenarios: readonly ScenarioResult[];
  /** Beside those that the SCR rows carry themselves (dangling ids, corrected references). */
  readonly defects?: readonly SpecificationDefect[];
  readonly readings?: readonly AcceptedReading[];
  /** Leave the text of message bodies out of everything that is rendered. */
  readonly hideBodies?: boolean;
}
