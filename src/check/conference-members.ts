/**
 * Conferences by their IM Session Identities, and what a request can count on: who is in for certain, who is out for certain, whether the
 * session goes on (7.2.1.5 to 7.2.1.8). What is on its way at that moment is neither: checks do not judge it.
 */
import { policyIn } from "../spec/configuration-sets.ts";
import type { ServerPolicy } from "../spec/configuration-sets.ts";
import { groupAt, type GroupItem } from "../trace/group-facts.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { Journey } from "../trace/session/journeys.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { controllingHop, focusContactOf, invitesOfFocus, invitesToFocus } from "./conference-invites.ts";
import type { ConferenceInvite } from "./conference-invites.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { uriListOf } from "./pager-message.ts";
import { hadGrace } from "./waiting-time.ts";

/** From the request to its final response: what lies within has no order that both ends agree on. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** By what has crossed until then, without regard to a BYE of the function that comes soon after: where that is the question. */
  readonly asSeen?: true;
}

export function spanOf({ request, final }: Exchange): Span {
  return { from: request.seq, to: final?.seq ?? Number.POSITIVE_INFINITY };
}

/** An INVITE by which a user came in, or was asked to. */
export interface Attendance extends ConferenceInvite {
  readonly uri: string;
  readonly way: "to-sut" | "from-sut";
}

export interface KnownConference {
  readonly identity: string;
  readonly kind: "one-to-one" | "ad-hoc" | "group";
  /** IM Group Identity. */
  readonly groupUri: string | undefined;
  readonly setUp: Attendance;
  /** Entries of the URI-list that it was set up with. */
  readonly listed: readonly string[];
  /** In the order of their INVITEs. */
  readonly attendances: readonly Attendance[];
}

export function policyOf(trace: ScenarioTrace): ServerPolicy | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** Sessions that were set up and accepted, each with all INVITEs that name its identity. */
export const conferencesOf = memo((trace: ScenarioTrace): readonly KnownConference[] => {
  const invites = [
    ...invitesToFocus(trace).map((one) => ({
      ...one,
      way: "to-sut" as const,
      uri: originatorOf(one.request) ?? "",
    })),
    ...invitesOfFocus(trace).map((one) => ({ ...one, way: "from-sut" as const, uri: one.request.uri })),
  ].sort((one, other) => one.exchange.request.seq - other.exchange.request.seq);
  const found = new Map<string, Attendance[]>();
  for (const invite of invites) {
    const identity = identityIn(invite, trace);
    if (identity === undefined) continue;
    const key = [...found.keys()].find((known) => sameAddressOfRecord(known, identity)) ?? identity;
    found.set(key, [...(found.get(key) ?? []), invite]);
  }
  return [...found].flatMap(([identity, attendances]) => conferenceOf(identity, attendances, trace) ?? []);
});

/** That of the session of a group may be the group's own (RFC 4579 5.2). Who comes by an identity, and is not answered yet, is meant to. */
function identityIn(invite: Attendance, trace: ScenarioTrace): string | undefined {
  const { way, request, accepted } = invite;
  const message = way === "from-sut" ? request : accepted?.message;
  const uri = message === undefined ? calledIn(request, trace) : focusContactOf(message)?.uri;
  if (uri === undefined) return undefined;
  const { conferenceFactory } = trace.sutFile.server?.serviceUris ?? {};
  const isService = conferenceFactory !== undefined && sameAddressOfRecord(uri, conferenceFactory);
  return isService ? undefined : uri;
}

/** A group, or a factory, may be asked for a session that is not there yet. */
function calledIn({ uri }: ConferenceInvite["request"], trace: ScenarioTrace): string | undefined {
  return trace.group(uri) === undefined ? uri : undefined;
}

/** The INVITE of its originator came first, and asked for something else than the session that it made. */
function conferenceOf(
  identity: string,
  attendances: readonly Attendance[],
  trace: ScenarioTrace,
): KnownConference | undefined {
  const setUp = attendances.find(({ way }) => way === "to-sut");
  const group = setUp && trace.group(setUp.request.uri);
  if (setUp === undefined) return undefined;
  if (group === undefined && sameAddressOfRecord(setUp.request.uri, identity)) return undefined;
  const listed = uriListOf(setUp.request) ?? [];
  const common = { identity, setUp, listed, attendances };
  if (group !== undefined) return { ...common, kind: "group", groupUri: setUp.request.uri };
  return { ...common, kind: listed.length === 1 ? "one-to-one" : "ad-hoc", groupUri: undefined };
}

