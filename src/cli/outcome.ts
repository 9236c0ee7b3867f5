/** What a run comes to, as an exit status (VERDICTS: 4 error of Scrim, over 1 failure, over 3 inconclusive or rig, over 0). */
import type { ReportInput } from "../report/model.ts";
import { EXIT } from "./exit-status.ts";
import type { BaselineOutcome } from "./baseline.ts";

export interface OutcomeOptions {
  readonly strict: boolean;
  /** Failures that were known, and entries that no longer fail; absent: there is no baseline. */
  readonly baseline?: BaselineOutcome;
}

export function exitStatusOf(
  { events, scenarios, statements, scr }: ReportInput,
  { strict, baseline }: OutcomeOptions,
): number {
  const verdicts = new Set(scenarios.map((scenario) => scenario.verdict));
  const bad = statements.filter(({ verdict }) => verdict === "fail" || (strict && verdict === "warn")).length;
  const failures = baseline === undefined ? bad : baseline.unexpected.length + baseline.stale.length;
  const declared = scr.some((item) => item.verdict === "FAIL" && item.statements.length === 0);
  const notes = new Set(events.map((event) => (event.type === "noted" ? event.about : undefined)));
  if (verdicts.has("error") || notes.has("scrim")) return EXIT.scrim;
  if (failures > 0 || declared) return EXIT.failed;
  if (verdicts.has("inconclusive") || verdicts.has("not-run") || notes.has("rig")) return EXIT.inconclusive;
  return EXIT.ok;
}
