import type { Clock } from "../../net/clock.ts";

/** One timer for the earliest of several deadlines. */
export interface Alarm {
  /** Looks at the deadlines again, after something has changed. */
  set(): void;
  stop(): void;
}

/** `ring` is called at the earliest deadline; milliseconds since the epoch. */
export function createAlarm(
  clock: Clock,
  deadlines: () => readonly (number | undefined)[],
  ring: () => void,
): Alarm {
  let disarm: (() => void) | undefined;
  const stop = (): void => {
    disarm?.();
    disarm = undefined;
  };
  return {
    stop,
    set() {
      stop();
      const due = deadlines().filter((time) => time !== undefined);
      if (due.length > 0) disarm = clock.callAt(Math.min(...due), ring);
    },
  };
}
