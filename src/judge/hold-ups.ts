/**
 * A tester that stands still is no witness of what did not come in time. On a machine that is too busy Scrim reads late, answers late, and a SUT
 * that waits for the answer seems silent: such a trace fails nobody.
 */
import { memo } from "../check/memo.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";

/** Of the time that the SUT has, so much may be Scrim's own. */
const SHARE = 0.25;

/** How long Scrim stood still in the scenario, in milliseconds, where that is long enough to have been the cause of what is missed; else 0. */
export const heldUpMs = memo((trace: ScenarioTrace): number => {
  const total = trace.events.reduce((sum, event) => (event.type === "held-up" ? sum + event.forMs : sum), 0);
  const { actionMs, notifyMs, responseMs } = trace.sutFile.guards;
  return total >= SHARE * Math.min(actionMs, notifyMs, responseMs) ? total : 0;
});
