/** Time as an argument: machines are given `now`, endpoints arm timers here. Milliseconds since the epoch throughout. */
export interface Clock {
  now(): number;
  /** Calls back once at `at` or as soon after as it can; the returned function disarms the timer. */
  callAt(at: number, callback: () => void): () => void;
}
