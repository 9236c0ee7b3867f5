/** 7.2.2.10, step 2c: connected is who takes part, disconnected who has left, by what the focus had seen of them before. */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { spanOfDocument, usersIn } from "./7.2.2.10-users.ts";
import { check } from "./check.ts";
import { isConnected, isGone, subjectOf, type Document } from "./conference-events.ts";
import { invitesOfFocus, invitesToFocus } from "./conference-invites.ts";
import { isSameUser, presenceOf, within, type KnownConference } from "./conference-members.ts";
import { originatorOf } from "./grounds.ts";
import { expectThat, noted } from "./outcome.ts";

interface Certain {
  readonly document: Document;
  readonly user: ConferenceUser;
  readonly subject: LeasedUser;
  readonly presence: "in" | "out";
}

/** Users who took part, or did not, for as long as the function may have looked at it. */
function certainIn(trace: ScenarioTrace): readonly Certain[] {
  return usersIn(trace).flatMap(({ document, user }) => {
    const { conference } = document.watch;
    const subject = subjectOf(user, trace);
    const hasStatus = user.endpoints.some(({ status }) => status !== undefined);
    if (conference === undefined || subject === undefined || !(hasStatus || user.state === "deleted"))
      return [];
    const to = document.exchange.request.seq;
    // The one before may have been seen later.
    const from = Math.min(document.previous?.exchange.request.seq ?? spanOfDocument(document).from, to);
    const span = { from, to };
    const presence = presenceOf(conference, subject.imAddress, span, trace);
    return presence === "unclear" ? [] : [{ document, user, subject, presence }];
  });
}

const statusOf = ({ state, endpoints: [endpoint] }: ConferenceUser): string =>
  state === "deleted" ? "state deleted" : (endpoint?.status ?? "no status");

export const participantsAreConnected = check<Certain>("7.2.2.10-b-2c-A", {
  trigger: (trace) => certainIn(trace).filter(({ presence }) => presence === "in"),
  judge: ({ user, subject, document }) =>
    expectThat(
      isConnected(user),
      `connected for ${subject.actor}, who takes part`,
      statusOf(user),
      document.exchange.request,
    ),
});

export const leaversAreDisconnected = check<Certain>("7.2.2.10-b-2c-B", {
  trigger: (trace) => leavingsTold(trace),
  judge: ({ user, subject, document }) => {
    const expected = `disconnected for ${subject.actor}, who has left`;
    const { request } = document.exchange;
    if (user.state === "deleted")
      return noted(expected, statusOf(user), "state deleted, as RFC 4575 has it", request);
    return expectThat(
      user.endpoints.some(({ status }) => status === "disconnected"),
      expected,
      statusOf(user),
      request,
    );
  },
});

/**
 * Users who were out when the document was seen. One that tells of changes alone names them because they left; a word that they are connected
 * may be older than the leaving, unless they had been told as connected before, or the document answers a later SUBSCRIBE.
 */
function leavingsTold(trace: ScenarioTrace): readonly Certain[] {
  return usersIn(trace).flatMap(({ document, user }) => {
    const { conference } = document.watch;
    const subject = subjectOf(user, trace);
    if (conference === undefined || subject === undefined) return [];
    const at = document.exchange.request.seq;
    const since = (from: number): string =>
      presenceOf(conference, subject.imAddress, { from, to: at }, trace);
    // The NOTIFY goes another way than the 200 to BYE, and may be faster.
    const isLeft = since(at) === "unclear" && isGone(user) && isLeaving(conference, subject, at, trace);
    const hasLeft = since(at) === "out" || isLeft;
    const isFresh =
      isGone(user) || wasConnected(user, document) || since(spanOfDocument(document).from) === "out";
    return hasLeft && isFresh && !isComing(subject, at, trace)
      ? [{ document, user, subject, presence: "out" as const }]
      : [];
  });
}

/** Its BYE was on its way to the function. */
function isLeaving(
  { attendances }: KnownConference,
  { imAddress }: LeasedUser,
  at: number,
  trace: ScenarioTrace,
): boolean {
  return attendances
    .filter(({ uri }) => isSameUser(uri, imAddress, trace))
    .flatMap((one) => within(one, "BYE"))
    .some(({ way, request }) => way === "to-sut" && request.seq < at);
}

/** Who comes back is in before the 200 is seen: the NOTIFY goes another way. */
function isComing({ imAddress }: LeasedUser, at: number, trace: ScenarioTrace): boolean {
  return [...invitesToFocus(trace), ...invitesOfFocus(trace)].some(
    ({ exchange, request }) =>
      exchange.request.seq < at &&
      (exchange.final?.seq ?? Infinity) > at &&
      [originatorOf(request), request.uri].some(
        (uri) => uri !== undefined && sameAddressOfRecord(uri, imAddress),
      ),
  );
}

function wasConnected({ entity }: ConferenceUser, { info, previous }: Document): boolean {
  const before = entity === undefined ? undefined : previous?.notification.known?.users.get(entity);
  return info.state === "partial" && before !== undefined && isConnected(before);
}
