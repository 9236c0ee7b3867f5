/** Windows of silence and fences, and what they prove. */
import type { TraceEvent, WindowOpened } from "./event.ts";
import type { ClosedWindow } from "./scenario-trace.ts";

/**
 * How much of its length a window may lack behind the moment that it is asked about: it is opened a round trip after the stimulus, and
 * timers of a platform may fire a little early.
 */
const SLACK = 0.1;

/** In the order in which they were closed. A window that was never closed proves nothing and is left out. */
export function closedWindows(events: readonly TraceEvent[]): readonly ClosedWindow[] {
  const open = new Map<string, WindowOpened>();
  const closed: ClosedWindow[] = [];
  for (const event of events) {
    if (event.type === "window-opened") open.set(event.window, event);
    if (event.type !== "window-closed") continue;
    const opened = open.get(event.window);
    if (opened === undefined) continue;
    open.delete(event.window);
    const { window, of, purpose, lengthMs } = opened;
    const times = { openedAt: opened.at, closedAt: event.at, openedSeq: opened.seq, closedSeq: event.seq };
    closed.push({ window, of, purpose, lengthMs, ...times, how: event.how });
  }
  return closed;
}

/**
 * Whether silence from `afterAt` on is proven. A fence counts when it was put up afterwards; time that ran out counts when (nearly) all of
 * it ran out afterwards, whether the window waited for something or for nothing.
 */
export function provesAbsence(windows: readonly ClosedWindow[], afterAt: number, of?: string): boolean {
  return windows.some((window) => (of === undefined || window.of === of) && isSilenceAfter(window, afterAt));
}

function isSilenceAfter(window: ClosedWindow, afterAt: number): boolean {
  if (window.how === "fence") return window.openedAt >= afterAt;
  if (window.how !== "elapsed") return false;
  if (window.openedAt >= afterAt) return true;
  return window.closedAt - afterAt >= window.lengthMs * (1 - SLACK);
}
