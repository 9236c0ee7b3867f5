/**
 * Responses that the UAS core repeats itself until the peer says that it has them: the 2xx to an INVITE until ACK (RFC 3261 13.3.1.4), a
 * reliable provisional response until PRACK (RFC 3262 3).
 */
import { type TimerValues, transactionTimeout } from "../timers.ts";

export interface Repetition {
  /** When the response is due again, or the waiting over; in the unit of `now`. */
  readonly deadline: number;
  readonly interval: number;
  /** The longest interval between two repetitions. */
  readonly longest: number;
  /** When waiting ends. */
  readonly end: number;
}

export type RepetitionKind = "2xx" | "reliable 1xx";

/** The response was sent for the first time. A 2xx slows down to T2; a reliable provisional response goes on doubling (RFC 3262 3). */
export function startRepetition(kind: RepetitionKind, values: TimerValues, now: number): Repetition {
  const end = now + transactionTimeout(values);
  const longest = kind === "2xx" ? values.t2 : Infinity;
  return { interval: values.t1, longest, end, deadline: Math.min(now + values.t1, end) };
}

export type RepetitionStep =
  | { readonly action: "wait" | "repeat"; readonly repetition: Repetition }
  /** 64 * T1 are over. */
  | { readonly action: "give up" };

export function stepRepetition(repetition: Repetition, now: number): RepetitionStep {
  if (now < repetition.deadline) return { action: "wait", repetition };
  if (now >= repetition.end) return { action: "give up" };
  const interval = Math.min(repetition.interval * 2, repetition.longest);
  const deadline = Math.min(now + interval, repetition.end);
  return { action: "repeat", repetition: { ...repetition, interval, deadline } };
}
