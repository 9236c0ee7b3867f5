/**
 * REFERs at the controlling function (7.2.1.7, 7.2.1.8): what they ask for, by whom, of which session; and what speaks against them. A
 * statement about a refusal is judged where its ground is the only one, a statement about what is done with a good REFER where there is none.
 */
import { isGranted } from "../trace/group-facts.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { Subscription } from "../trace/session/subscriptions.ts";
import { contactsOf, header, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { MULTIPLE_REFER, NOREFERSUB, referSubOf, referToOf, targetOf } from "../wire/sip/refer-fields.ts";
import type { ReferTarget } from "../wire/sip/refer-fields.ts";
import { violations } from "../wire/sip/validate.ts";
import { recipientListOf } from "../wire/uri-list/recipient-list.ts";
import {
  conferenceAt,
  goesOn,
  groupOf,
  isOver,
  isSameUser,
  policyOf,
  presenceOf,
  spanOf,
  thoseIn,
  thoseNotOut,
  type Attendance,
  within,
  type KnownConference,
  type Span,
} from "./conference-members.ts";
import { isEndedSession, originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { asksAnonymity, readable } from "./pager-message.ts";

export interface Referral {
  readonly exchange: Exchange;
  readonly request: SipRequest;
  readonly asks: "add" | "remove";
  /** One, or those of a list. */
  readonly targets: readonly ReferTarget[];
  readonly inList: boolean;
  readonly referrer: string;
  /** Undefined: a session that is over, or of which the record does not tell. */
  readonly conference: KnownConference | undefined;
  /** False of Refer-Sub: no NOTIFYs are wanted. */
  readonly wantsNotifications: boolean;
  readonly outsideDialog: boolean;
  readonly grounds: readonly ReferGround[];
}

export type ReferGround =
  | "over"
  | "not-allowed"
  /** A participant who did not begin the session: what that one may is for the operator to say. */
  | "not-owner"
  | "too-many"
  | "anonymity"
  /** Something that leaves the function free, or that a check cannot tell. */
  | "open";

/** Those that can be read, in the order in which they came. */
export const referrals = memo((trace: ScenarioTrace): readonly Referral[] =>
  trace
    .exchanges({ method: "REFER", way: "to-sut", function: "controlling" })
    .flatMap((exchange) => referralIn(exchange, trace) ?? []),
);

export function additions(trace: ScenarioTrace): readonly Referral[] {
  return referrals(trace).filter(({ asks }) => asks === "add");
}

export function removals(trace: ScenarioTrace): readonly Referral[] {
  return referrals(trace).filter(({ asks }) => asks === "remove");
}

export function goodOnes(found: readonly Referral[]): readonly Referral[] {
  return found.filter(({ grounds }) => grounds.length === 0);
}

export function thoseWith(ground: ReferGround, found: readonly Referral[]): readonly Referral[] {
  return found.filter(({ grounds }) => grounds.length === 1 && grounds[0] === ground);
}

/** The 2xx to it. */
export function acceptanceOf({ exchange: { final } }: Referral): Exchange["final"] {
  return final !== undefined && final.message.status < 300 ? final : undefined;
}

export function subscriptionOf({ exchange }: Referral, trace: ScenarioTrace): Subscription | undefined {
  return trace.sessionMode.subscriptions.find(({ opened }) => opened.hops.includes(exchange));
}

/** INVITEs that the function sent into the session of the REFER since, in their order. */
export function invitationsAfter({ exchange, conference }: Referral): readonly Attendance[] {
  return (conference?.attendances ?? []).filter(
    ({ way, exchange: { request } }) => way === "from-sut" && request.seq > exchange.request.seq,
  );
}

function referralIn(exchange: Exchange, trace: ScenarioTrace): Referral | undefined {
  const { message: request, seq } = exchange.request;
  const target = referToOf(request);
  const referrer = originatorOf(request);
  if (target === undefined || target === "malformed" || referrer === undefined) return undefined;
  const targets = targetsOf(request, target);
  const methods = new Set(targets.map(({ method }) => method.toUpperCase()));
  const [method] = methods;
  if (methods.size !== 1 || (method !== "INVITE" && method !== "BYE")) return undefined;
  const common = {
    exchange,
    request,
    asks: method === "BYE" ? ("remove" as const) : ("add" as const),
    targets,
    inList: target.contentId !== undefined,
    referrer,
    conference: conferenceOf(request, seq, trace),
    wantsNotifications: referSubOf(request) !== false,
    outsideDialog: !/;\s*tag\s*=/iu.test(header(request, "To") ?? ""),
  };
  return { ...common, grounds: groundsOf(common, trace) };
}

function targetsOf(request: SipRequest, target: ReferTarget): readonly ReferTarget[] {
  if (target.contentId === undefined) return [target];
  const list = recipientListOf(request, target.contentId);
  return list.kind === "list" ? list.entries.map(({ uri }) => targetOf(uri)) : [];
}

/** By the Request-URI; within a dialog that is the Contact of the focus, too. */
function conferenceOf({ uri }: SipRequest, seq: number, trace: ScenarioTrace): KnownConference | undefined {
  return conferenceAt(uri, seq, trace);
}

type Unjudged = Omit<Referral, "grounds">;

function groundsOf(referral: Unjudged, trace: ScenarioTrace): readonly ReferGround[] {
  const { exchange, conference, request } = referral;
  const span = spanOf(exchange);
  const odd = isOutOfOrdinary(referral, trace) ? (["open"] as const) : [];
  if (conference === undefined) return isEndedSession(request.uri, trace) ? ["over", ...odd] : ["open"];
  if (isOver(conference, span)) return ["over", ...odd];
  if (!goesOn(conference, atArrival(exchange), trace) || somebodyLeaves(referral, conference, trace))
    return ["open"];
  const own = referral.asks === "add" ? addingGrounds : removingGrounds;
  return [...own(referral, conference, trace), ...odd];
}

/** What the REFER leads to may be seen before its final response is. */
export function atArrival({ request: { seq } }: Exchange): Span {
  return { from: seq, to: seq };
}

/** By itself, while the REFER is handled: one on whom something hangs, or one of a few. */
function somebodyLeaves(
  { exchange, referrer, targets }: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): boolean {
  const { from, to } = spanOf(exchange);
  const important = [conference.setUp.uri, referrer, ...targets.map(({ requestUri }) => requestUri)];
  const isFew = thoseIn(conference, atArrival(exchange), trace).length < 3;
  return conference.attendances
    .filter(({ uri }) => isFew || important.some((one) => isSameUser(one, uri, trace)))
    .flatMap((one) => within(one, "BYE"))
    .some(({ way, request }) => way === "to-sut" && request.seq > from && request.seq < to);
}

/** 7.2.2.7: by a participant whom the group, or in a session without one its owner's right, lets add others. */
function addingGrounds(
  referral: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): readonly ReferGround[] {
  return [
    ...addingRight(referral, conference, trace),
    ...hiding(referral, conference, trace),
    ...crowding(referral, conference, trace),
  ];
}

function addingRight(
  { exchange, referrer }: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): readonly ReferGround[] {
  const span = spanOf(exchange);
  const presence = presenceOf(conference, referrer, span, trace);
  if (presence === "unclear" || conference.kind === "one-to-one") return ["open"];
  if (conference.kind === "ad-hoc") {
    if (presence === "out") return ["not-allowed"];
    // Of other participants 7.2.2.9 says: depending on the session policy.
    return isSameUser(conference.setUp.uri, referrer, trace) ? [] : ["open"];
  }
  const group = groupOf(conference, span, trace);
  const granted = group && isGranted(group, "allow-invite-users-dynamically", referrer);
  if (granted === undefined) return ["open"];
  if (!granted) return ["not-allowed"];
  return presence === "in" ? [] : ["open"];
}

/** 7.2.1.7-2, 7.2.3.2-1. */
function hiding(
  { exchange, request, referrer }: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): readonly ReferGround[] {
  if (!asksAnonymity(request)) return [];
  const group = groupOf(conference, spanOf(exchange), trace);
  const allowed =
    group === undefined ? policyOf(trace)?.adHocAnonymity : isGranted(group, "allow-anonymity", referrer);
  if (allowed === undefined) return ["open"];
  return allowed ? [] : ["anonymity"];
}

/** 7.2.1.7-4. Whether the originator counts, and who is already in or asked, is left open. */
function crowding(
  { exchange, targets }: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): readonly ReferGround[] {
  const span = spanOf(exchange);
  const group = groupOf(conference, span, trace);
  const maximum =
    conference.kind === "group" ? group?.rules?.maxParticipantCount : policyOf(trace)?.adHocMaximum;
  if (maximum === undefined) return conference.kind === "group" ? [] : ["open"];
  const present = thoseIn(conference, span, trace);
  const before = thoseNotOut(conference, atArrival(exchange), trace);
  const isTarget = (uri: string): boolean =>
    targets.some(({ requestUri }) => isSameUser(uri, requestUri, trace));
  const possible = thoseNotOut(conference, span, trace).filter(
    (uri) => before.includes(uri) || !isTarget(uri),
  );
  const isNew = ({ requestUri }: ReferTarget): boolean =>
    !possible.some((uri) => isSameUser(uri, requestUri, trace));
  const added = new Set(targets.filter(isNew).map(({ requestUri }) => requestUri.toLowerCase())).size;
  if (present.length - 1 + added > maximum) return conference.kind === "group" ? ["open"] : ["too-many"];
  return possible.length + targets.length <= maximum ? [] : ["open"];
}

/** 7.2.1.8: by whom it may be is for the operator to say, but for who began the session. */
function removingGrounds(
  { exchange, referrer, targets }: Unjudged,
  conference: KnownConference,
  trace: ScenarioTrace,
): readonly ReferGround[] {
  const span = spanOf(exchange);
  // The removal may end the session, and with it the part of who asked for it.
  const presence = presenceOf(conference, referrer, atArrival(exchange), trace);
  if (presence === "out") return ["not-allowed"];
  const isOwner = conference.kind !== "group" && isSameUser(conference.setUp.uri, referrer, trace);
  const [target] = targets;
  const isThere =
    target !== undefined && presenceOf(conference, target.requestUri, atArrival(exchange), trace) === "in";
  if (presence !== "in" || !isThere || targets.length !== 1) return ["open"];
  if (isOwner) return [];
  const group = groupOf(conference, span, trace);
  const isKey =
    conference.kind === "group" && group !== undefined && isGranted(group, "is-key-participant", referrer);
  const isOneself = isSameUser(target.requestUri, referrer, trace);
  return isKey === true || isOneself ? ["open"] : ["not-owner"];
}

const UNDERSTOOD: ReadonlySet<string> = new Set([MULTIPLE_REFER, NOREFERSUB]);

/** What other rules than those of the clauses are about. */
function isOutOfOrdinary(
  { request, referrer, targets, inList, exchange, conference }: Unjudged,
  trace: ScenarioTrace,
): boolean {
  const properties = trace.userOf(referrer)?.properties ?? [];
  const namesSession = targets.some(
    ({ requestUri }) => conferenceAt(requestUri, exchange.request.seq, trace) === conference,
  );
  return (
    properties.includes("unauthorised") ||
    properties.includes("anonymity-not-allowed") ||
    targets.length === 0 ||
    (conference !== undefined && namesSession) ||
    targets.some(({ headers }) => headers.length > 0) ||
    (inList && !tokensOf(request, "Require").some((tag) => tag.toLowerCase() === MULTIPLE_REFER)) ||
    tokensOf(request, "Require").some((tag) => !UNDERSTOOD.has(tag.toLowerCase())) ||
    readable(() => contactsOf(request), []).length !== 1 ||
    (header(request, "Refer-Sub") !== undefined && referSubOf(request) === undefined) ||
    violations(request).length > 0 ||
    exchange.request.cut === true
  );
}
