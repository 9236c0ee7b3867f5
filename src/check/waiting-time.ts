/** Whether there was time, until the scenario was over, for what should have come: what is on its way then is not missing. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { memo } from "./memo.ts";

/** Clocks are not finer than this share of a guard. */
const SLACK = 0.1;

/** Steps wait for a NOTIFY, or another request, as long as an action may take. */
export function wasTimeFor(what: "notify" | "request", since: number, trace: ScenarioTrace): boolean {
  const { actionMs, notifyMs } = trace.sutFile.guards;
  const guard = what === "notify" ? Math.min(notifyMs, actionMs) : actionMs;
  return trace.complete && closingOf(trace) - since >= guard * (1 - SLACK);
}

/** When the last thing was seen, or the last window was over, in milliseconds since the epoch. */
const closingOf = memo(
  ({ events }: ScenarioTrace): number =>
    events.findLast(({ type }) => type === "crossed" || type === "window-closed")?.at ?? 0,
);
