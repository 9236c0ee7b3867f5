import type { Clock } from "../clock.ts";

/** setTimeout counts in 32 bits; a later deadline is reached in several steps. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Time of the machine, in milliseconds since the epoch with fractions; unlike Date it never goes back. */
export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  callAt: (at, callback) => {
    let timeout: NodeJS.Timeout;
    // setTimeout may call up to a millisecond early: a machine must not be told of a deadline before it has come.
    const arm = (): void => {
      const rest = at - realClock.now();
      if (rest <= 0) callback();
      else timeout = setTimeout(arm, Math.min(Math.ceil(rest), LONGEST_TIMEOUT_MS));
    };
    timeout = setTimeout(arm, Math.min(Math.max(0, Math.ceil(at - realClock.now())), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timeout);
  },
};
