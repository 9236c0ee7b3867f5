/** 7.2.2.12: a participant is removed from the session. */
import type { LeasedUser } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { isIn } from "../trace/session/invite-sessions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { callIdIdentity } from "../trace/sip-identity.ts";
import { cseqOf } from "../wire/sip/headers.ts";
import { sameUri } from "../wire/sip/uri.ts";
import { changes } from "./7.2.1.12-changes.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { controllingHop, focusContactOf } from "./conference-invites.ts";
import { conferencesOf, presenceOf, type Attendance, type KnownConference } from "./conference-members.ts";
import { expectThat, missed, passed, undecided } from "./outcome.ts";
import { acceptanceOf, goodOnes, removals, type Referral } from "./referrals.ts";
import { failuresOf } from "./session-media.ts";
import { copiesAt, tokensOf } from "./session-tokens.ts";
import { talks, type Talk } from "./switch-messages.ts";
import { deadlineFor } from "./waiting-time.ts";

interface Removal {
  readonly conference: KnownConference;
  readonly attendance: Attendance;
  readonly bye: Exchange;
}

/** BYEs of the function in the calls of participants, also where their tags are of no dialog. */
function byesOf(trace: ScenarioTrace): readonly Removal[] {
  const byes = trace.exchanges({ method: "BYE", way: "from-sut", function: "controlling" });
  return conferencesOf(trace).flatMap((conference) =>
    conference.attendances
      .filter(({ accepted }) => accepted !== undefined)
      .flatMap((attendance) =>
        byes
          .filter(({ request }) => callIdIdentity(request.message) === attendance.session.id.callId)
          .map((bye) => ({ conference, attendance, bye })),
      ),
  );
}

/** The highest CSeq that the function had used in the dialog. */
function lastSequence({ session, exchange, way }: Attendance, before: number): number {
  const later = session.requests.flatMap((journey) => controllingHop(journey, "from-sut") ?? []);
  const own = [...(way === "from-sut" ? [exchange] : []), ...later].filter(
    ({ request }) => request.seq < before && request.message.method !== "ACK",
  );
  return Math.max(0, ...own.map(({ request }) => cseqOf(request.message)?.number ?? 0));
}

export const byeByRfc3261 = check<Removal>("7.2.2.12-1", {
  trigger: byesOf,
  judge: ({ attendance, bye }) => {
    const { request } = bye;
    const expected = "a BYE in the dialog of the participant, with the next CSeq (RFC 3261)";
    if (!isIn(bye, attendance.session.id)) return missed(expected, "its tags are of another dialog", request);
    const last = lastSequence(attendance, request.seq);
    const { number = 0 } = cseqOf(request.message) ?? {};
    return expectThat(number > last, expected, `CSeq ${number} after ${last}`, request);
  },
});

/** Contacts that the participant gave in the dialog, any of which may be its target. */
function targetsOf({ session, request, accepted, way }: Attendance): readonly string[] {
  const hops = session.requests.flatMap(
    (journey) => controllingHop(journey, "to-sut") ?? controllingHop(journey, "from-sut") ?? [],
  );
  const messages = [
    way === "to-sut" ? request : accepted?.message,
    ...hops.map((hop) => (hop.way === "to-sut" ? hop.request.message : hop.final?.message)),
  ];
  return messages.flatMap((message) => (message === undefined ? [] : (focusContactOf(message)?.uri ?? [])));
}

interface Due {
  readonly removal?: Removal;
  /** A REFER that was taken, and made nothing of. */
  readonly ignored?: Referral;
}

/** Each BYE of the function; and the removals that a participant asked for and did not get in time. */
function due(trace: ScenarioTrace): readonly Due[] {
  const ignored = goodOnes(removals(trace)).filter((referral) => isIgnored(referral, trace));
  return [...byesOf(trace).map((removal) => ({ removal })), ...ignored.map((one) => ({ ignored: one }))];
}

/** The user is in all the while, and there is no BYE. */
function isIgnored(referral: Referral, trace: ScenarioTrace): boolean {
  const { conference, targets, exchange } = referral;
  const accepted = acceptanceOf(referral);
  const [target] = targets;
  const to = accepted && deadlineFor("request", accepted.at, trace);
  if (conference === undefined || target === undefined || to === undefined) return false;
  const span = { from: exchange.request.seq, to };
  return presenceOf(conference, target.requestUri, span, trace) === "in";
}

export const byeToParticipant = check<Due>("7.2.2.12-2", {
  trigger: due,
  judge: ({ removal, ignored }): Outcome | readonly Outcome[] => {
    const expected = "a BYE to the participant who is removed";
    if (ignored !== undefined) return missed(expected, "no BYE was sent", ignored.exchange);
    if (removal === undefined) return [];
    const { attendance, bye } = removal;
    const targets = targetsOf(attendance);
    const { uri } = bye.request.message;
    if (targets.length === 0) return [];
    return expectThat(
      targets.some((target) => sameUri(target, uri)),
      `${expected}, at <${targets.at(-1)}>`,
      `Request-URI ${uri}`,
      bye.request,
    );
  },
});

/** Those whose BYE got its 200. */
function removedIn(trace: ScenarioTrace): readonly Removal[] {
  return byesOf(trace).filter(({ bye }) => bye.final?.message.status === 200);
}

interface Later {
  readonly removal: Removal;
  readonly talk: Talk;
  readonly removed: LeasedUser;
}

