/**
 * Many deadlines, one timer. An endpoint keeps the deadlines of all its transactions and connections here, so that the clock has one timer
 * of the endpoint armed at a time.
 */
import type { Clock } from "./clock.ts";
import { createPriorityQueue } from "./priority-queue.ts";

export interface Agenda<Key> {
  /** Calls `due` for the key at `at`, in place of what was noted for it before; `undefined` strikes it out. */
  set(key: Key, at: number | undefined): void;
  /** Strikes everything out, for good: what is set later, by an answer that comes when its endpoint is closed, is not noted. */
  close(): void;
}

interface Entry<Key> {
  readonly key: Key;
  readonly at: number;
  readonly order: number;
}

const LEAST_TIDIED = 64;

function isBefore(a: Omit<Entry<unknown>, "key">, b: Omit<Entry<unknown>, "key">): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** `due` is called at the deadline of a key, in order of time, then in the order in which they were noted. */
export function createAgenda<Key>(clock: Clock, due: (key: Key, now: number) => void): Agenda<Key> {
  const current = new Map<Key, Entry<Key>>();
  let queue = createPriorityQueue<Entry<Key>>(isBefore);
  let order = 0;
  let closed = false;
  let armed: { readonly at: number; readonly disarm: () => void } | undefined;

  const dropStale = (): Entry<Key> | undefined => {
    for (;;) {
      const first = queue.peek();
      if (first === undefined || current.get(first.key) === first) return first;
      queue.pop();
    }
  };

  /** What was struck out stays in the queue until its time comes, which may be years: no more of that is kept than of what is to come. */
  const tidy = (): void => {
    if (queue.size <= LEAST_TIDIED || queue.size <= 2 * current.size) return;
    queue = createPriorityQueue<Entry<Key>>(isBefore);
    for (const entry of current.values()) queue.push(entry);
  };

  const rearm = (): void => {
    const first = dropStale();
    if (armed !== undefined && armed.at === first?.at) return;
    armed?.disarm();
    armed = first === undefined ? undefined : { at: first.at, disarm: clock.callAt(first.at, fire) };
  };

  const fire = (): void => {
    armed = undefined;
    const now = clock.now();
    for (let first = dropStale(); first !== undefined && first.at <= now; first = dropStale()) {
      queue.pop();
      current.delete(first.key);
      due(first.key, now);
    }
    rearm();
  };

  return {
    set: (key, at) => {
      if (closed || current.get(key)?.at === at) return;
      if (at === undefined) current.delete(key);
      else {
        tidy();
        const entry = { key, at, order: order++ };
        current.set(key, entry);
        queue.push(entry);
      }
      rearm();
    },
    close: () => {
      closed = true;
      current.clear();
      rearm();
    },
  };
}
