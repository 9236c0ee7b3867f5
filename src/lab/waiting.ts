/**
 * Waiting is on events. On the real network a promise settles when it settles; on the virtual one somebody must turn the clock, and that is
 * whoever waits. `Driver` hides the difference from the rig and the steps.
 */
import type { Clock } from "../net/clock.ts";

export interface Driver {
  readonly clock: Clock;
  /** Awaits a promise, turning the virtual clock while it is pending. */
  drive<T>(promise: Promise<T>): Promise<T>;
}

export function realDriver(clock: Clock): Driver {
  return { clock, drive: (promise) => promise };
}

/** What the virtual network offers: steps its event queue until the condition holds or nothing is left to happen. */
export interface Steppable {
  readonly clock: Clock;
  run(until: () => boolean): Promise<unknown>;
}

export function virtualDriver(virtual: Steppable): Driver {
  return {
    clock: virtual.clock,
    async drive(promise) {
      let settled = false;
      const settle = (): void => {
        settled = true;
      };
      promise.then(settle, settle);
      await virtual.run(() => settled);
      if (!settled) throw new Error("the virtual network came to rest while something was still awaited");
      return promise;
    },
  };
}

/** Rejects when the promise has not settled after so many milliseconds; what it stands for goes on. */
export function atMost<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const disarm = clock.callAt(clock.now() + ms, () => reject(new Error(`not done within ${ms} ms`)));
    promise.then(resolve, reject).finally(disarm);
  });
}

export type WaitResult = "met" | "elapsed" | "cut";

/** Things that wait for a condition are asked again after every event and when their time is over. */
export class Waiters {
  readonly #clock: Clock;
  readonly #open = new Set<() => void>();
  #cut = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Call after anything that may have made a condition true. */
  notify(): void {
    for (const ask of this.#open) ask();
  }

  get isCut(): boolean {
    return this.#cut;
  }

  /** Ends every wait: the run is being stopped. */
  cut(): void {
    this.#cut = true;
    this.notify();
  }

  /** Settles when the condition holds (`met`) or after `ms` milliseconds (`elapsed`). */
  until(condition: () => boolean, ms: number): Promise<WaitResult> {
    if (condition()) return Promise.resolve("met");
    if (this.#cut) return Promise.resolve("cut");
    return new Promise((resolve) => {
      const finish = (result: WaitResult): void => {
        this.#open.delete(ask);
        disarm();
        resolve(result);
      };
      const ask = (): void => {
        if (condition()) finish("met");
        else if (this.#cut) finish("cut");
      };
      const disarm = this.#clock.callAt(this.#clock.now() + ms, () =>
        finish(condition() ? "met" : "elapsed"),
      );
      this.#open.add(ask);
    });
  }
}
