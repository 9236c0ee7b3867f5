/**
 * An INVITE as the participating functions take it and send it on: two legs (6.1.1.2.2, 6.1.2.2.2), and what goes on in the dialogs of both. Of
 * a proxy they are one dialog.
 */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { fromTag, viaIdentities } from "../trace/sip-identity.ts";
import { callIdOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { memo } from "./memo.ts";

export type ParticipatingFunction = "originating" | "terminating";

export interface SessionLegs {
  /** The dialog with whoever invites. */
  readonly session: InviteSession;
  /** The dialog with whoever is invited; of a proxy, the same. */
  readonly further: InviteSession;
  /** As the core gave it to the function. */
  readonly taken: Exchange;
  /** As the function sent it on. */
  readonly sent: Exchange;
  /** The function is the end of both: what it sent is another request, and not the one that it took. */
  readonly isB2bua: boolean;
}

const LEGS: Readonly<Record<ParticipatingFunction, (trace: ScenarioTrace) => readonly SessionLegs[]>> = {
  originating: memo((trace) => readLegs(trace, "originating")),
  terminating: memo((trace) => readLegs(trace, "terminating")),
};

export function sessionLegs(trace: ScenarioTrace, of: ParticipatingFunction): readonly SessionLegs[] {
  return LEGS[of](trace);
}

function readLegs(trace: ScenarioTrace, of: ParticipatingFunction): readonly SessionLegs[] {
  const { invites } = trace.sessionMode;
  return invites.flatMap((session) => {
    const taken = session.invite.hops.find(
      ({ way, request }) => way === "to-sut" && request.serverFunction === of,
    );
    const sent = taken && trace.onwardOf(taken);
    if (taken === undefined || sent === undefined) return [];
    const isB2bua = !isForwarded(taken.request, sent.request);
    const further = isB2bua
      ? invites.find((one) => one !== session && one.invite.hops.includes(sent))
      : session;
    return [{ session, further: further ?? session, taken, sent, isB2bua }];
  });
}

/** Sent on as a proxy does it: the same dialog, and the way back is still in Via (RFC 3261 16.6). */
export function isForwarded(taken: SipRecord<SipRequest>, sent: SipRecord<SipRequest>): boolean {
  const [before, after] = [taken.message, sent.message];
  if (callIdOf(before) !== callIdOf(after) || fromTag(before) !== fromTag(after)) return false;
  const branches = new Set(viaIdentities(after).map(({ branch }) => branch));
  return viaIdentities(before).every(({ branch }) => branches.has(branch));
}

/** The server had waited for long, and refused the INVITE by itself: what the other side says then comes too late. */
export function hasTired({ taken, sent }: SessionLegs, trace: ScenarioTrace): boolean {
  const [own, came] = [taken.final, sent.final];
  return (
    own !== undefined &&
    own.message.status >= 300 &&
    own.seq < (came?.seq ?? Number.POSITIVE_INFINITY) &&
    own.at - sent.request.at >= trace.sutFile.guards.actionMs
  );
}

/** Who invites, and who is invited. */
export type Side = "caller" | "callee";

/** Requests in the dialog that the function took from that side, in their order. */
export function requestsFrom(legs: SessionLegs, side: Side, method: string): readonly Exchange[] {
  return hopsOf(legs, side, method, "to-sut", side);
}

/** Requests in the dialog that the function sent to that side, in their order. */
export function requestsTo(legs: SessionLegs, side: Side, method: string): readonly Exchange[] {
  return hopsOf(legs, side, method, "from-sut", otherSide(side));
}

/**
 * What the function sent to the other side for a request that it took, before the next of its kind came: none, one, or more where it had to try
 * again.
 */
export function sentOnIn(legs: SessionLegs, taken: Exchange): readonly Exchange[] {
  const { method } = taken.request.message;
  const side = sideOf(legs, taken);
  const next = requestsFrom(legs, side, method).find(({ request }) => request.seq > taken.request.seq);
  const until = next?.request.seq ?? Number.POSITIVE_INFINITY;
  return requestsTo(legs, otherSide(side), method).filter(
    ({ request }) => request.seq > taken.request.seq && request.seq < until,
  );
}

export function otherSide(side: Side): Side {
  return side === "caller" ? "callee" : "caller";
}

/** Of a request in one of the dialogs that the function took. */
export function sideOf({ session }: SessionLegs, { request }: Exchange): Side {
  const tag = fromTag(request.message);
  const callId = callIdOf(request.message);
  return session.id.callId === callId && tag === session.id.callerTag ? "caller" : "callee";
}

/** The dialog that the function has with that side. */
export function dialogWith({ session, further }: SessionLegs, side: Side): InviteSession {
  return side === "caller" ? session : further;
}

function hopsOf(
  legs: SessionLegs,
  side: Side,
  method: string,
  way: Exchange["way"],
  sender: Side,
): readonly Exchange[] {
  const dialog = dialogWith(legs, side);
  const { serverFunction } = legs.taken.request;
  const tag = sender === "caller" ? dialog.id.callerTag : dialog.id.calleeTag;
  return dialog.requests
    .filter((journey) => journey.method === method)
    .flatMap(({ hops }) => hops)
    .filter(
      (hop) =>
        hop.way === way &&
        hop.request.serverFunction === serverFunction &&
        fromTag(hop.request.message) === tag,
    );
}
