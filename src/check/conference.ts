/** Conferences at the controlling function, put together from the INVITEs that it took and those that it sent (7.2.1, 7.2.2). */
import type { LeasedUser } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import type { Journey } from "../trace/session/journeys.ts";
import { contactsOf } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { originatorOf } from "./grounds.ts";
import { readable, uriListOf } from "./pager-message.ts";

/** An INVITE outside any dialog that the core gave to the controlling function, or that the function sent. */
export interface ConferenceInvite {
  readonly session: InviteSession;
  /** On the hop between the core and the function. */
  readonly exchange: Exchange;
  readonly request: SipRequest;
  readonly accepted: SipRecord<SipResponse> | undefined;
}

/** What somebody set up or joined, with those whom the function invited because of it. */
export interface SetUp extends ConferenceInvite {
  /** Address of who sent it. */
  readonly originator: string | undefined;
  /** Entries of its URI-list. */
  readonly listed: readonly string[];
  readonly invitations: readonly ConferenceInvite[];
}

export function controllingHop({ hops }: Journey, way: Exchange["way"]): Exchange | undefined {
  return hops.find((hop) => hop.way === way && hop.request.serverFunction === "controlling");
}

/** In the order in which they came. */
export function invitesToFocus(trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitesOf(trace, "to-sut");
}

export function invitesOfFocus(trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitesOf(trace, "from-sut");
}

function invitesOf(trace: ScenarioTrace, way: "to-sut" | "from-sut"): readonly ConferenceInvite[] {
  return trace.sessionMode.invites.flatMap((session) => {
    const exchange = controllingHop(session.invite, way);
    if (exchange === undefined) return [];
    const accepted = exchange.responses.find(({ message }) => message.status >= 200 && message.status < 300);
    return [{ session, exchange, request: exchange.request.message, accepted }];
  });
}

/** INVITEs with a URI-list that the function took, each with the INVITEs to those listed, up to the next that lists the same user. */
export function adHocSetUps(trace: ScenarioTrace): readonly SetUp[] {
  const lists = invitesToFocus(trace).flatMap((invite) => {
    const listed = uriListOf(invite.request);
    return listed === undefined || invite.accepted === undefined ? [] : [{ ...invite, listed }];
  });
  const sent = invitesOfFocus(trace);
  return lists.map((invite) => ({
    ...invite,
    originator: originatorOf(invite.request),
    invitations: sent.filter((each) => causeOf(each, lists) === invite),
  }));
}

/** The last set-up before it that lists whom it is for. */
function causeOf<L extends ConferenceInvite & { readonly listed: readonly string[] }>(
  { exchange, request }: ConferenceInvite,
  lists: readonly L[],
): L | undefined {
  return lists.findLast(
    (one) =>
      one.exchange.request.seq < exchange.request.seq &&
      one.listed.some((uri) => sameAddressOfRecord(uri, request.uri)),
  );
}

export interface FocusContact {
  readonly uri: string;
  /** Names of its parameters, in lower case. */
  readonly params: ReadonlySet<string>;
}

export function focusContactOf(message: SipMessage): FocusContact | undefined {
  const [contact] = readable(() => contactsOf(message), []);
  if (contact === undefined) return undefined;
  return { uri: contact.uri, params: new Set([...contact.params.keys()].map((name) => name.toLowerCase())) };
}

/** The identity that most of the function's messages of the conference name in Contact; undefined where they are divided. */
export function agreedIdentity({ accepted, invitations }: SetUp): string | undefined {
  const messages = [accepted?.message, ...invitations.map(({ request }) => request)];
  const named = messages.flatMap((message) => (message && focusContactOf(message)?.uri) ?? []);
  return named.find(
    (uri) => named.filter((other) => sameAddressOfRecord(other, uri)).length * 2 > named.length,
  );
}

export interface Participant {
  readonly user: LeasedUser;
  readonly session: InviteSession;
  /** From the acceptance of its INVITE, on the hop of the focus, to the first BYE there or at its client. */
  readonly since: number;
  readonly until: number;
  /** When that BYE was seen, in milliseconds since the epoch. */
  readonly untilAt: number;
}

/** Who took part, of users that the scenario knows: those listed, and those whom the function invited into the same session later. */
export function participantsOf(setUp: SetUp, trace: ScenarioTrace): readonly Participant[] {
  const { session, originator, accepted, invitations } = setUp;
  const invited = [...invitations, ...laterInvitations(setUp, trace)];
  const all = [
    { uri: originator, session, accepted },
    ...invited.map((one) => ({ uri: one.request.uri, session: one.session, accepted: one.accepted })),
  ];
  return all.flatMap(({ uri, session: own, accepted: entry }) => {
    const user = uri === undefined ? undefined : trace.userOf(uri);
    if (user === undefined || entry === undefined) return [];
    const left = firstBye(own, user.node, entry.seq, trace);
    return [
      {
        user,
        session: own,
        since: entry.seq,
        until: left?.seq ?? Number.POSITIVE_INFINITY,
        untilAt: left?.at ?? Number.POSITIVE_INFINITY,
      },
    ];
  });
}

/** A B2BUA on the way has another BYE on the hop of the focus than at the client, some milliseconds apart. */
function firstBye(
  { bye }: InviteSession,
  node: string,
  since: number,
  trace: ScenarioTrace,
): SipRecord<SipRequest> | undefined {
  const atClient = trace
    .exchanges({ method: "BYE" })
    .map(({ request }) => request)
    .find((request) => request.node === node && request.seq > since);
  const atFocus = bye?.hops[0]?.request;
  if (atClient === undefined || atFocus === undefined) return atClient ?? atFocus;
  return atClient.seq < atFocus.seq ? atClient : atFocus;
}

function laterInvitations(setUp: SetUp, trace: ScenarioTrace): readonly ConferenceInvite[] {
  const identity = agreedIdentity(setUp);
  if (identity === undefined) return [];
  return invitesOfFocus(trace).filter(({ session, request }) => {
    const uri = focusContactOf(request)?.uri;
    const isKnown = setUp.invitations.some((one) => one.session === session);
    return !isKnown && uri !== undefined && sameAddressOfRecord(uri, identity);
  });
}
