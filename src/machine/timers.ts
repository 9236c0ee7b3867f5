/** The timers of SIP transactions: RFC 3261, Table 4, with L and M of RFC 6026 8.11. */

/** What each timer is for. */
export const TIMER_PURPOSES = {
  A: "repeats an INVITE over UDP until something is heard of it",
  B: "gives an INVITE up that nobody answered",
  C: "gives a forwarded INVITE up that rings for ever",
  D: "stays to acknowledge repeated final responses to an INVITE",
  E: "repeats a request other than INVITE over UDP until its final response",
  F: "gives a request other than INVITE up that has no final response",
  G: "repeats the final response to an INVITE over UDP until its ACK",
  H: "gives up waiting for the ACK",
  I: "absorbs repeated ACKs",
  J: "answers repetitions of a request other than INVITE",
  K: "absorbs repeated responses to a request other than INVITE",
  L: "absorbs repetitions of an accepted INVITE",
  M: "stays for further 2xx responses to an INVITE",
  /** RFC 3261 17.2.1 gives it no letter. */
  trying: "sends 100 when the user of an INVITE transaction is silent for 200 ms",
} as const;

export type TimerName = keyof typeof TIMER_PURPOSES;

/** The values that all timers are made of, in milliseconds (RFC 3261 17.1.1.1, 17.1.2.2). */
export interface TimerValues {
  /** Estimate of the round trip. Default 500. */
  readonly t1: number;
  /** The longest interval between repetitions of a request other than INVITE and of a response to INVITE. Default 4000. */
  readonly t2: number;
  /** How long a message may stay in the network. Default 5000. */
  readonly t4: number;
}

export const DEFAULT_TIMERS: TimerValues = { t1: 500, t2: 4000, t4: 5000 };

/** RFC 3261 17.1.1.2: Timer D over UDP is at least 32 s whatever T1 is, since T1 of the peer is not known. */
export const LEAST_TIMER_D_MS = 32_000;

/** RFC 3261 17.2.1: how long the transaction user may be silent before 100 is sent for it. */
export const TRYING_AFTER_MS = 200;

/** RFC 3261 16.6, item 11: Timer C must be longer than three minutes. */
export const TIMER_C_MS = 181_000;

/** How long a transaction waits at most for an answer: Timers B, F, H, J, L and M. */
export function transactionTimeout(timers: TimerValues): number {
  return 64 * timers.t1;
}