/** By its identity, or by the group whose session it is; of several of a group the last before `seq`. */
export function conferenceAt(uri: string, seq: number, trace: ScenarioTrace): KnownConference | undefined {
  return conferencesOf(trace).findLast(
    ({ identity, groupUri, setUp }) =>
      setUp.exchange.request.seq < seq &&
      (sameAddressOfRecord(identity, uri) || (groupUri !== undefined && sameAddressOfRecord(groupUri, uri))),
  );
}

export function isSameUser(one: string, other: string, trace: ScenarioTrace): boolean {
  if (sameAddressOfRecord(one, other)) return true;
  const user = trace.userOf(one);
  return user !== undefined && trace.userOf(other)?.imAddress === user.imAddress;
}

export type Presence = "in" | "out" | "unclear";

/** Whether the user takes part all the while. */
export function presenceOf(
  { attendances }: KnownConference,
  user: string,
  span: Span,
  trace: ScenarioTrace,
): Presence {
  const own = attendances.filter((one) => isSameUser(one.uri, user, trace) && isOther(one, span));
  const states = own.map((one) =>
    span.asSeen !== true && isBeingRemoved(one, span, trace) ? "unclear" : stateOf(one, span),
  );
  if (states.includes("unclear")) return "unclear";
  return states.includes("in") ? "in" : "out";
}

/** Begun before the end of the span, and not what the span is of. */
function isOther({ exchange: { request } }: Attendance, { from, to }: Span): boolean {
  return request.seq < to && request.seq !== from;
}

function stateOf(attendance: Attendance, { from, to }: Span): Presence {
  const { accepted, exchange } = attendance;
  if (accepted === undefined)
    return exchange.final !== undefined && exchange.final.seq < from ? "out" : "unclear";
  const acknowledged = acknowledgementOf(attendance);
  const byes = within(attendance, "BYE");
  const gone = byes.some(({ final }) => final !== undefined && final.seq < from);
  if (gone) return "out";
  if (byes.some(({ request }) => request.seq < to)) return "unclear";
  return acknowledged !== undefined && acknowledged < from ? "in" : "unclear";
}

/** A network may lose the first copies of a request: three of a BYE take as long. Milliseconds. */
const SENT_BEFORE_SEEN_MS = 4000;

/** Something had to be sent again. */
const losesPackets = memo((trace: ScenarioTrace): boolean =>
  trace
    .exchanges()
    .some(
      ({ retransmissions, responses }) =>
        retransmissions.length > 0 || responses.filter(({ message }) => message.status >= 200).length > 1,
    ),
);

/** The function's BYE is first seen a little later, and nothing that came in between explains it: it may have been sent before, and lost. */
function isBeingRemoved(attendance: Attendance, { to }: Span, trace: ScenarioTrace): boolean {
  if (!losesPackets(trace)) return false;
  const bye = within(attendance, "BYE").find(({ way, request }) => way === "from-sut" && request.seq > to);
  const end = bye && trace.events.find(({ seq }) => seq >= to);
  if (bye === undefined || end === undefined || bye.request.at - end.at >= SENT_BEFORE_SEEN_MS) return false;
  const isBetween = ({ seq }: { readonly seq: number }): boolean =>
    seq >= Math.floor(to) && seq < bye.request.seq;
  const method = ["BYE", "REFER", "INVITE"];
  const asked = trace
    .exchanges({ way: "to-sut", method, function: "controlling" })
    .some(({ request }) => isBetween(request));
  const answered = trace
    .exchanges({ way: "from-sut", method, function: "controlling" })
    .some(({ final }) => final !== undefined && isBetween(final));
  return !asked && !answered && !trace.stimuli.some(isBetween);
}

/** Place from which on both ends have the session, by what they say. */
function acknowledgementOf(attendance: Attendance): number | undefined {
  const [ack] = within(attendance, "ACK");
  if (ack === undefined || attendance.way === "from-sut") return ack?.request.seq;
  // A function that repeats its 2xx has not seen the ACK yet.
  const copies = attendance.exchange.responses.filter(({ message }) => message.status >= 200);
  return Math.max(ack.request.seq, ...copies.map(({ seq }) => seq));
}

