/** 7.2.1.3, steps 8 and 9, and 7.2.1.4, step 8: the session of a group is made, its members are invited, and messages pass. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { groupAt, isGranted } from "../trace/group-facts.ts";
import type { Subscription } from "../trace/session/subscriptions.ts";
import { expiresOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { controllingHop, focusContactOf, isContactOf } from "./conference.ts";
import { judgeArrival, ofEachMessage } from "./copies.ts";
import { deliveries, type Delivery } from "./deliveries.ts";
import { isTurnedDown } from "./factory-requests.ts";
import { goodInvites } from "./group-session-admission.ts";
import { goodSetUps, hadTimeAfter, type GroupSetUp } from "./group-session-answers.ts";
import { groupInvites, isThroughout, type GroupDialog, type GroupInvite } from "./group-session.ts";
import { originatorOf } from "./grounds.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";

interface Watching {
  readonly invite: GroupInvite;
  readonly subscription: Subscription;
}

/** RFC 3265 3.1.6.1: no shorter time may be found too brief. */
const LONG_ENOUGH_S = 3600;

/** Who began a session asks for its participants, and may. */
function watchings(trace: ScenarioTrace): readonly Watching[] {
  return goodInvites(trace, "idle").flatMap((invite) => {
    const { accepted, session, originator = "", group } = invite;
    const identity = accepted && focusContactOf(accepted.message)?.uri;
    if (identity === undefined || isGranted(group, "allow-conference-state", originator) !== true) return [];
    const isCalled = (uri: string): boolean =>
      sameAddressOfRecord(uri, identity) || sameAddressOfRecord(uri, group.uri);
    return trace.sessionMode.subscriptions
      .filter(({ event, opened }) => {
        const request = controllingHop(opened, "to-sut")?.request;
        if (event !== "conference" || request === undefined) return false;
        const expires = readable(() => expiresOf(request.message), 0) ?? LONG_ENOUGH_S;
        const isWithin =
          request.seq > (accepted?.seq ?? Infinity) && request.seq < (session.bye?.seq ?? Infinity);
        const isOwn = sameAddressOfRecord(originatorOf(request.message) ?? "", originator);
        return isWithin && isOwn && expires >= LONG_ENOUGH_S && isCalled(request.message.uri);
      })
      .map((subscription) => ({ invite, subscription }));
  });
}

/** That there is no such thing, or that it notifies of nothing. */
const NO_FOCUS: ReadonlySet<number> = new Set([404, 405, 481, 489, 501, 604]);

/** Who has left, or whose group was changed or deleted, asks too late. */
function isEnding({ group, session }: GroupInvite, seq: number, { events }: ScenarioTrace): boolean {
  return (session.bye?.seq ?? Infinity) < seq || groupAt(events, group.uri, seq) !== group;
}

export const focusIsEstablished = check<Watching>("7.2.1.3-8-1", {
  trigger: (trace) =>
    watchings(trace).filter(({ invite, subscription: { opened } }) => {
      const final = controllingHop(opened, "to-sut")?.final;
      if (final === undefined || isEnding(invite, final.seq, trace)) return false;
      const { status } = final.message;
      return NO_FOCUS.has(status) || (status >= 200 && status < 300);
    }),
  judge: ({ subscription: { opened } }) => {
    const exchange = controllingHop(opened, "to-sut") ?? opened.atSut;
    const expected = "a focus that can be asked for its participants";
    return expectThat((exchange.final?.message.status ?? 0) < 300, expected, endOf(exchange), exchange);
  },
});

/** Contact of a focus may be the URI that was called (RFC 4579 5.2); of two sessions it is never the same. */
export const sessionHasIdentity = check<GroupInvite>("7.2.1.3-8-2", {
  trigger: (trace) => goodInvites(trace, "idle").filter(({ accepted }) => accepted !== undefined),
  judge: ({ accepted, exchange, group, session }, trace) => {
    const expected = "Contact: an IM Session Identity that no other session has";
    const uri = accepted && focusContactOf(accepted.message)?.uri;
    if (uri === undefined) return missed(expected, "no Contact that can be read", exchange);
    const actual = `Contact: <${uri}>`;
    const other = groupInvites(trace).find(
      (one) =>
        one.session !== session &&
        !sameAddressOfRecord(one.group.uri, group.uri) &&
        isContactOf(one.accepted?.message, uri),
    );
    const { conferenceFactory } = trace.sutFile.server?.serviceUris ?? {};
    const isNobodys = trace.userOf(uri) === undefined && !sameAddressOfRecord(uri, conferenceFactory ?? "");
    return expectThat(other === undefined && isNobodys, expected, actual, exchange, other?.accepted);
  },
});

interface Member {
  readonly invite: GroupInvite;
  readonly setUp: GroupSetUp["setUp"];
  readonly uri: string;
}

/** Members but the originator, where the rules keep none of them out and there is room for all. */
function membersToInvite(trace: ScenarioTrace): readonly Member[] {
  return goodSetUps(trace).flatMap(({ invite, setUp }) => {
    const { rules, members } = invite.group;
    const others = members.filter((uri) => !sameAddressOfRecord(uri, invite.originator ?? ""));
    const isOpen = rules?.inviteMembers === true && rules.age === undefined;
    if (!isOpen || others.length + 1 > (rules.maxParticipantCount ?? Infinity)) return [];
    return others
      .filter((uri) => isGranted(invite.group, "join-handling", uri) === true)
      .map((uri) => ({ invite, setUp, uri }));
  });
}

