/** Virtual time: events wait in one queue, and the clock stands at the event that happens. */
import type { Clock } from "../clock.ts";
import { createPriorityQueue } from "../priority-queue.ts";

interface QueuedEvent {
  readonly at: number;
  readonly order: number;
  /** Undefined once the event was cancelled. */
  happen: (() => void) | undefined;
}

export interface EventQueue {
  readonly clock: Clock;
  /** Lets `happen` come to pass `delayMs` from now; events of the same time keep their order. The returned function cancels. */
  after(delayMs: number, happen: () => void): () => void;
  /** See {@link VirtualNet.run}. */
  run(until?: () => boolean, deadline?: number): Promise<boolean>;
}

/** Turns of the event loop that are waited when nothing is queued, for promises that need more than microtasks. */
const IDLE_TURNS = 5;

export function createEventQueue(startAt: number): EventQueue {
  const queue = createPriorityQueue<QueuedEvent>(
    (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order),
  );
  let now = startAt;
  let order = 0;

  const callAt = (at: number, happen: () => void): (() => void) => {
    const event: QueuedEvent = { at: Math.max(at, now), order: order++, happen };
    queue.push(event);
    return () => {
      event.happen = undefined;
    };
  };

  const nextEvent = (): QueuedEvent | undefined => {
    while (queue.peek()?.happen === undefined && queue.size > 0) queue.pop();
    return queue.peek();
  };

  const happenNext = (event: QueuedEvent): void => {
    queue.pop();
    now = event.at;
    event.happen?.();
  };

  const run = async (until?: () => boolean, deadline = Infinity): Promise<boolean> => {
    let idle = 0;
    for (;;) {
      await settlePromises();
      if (until?.() === true) return true;
      const event = nextEvent();
      if (event !== undefined && event.at <= deadline) {
        idle = 0;
        happenNext(event);
      } else if (++idle >= IDLE_TURNS) {
        if (deadline !== Infinity) now = Math.max(now, deadline);
        return until === undefined || until();
      }
    }
  };

  return {
    clock: { now: () => now, callAt },
    after: (delayMs, happen) => callAt(now + delayMs, happen),
    run,
  };
}

/** All microtasks run before the event loop comes to an immediate. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
