/**
 * Modifications of a session by both ends: one INVITE transaction at a time, one offer at a time (RFC 3261 14, RFC 3311 5). Says what to do
 * with a re-INVITE or UPDATE that comes, whether one may go, and when one that was refused for glare is tried again.
 */
import type { Exchange } from "./offer-answer.ts";

export type Initiator = "local" | "remote";

/** Who began the transaction of each kind that is in progress. */
export interface InProgress {
  readonly invite: Initiator | undefined;
  readonly update: Initiator | undefined;
}

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly status: 491 }
  /** With Retry-After, 0 to 10 seconds. */
  | { readonly admitted: false; readonly status: 500 };

const ADMITTED: Admission = { admitted: true };
const PENDING: Admission = { admitted: false, status: 491 };
const LATER: Admission = { admitted: false, status: 500 };

/** RFC 3261 14.2: 500 while an INVITE of the same peer has no final response, 491 while an own one is in progress. */
export function admitInvite(inProgress: InProgress, exchange: Exchange<unknown>): Admission {
  if (inProgress.invite === "remote") return LATER;
  if (inProgress.invite === "local" || exchange.state === "local offer") return PENDING;
  return exchange.state === "remote offer" ? LATER : ADMITTED;
}

/** RFC 3311 5.2 */
export function admitUpdate(
  inProgress: InProgress,
  exchange: Exchange<unknown>,
  withOffer: boolean,
): Admission {
  if (inProgress.update === "remote") return LATER;
  if (!withOffer) return ADMITTED;
  if (exchange.state === "local offer") return PENDING;
  return exchange.state === "remote offer" ? LATER : ADMITTED;
}

/** RFC 3261 14.1, RFC 3311 5.1: whether the own end may send a re-INVITE or UPDATE now. */
export function maySend(
  method: "INVITE" | "UPDATE",
  withOffer: boolean,
  inProgress: InProgress,
  exchange: Exchange<unknown>,
): boolean {
  const open = exchange.state === "local offer" || exchange.state === "remote offer";
  if (method === "INVITE") return inProgress.invite === undefined && !open;
  // Before the first exchange is complete, UPDATE has nothing to change (RFC 3311 5.1).
  return inProgress.update === undefined && !(withOffer && (open || exchange.state === "none"));
}

/** Milliseconds until a request that got 491 is tried again (RFC 3261 14.1). `random`: from 0 up to 1. */
export function glareDelay(ownsCallId: boolean, random: number): number {
  const [least, most] = ownsCallId ? [210, 400] : [0, 200];
  return (least + Math.floor(random * (most - least + 1))) * 10;
}

/** Seconds in Retry-After of a 500 (RFC 3261 14.2, RFC 3311 5.2). `random`: from 0 up to 1. */
export function retryAfterSeconds(random: number): number {
  return Math.floor(random * 11);
}
