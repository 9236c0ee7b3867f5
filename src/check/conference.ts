/** Conferences at the controlling function, put together from the INVITEs that it took and those that it sent (7.2.1, 7.2.2). */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import {
  focusContactOf,
  invitesOfFocus,
  invitesToFocus,
  isContactOf,
  type ConferenceInvite,
} from "./conference-invites.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { attemptsOf, causeOf, type Attempt } from "./session-attempts.ts";

export * from "./conference-invites.ts";

/** What somebody set up, with those whom the function invited because of it, and those who came later. */
export interface SetUp extends Attempt {
  /** To those listed: to each the first. */
  readonly invitations: readonly ConferenceInvite[];
  /** Later INVITEs to the group, or to the identity of the session. They may have been refused. */
  readonly comers: readonly ConferenceInvite[];
}

/** INVITEs with a URI-list that the function took. A list with one user on it asks for a one-to-one session. */
export function adHocSetUps(trace: ScenarioTrace): readonly SetUp[] {
  return setUps(trace).filter(({ kind }) => kind === "ad-hoc");
}

/** INVITEs to a Pre-defined Group without a session that the function took. */
export function groupSetUps(trace: ScenarioTrace): readonly SetUp[] {
  return setUps(trace).filter(({ kind }) => kind === "group");
}

/** Sessions that came about, in the order of their INVITEs. */
export function setUps(trace: ScenarioTrace): readonly SetUp[] {
  return attemptedSetUps(trace).filter(({ accepted }) => accepted !== undefined);
}

/** The same with those INVITEs that were refused, cancelled, or have no final response. */
export const attemptedSetUps = memo((trace: ScenarioTrace): readonly SetUp[] => {
  const attempts = attemptsOf(trace);
  const invited = new Map<Attempt | undefined, ConferenceInvite[]>(attempts.map((one) => [one, []]));
  for (const sent of invitesOfFocus(trace)) {
    const own = invited.get(causeOf(sent, attempts));
    const isFirst = !own?.some(({ request }) => sameAddressOfRecord(request.uri, sent.request.uri));
    if (isFirst) own?.push(sent);
  }
  return attempts.map((attempt) => {
    const setUp = { ...attempt, invitations: invited.get(attempt) ?? [] };
    return { ...setUp, comers: [...attempt.joins, ...rejoinsOf(setUp, trace)] };
  });
});

function rejoinsOf(setUp: Omit<SetUp, "comers">, trace: ScenarioTrace): readonly ConferenceInvite[] {
  const identity = agreedIdentity(setUp);
  if (identity === undefined) return [];
  return invitesToFocus(trace).filter(
    ({ request, session }) =>
      sameAddressOfRecord(request.uri, identity) &&
      session !== setUp.session &&
      !setUp.joins.some((join) => join.session === session),
  );
}

/** The identity that most of the function's messages of the conference name in Contact; undefined where they are divided. */
export function agreedIdentity({
  accepted,
  invitations,
}: Pick<SetUp, "accepted" | "invitations">): string | undefined {
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

/** Who took part, of users that the scenario knows: who set it up, who was invited then or later, and who came. */
export function participantsOf(setUp: SetUp, trace: ScenarioTrace): readonly Participant[] {
  const came = [setUp, ...setUp.comers].map((one) => ({ ...one, uri: originatorOf(one.request) }));
  const invited = [...setUp.invitations, ...laterInvitations(setUp, trace)];
  const all = [...came, ...invited.map((one) => ({ ...one, uri: one.request.uri }))];
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

/** INVITEs into the session that its setting up did not ask for: of users who were added, or were invited again. */
export function laterInvitations(setUp: SetUp, trace: ScenarioTrace): readonly ConferenceInvite[] {
  const identity = agreedIdentity(setUp);
  if (identity === undefined) return [];
  return invitesOfFocus(trace).filter(
    (one) =>
      !setUp.invitations.some(({ session }) => session === one.session) && isContactOf(one.request, identity),
  );
}