/** What crossed within the dialog of the function and the user, either way. */
export function within({ session }: ConferenceInvite, method: string): readonly Exchange[] {
  return session.requests
    .filter((journey: Journey) => journey.method === method)
    .flatMap((journey) => controllingHop(journey, "to-sut") ?? controllingHop(journey, "from-sut") ?? []);
}

/** Addresses of those who take part all the while, each once. */
export function thoseIn(conference: KnownConference, span: Span, trace: ScenarioTrace): readonly string[] {
  return usersOf(conference, trace).filter((uri) => presenceOf(conference, uri, span, trace) === "in");
}

/** Those of whom it is not certain that they are out. */
export function thoseNotOut(
  conference: KnownConference,
  span: Span,
  trace: ScenarioTrace,
): readonly string[] {
  return usersOf(conference, trace).filter((uri) => presenceOf(conference, uri, span, trace) !== "out");
}

function usersOf({ attendances }: KnownConference, trace: ScenarioTrace): readonly string[] {
  const all: string[] = [];
  for (const { uri } of attendances) if (!all.some((known) => isSameUser(known, uri, trace))) all.push(uri);
  return all;
}

/** The document of its group, where nothing was changed of it since the session was set up. */
export function groupOf(
  { groupUri, setUp }: KnownConference,
  { to }: Span,
  trace: ScenarioTrace,
): GroupItem | undefined {
  if (groupUri === undefined) return undefined;
  const before = groupAt(trace.events, groupUri, setUp.exchange.request.seq);
  return groupAt(trace.events, groupUri, to) === before ? before : undefined;
}

/** Nothing has happened for which the function may release it, or has to (7.2.2.8). */
export function goesOn(conference: KnownConference, span: Span, trace: ScenarioTrace): boolean {
  const { kind, setUp } = conference;
  const policy = policyOf(trace);
  if (policy === undefined || hasTimeLimit(conference, span, trace)) return false;
  if (thoseIn(conference, span, trace).length < 2) return false;
  const originator = presenceOf(conference, setUp.uri, span, trace);
  if (kind !== "group") return originator === "in";
  const group = groupOf(conference, span, trace);
  if (group?.rules === undefined) return false;
  const { minParticipantCount, requiredParticipants } = group.rules;
  if (minParticipantCount !== undefined || requiredParticipants !== undefined) return false;
  return originator === "in" || !policy.autoRelease;
}

function hasTimeLimit(conference: KnownConference, span: Span, trace: ScenarioTrace): boolean {
  const limited = policyOf(trace)?.sessionMaximumS ?? groupOf(conference, span, trace)?.rules?.maxDurationS;
  const asked = trace.stimuli.some(
    ({ action, seq }) => seq < span.to && (action === "limit-session" || action === "cancel-invitations"),
  );
  return limited !== undefined || asked;
}

/** Everybody has left and nobody is asked any more: a session without participants is released (7.2.2.8-1, d). */
export function isOver({ attendances }: KnownConference, span: Span): boolean {
  return attendances.filter((one) => isOther(one, span)).every((one) => stateOf(one, span) === "out");
}

/**
 * Whether there was as much time after `at` as scenarios wait for a request, before anybody left the conference: what has not come until
 * then does not come.
 */
export function hadTimeTogether({ attendances }: KnownConference, at: number, trace: ScenarioTrace): boolean {
  return isLong(attendances, at, trace);
}

/** The same where only the leaving of one user matters. */
export function hadTimeWith(
  { attendances }: KnownConference,
  user: string,
  at: number,
  trace: ScenarioTrace,
): boolean {
  const own = attendances.filter(({ uri }) => isSameUser(uri, user, trace));
  return isLong(own, at, trace);
}

function isLong(attendances: readonly Attendance[], at: number, trace: ScenarioTrace): boolean {
  const leavings = attendances
    .flatMap((one) => within(one, "BYE"))
    .map(({ request }) => request.at)
    .filter((left) => left > at);
  return hadGrace(at, trace, Math.min(...leavings));
}