/** So long a 200 that was lost may take to be sent again with the BYE that it answers. Milliseconds. */
const REPEATED_WITHIN_MS = 4000;

/** The function had the 200 to its BYE: it has told since that the user has left, or there was time enough. */
function hadAnswer({ bye, attendance }: Removal, { seq, at }: SessionMessage, trace: ScenarioTrace): boolean {
  const last = bye.responses.at(-1);
  if (last === undefined || last.seq > seq) return false;
  const isTold = changes(trace).some(({ kind, told, attendance: changed }) => {
    const toldAt = told?.exchange.request.seq ?? Infinity;
    return kind === "left" && changed === attendance && toldAt > last.seq && toldAt < seq;
  });
  return isTold || at - last.at >= REPEATED_WITHIN_MS;
}

/** Messages of others in the same session, sent after somebody had been removed, which have reached somebody. */
function laterMessages(trace: ScenarioTrace): readonly Later[] {
  return removedIn(trace).flatMap((removal) => {
    const { attendance, bye, conference } = removal;
    const removed = trace.userOf(attendance.uri);
    const since = bye.final?.seq ?? Number.POSITIVE_INFINITY;
    const always = { from: since + 1, to: Number.POSITIVE_INFINITY };
    if (removed === undefined || presenceOf(conference, attendance.uri, always, trace) !== "out") return [];
    return talks(trace)
      .filter(
        ({ sent, room, sender }) =>
          sent.seq > since &&
          room.setUp.session === conference.setUp.session &&
          sender.user.node !== removed.node,
      )
      .filter(({ others, token }) => others.some((one) => copiesAt(one, token, trace).length > 0))
      .map((talk) => ({ removal, talk, removed }));
  });
}

/** Nothing is sent to it any more. */
const nothingComesToIt = check<Later>("7.2.2.12-200-1", {
  trigger: laterMessages,
  judge: ({ removal, talk: { token, sent }, removed: user }, trace) => {
    const expected = `later messages of the session do not reach ${user.actor}`;
    const [copy] = copiesAt({ user }, token, trace);
    if (copy === undefined) return passed(expected, "a later one did not", removal.bye);
    if (!hadAnswer(removal, sent, trace))
      return undecided(expected, "it may have been passed on before the 200 to BYE arrived", removal.bye);
    return {
      ...missed(expected, "a later one did", removal.bye),
      evidence: [{ seq: removal.bye.request.seq }, { seq: copy.seq }],
    };
  },
});

interface Late {
  readonly removal: Removal;
  readonly removed: LeasedUser;
  readonly sent: SessionMessage;
  readonly token: string;
}

/** What somebody sent, in the session of MSRP that it had, after it had been removed. */
function lateMessages(trace: ScenarioTrace): readonly Late[] {
  return removedIn(trace).flatMap((removal) => {
    const { attendance, bye } = removal;
    const removed = trace.userOf(attendance.uri);
    const since = bye.final?.seq ?? Number.POSITIVE_INFINITY;
    if (removed === undefined) return [];
    return trace.sessionMode.messagesIn(attendance.session).flatMap((sent) => {
      const token = tokensOf(trace).get(sent);
      return token !== undefined && sent.way === "to-sut" && sent.seq > since
        ? [{ removal, removed, sent, token }]
        : [];
    });
  });
}

/** And nothing comes of what it still sends. */
const nothingComesOfIt = check<Late>("7.2.2.12-200-1", {
  trigger: lateMessages,
  judge: ({ removal, removed, sent, token }, trace): Outcome | readonly Outcome[] => {
    const expected = `a message that ${removed.actor} sends after the removal goes nowhere`;
    const [copy] = trace.users
      .filter(({ node }) => node !== removed.node)
      .flatMap((user) => copiesAt({ user }, token, trace));
    const evidence = [{ seq: removal.bye.request.seq }, { seq: sent.seq }];
    if (copy !== undefined && !hadAnswer(removal, sent, trace))
      return undecided(expected, "it may have come before the 200 to BYE arrived", removal.bye);
    if (copy !== undefined)
      return {
        ...missed(expected, `it came to ${copy.node}`, removal.bye),
        evidence: [...evidence, { seq: copy.seq }],
      };
    const [failure] = failuresOf(sent);
    return failure === undefined
      ? []
      : { ...passed(expected, `it was refused with ${failure}`, removal.bye), evidence };
  },
});

export const mediaIsReleased: Check = {
  ...nothingComesToIt,
  run: (trace) => [...nothingComesToIt.run(trace), ...nothingComesOfIt.run(trace)],
};

/** Subscribers are told of who was removed, as of everybody who leaves. */
function toldOfRemoval(statement: string, what: string): Check {
  return check(statement, {
    trigger: (trace) => {
      const removed = new Set(removedIn(trace).map(({ attendance }) => attendance));
      return changes(trace).filter(({ kind, attendance }) => kind === "left" && removed.has(attendance));
    },
    judge: ({ told, attendance, watch }, trace) => {
      const name = trace.userOf(attendance.uri)?.actor ?? attendance.uri;
      const expected = `a notification ${what} that ${name} has left, for ${watch.user?.actor ?? "the subscriber"}`;
      return told === undefined
        ? missed(expected, "there is none", attendance.exchange)
        : passed(expected, "a NOTIFY tells it", told.exchange.request);
    },
  });
}

export const removalLeadsToNotification = toldOfRemoval("7.2.2.12-200-2", "is made");
export const removalNotificationIsSent = toldOfRemoval("7.2.2.12-200-3", "is sent");
