import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { array, assert, integer, option, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { createAgenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import { createPriorityQueue } from "./priority-queue.ts";

/** A clock that is moved by hand and counts what is armed. */
function handClock(): Clock & { moveTo(at: number): void; readonly armed: number } {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => now,
    callAt: (at, callback) => {
      const timer = { at, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    moveTo: (at) => {
      now = at;
      for (const timer of timers) {
        if (timer.at > at) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
    get armed() {
      return timers.size;
    },
  };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("node does not let garbage be collected");
  collect();
}

describe("agenda", () => {
  it("keeps one timer armed and calls in order of time, then of notice", () => {
    const clock = handClock();
    const called: string[] = [];
    const agenda = createAgenda<string>(clock, (key, now) => called.push(`${key}@${now}`));
    agenda.set("late", 30);
    agenda.set("b", 20);
    agenda.set("a", 20);
    agenda.set("gone", 10);
    agenda.set("gone", undefined);
    expect(clock.armed).toBe(1);
    clock.moveTo(20);
    expect(called).toEqual(["b@20", "a@20"]);
    clock.moveTo(40);
    expect(called).toEqual(["b@20", "a@20", "late@40"]);
    expect(clock.armed).toBe(0);
  });

  it("forgets keys that were struck out long before their time", async () => {
    const agenda = createAgenda<object>(handClock(), () => undefined);
    // What is due before them keeps them from the head of the queue.
    agenda.set({}, 1);
    const struckOut = Array.from({ length: 1000 }, () => {
      const key = {};
      agenda.set(key, 1e15);
      agenda.set(key, undefined);
      return new WeakRef(key);
    });
    // What a WeakRef was made for in this turn is kept to its end.
    await new Promise(setImmediate);
    collectGarbage();
    expect(struckOut.filter((key) => key.deref() !== undefined).length).toBeLessThan(100);
  });

  it("takes the latest deadline of a key, also when it is set while being called", () => {
    const clock = handClock();
    const called: number[] = [];
    const agenda = createAgenda<string>(clock, (key, now) => {
      called.push(now);
      if (now < 30) agenda.set(key, now + 10);
    });
    agenda.set("a", 50);
    agenda.set("a", 10);
    for (const at of [10, 20, 30, 60]) clock.moveTo(at);
    expect(called).toEqual([10, 20, 30]);
  });

  it("calls nothing once closed, whatever is set later", () => {
    const clock = handClock();
    const called: string[] = [];
    const agenda = createAgenda<string>(clock, (key) => called.push(key));
    agenda.set("a", 10);
    agenda.close();
    agenda.set("b", 10);
    expect(clock.armed).toBe(0);
    clock.moveTo(10);
    expect(called).toEqual([]);
  });
});

describe("priority queue", () => {
  it("gives what it was given, smallest first", () => {
    assert(
      property(array(integer()), (numbers) => {
        const queue = createPriorityQueue<number>((a, b) => a < b);
        for (const number of numbers) queue.push(number);
        const out = numbers.map(() => queue.pop());
        expect(out).toEqual(numbers.toSorted((a, b) => a - b));
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });

  it("keeps its order when taking and giving alternate", () => {
    assert(
      property(array(option(integer({ min: 0, max: 20 }), { nil: undefined })), (orders) => {
        const queue = createPriorityQueue<number>((a, b) => a < b);
        const model: number[] = [];
        for (const order of orders) {
          if (order !== undefined) queue.push(order);
          if (order !== undefined) model.push(order);
          model.sort((a, b) => a - b);
          const taken = order === undefined ? [queue.pop(), model.shift()] : [];
          expect(taken[0]).toBe(taken[1]);
          expect(queue.peek()).toBe(model[0]);
          expect(queue.size).toBe(model.length);
        }
      }),
    );
  });
});