/** Of groups whose members are not invited, before anybody is added. */
function uninvited(trace: ScenarioTrace): readonly GroupSetUp[] {
  const isAdding = trace.exchanges({ method: "REFER", way: "to-sut" }).length > 0;
  return isAdding
    ? []
    : goodSetUps(trace).filter(({ invite }) => invite.group.rules?.inviteMembers === false);
}

function judgeMember({ invite: { exchange, session }, setUp, uri }: Member, trace: ScenarioTrace): Outcome {
  const expected = `an INVITE to <${uri}>, a member of the group`;
  const invitation = setUp.invitations.find(({ request }) => sameAddressOfRecord(request.uri, uri));
  if (invitation !== undefined) return passed(expected, "an INVITE was sent", exchange, invitation.exchange);
  // Whom a request that was refused did not make it invite, nobody will.
  if (trace.complete && isTurnedDown({ exchange, setUp }))
    return missed(expected, `none, and ${endOf(exchange)}`, exchange);
  const left = session.bye?.atSut.request.at;
  const isOver =
    trace.complete && hadTimeAfter(exchange.request.at, trace, left) && session.cancel === undefined;
  return isOver
    ? missed(expected, "no INVITE to that user", exchange)
    : undecided(expected, "the trace ends before it", exchange);
}

function judgeUninvited(
  { invite: { exchange }, setUp }: GroupSetUp,
  trace: ScenarioTrace,
): readonly Outcome[] {
  const expected = "no INVITE to members, who join by themselves";
  const [invitation] = setUp.invitations;
  if (invitation !== undefined)
    return [missed(expected, `an INVITE to <${invitation.request.uri}>`, exchange, invitation.exchange)];
  const isProven = trace.complete && trace.absenceProven(exchange.final?.at ?? Infinity);
  return isProven ? [passed(expected, "none", exchange)] : [];
}

function membersAreInvited(statement: string): Check {
  return check<Member | GroupSetUp>(statement, {
    trigger: (trace) => [...membersToInvite(trace), ...uninvited(trace)],
    judge: (occasion, trace) =>
      "uri" in occasion ? judgeMember(occasion, trace) : judgeUninvited(occasion, trace),
  });
}

export const membersOfGroupAreInvited = membersAreInvited("7.2.1.3-8a");
export const membersAreInvitedWhoeverJoins = membersAreInvited("7.2.1.4-8a");

/** Messages for everybody in a session of a group that was begun; `from`: by who began it, or by those who were invited. */
function messagesPass(statement: string, ...from: readonly ("inviter" | "invited")[]): Check {
  const sentBy = (trace: ScenarioTrace): readonly Delivery[] =>
    deliveries(trace).filter(({ talk: { audience, room, sender } }) => {
      const isInviter = sender.session === room.setUp.session;
      const isInvited = room.setUp.invitations.some(({ session }) => session === sender.session);
      const isMeant = (isInviter && from.includes("inviter")) || (isInvited && from.includes("invited"));
      return room.setUp.kind === "group" && audience === "everybody" && isMeant;
    });
  return ofEachMessage(statement, sentBy, judgeArrival);
}

export const messagesOfInviterPass = messagesPass("7.2.1.3-8b", "inviter");
export const messagesOfMembersPass = messagesPass("7.2.1.3-200-4", "invited");
export const messagesPassWhoeverJoins = messagesPass("7.2.1.4-8b-1", "inviter", "invited");

/** The group's INVITE leads into the session that is there: its identity is told again. */
function sameSession(statement: string): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) =>
      goodInvites(trace, "running", "unclear").filter(({ accepted }) => accepted !== undefined),
    judge: (invite) => {
      const { accepted, exchange } = invite;
      const entries = invite.when === "running" ? entriesBefore(invite) : entriesBeside(invite);
      const known = entries.flatMap(
        ({ invite: other }) => (other.accepted && focusContactOf(other.accepted.message)?.uri) ?? [],
      );
      const [identity] = known;
      if (identity === undefined || accepted === undefined) return [];
      const expected = `Contact: <${identity}>, the session that is there`;
      const actual = `Contact: <${focusContactOf(accepted.message)?.uri ?? ""}>`;
      return expectThat(
        known.some((uri) => isContactOf(accepted.message, uri)),
        expected,
        actual,
        exchange,
        entries[0]?.invite.accepted,
      );
    },
  });
}

function entriesBefore(invite: GroupInvite): readonly GroupDialog[] {
  return invite.others.filter((one) => one.way === "to-sut" && isThroughout(one, invite));
}

/**
 * Two begin the session at the same time: whichever INVITE the function takes first makes it, the other one enters it. Where anybody has left
 * before both had their 200, it may have been another session.
 */
function entriesBeside({ accepted, exchange, others, session }: GroupInvite): readonly GroupDialog[] {
  const { seq } = exchange.request;
  const beside = others.filter(({ invite, way, since }) => {
    const isCrossing = invite.exchange.request.seq < seq && (since ?? 0) > seq;
    return way === "to-sut" && isCrossing;
  });
  const both = Math.max(accepted?.seq ?? Infinity, ...beside.map(({ since }) => since ?? 0));
  const isStill = others.every(({ until }) => until > both) && (session.bye?.seq ?? Infinity) > both;
  return isStill ? beside : [];
}

export const runningSessionIsJoined = sameSession("7.2.1.3-9");
