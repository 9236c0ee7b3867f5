/** Whether there was time, until the scenario was over, for what should have come: what is on its way then is not missing. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { memo } from "./memo.ts";

/** Clocks are not finer than this share of a guard. */
export const SLACK = 0.1;

/** How long scenarios wait for what the SUT should do, in milliseconds. */
export function graceOf({ sutFile }: ScenarioTrace): number {
  const { actionMs, responseMs } = sutFile.guards;
  return Math.min(actionMs, responseMs) * (1 - SLACK);
}

/** Whether there was as much time after `since`, and before `until`; both in milliseconds since the epoch. */
export function hadGrace(since: number, trace: ScenarioTrace, until = Number.POSITIVE_INFINITY): boolean {
  return Math.min(until, closingOf(trace)) - since >= graceOf(trace);
}

/** As `hadGrace`, in a trace that was not cut. */
export function hadTimeFor(since: number, trace: ScenarioTrace, until?: number): boolean {
  return trace.complete && hadGrace(since, trace, until);
}

/** Steps wait for a NOTIFY, or another request, as long as an action may take. */
function guardMs(what: "notify" | "request", { sutFile }: ScenarioTrace): number {
  const { actionMs, notifyMs } = sutFile.guards;
  return (what === "notify" ? Math.min(notifyMs, actionMs) : actionMs) * (1 - SLACK);
}

export function wasTimeFor(what: "notify" | "request", since: number, trace: ScenarioTrace): boolean {
  return trace.complete && closingOf(trace) - since >= guardMs(what, trace);
}

/** Where the time for it is over, as a place in the record; undefined: the scenario ended before. */
export function deadlineFor(
  what: "notify" | "request",
  since: number,
  trace: ScenarioTrace,
): number | undefined {
  if (!wasTimeFor(what, since, trace)) return undefined;
  const until = since + guardMs(what, trace);
  return trace.events.find(({ at }) => at >= until)?.seq;
}

/** When the last thing was seen, or the last window was over, in milliseconds since the epoch. */
export const closingOf = memo(
  ({ events }: ScenarioTrace): number =>
    events.findLast(({ type }) => type === "crossed" || type === "window-closed")?.at ?? 0,
);
