/** 7.2.1.8-2a-vi and vii: what follows for the session and its subscribers when a user was removed. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { Notification, Subscription } from "../trace/session/subscriptions.ts";
import { header } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { controllingHop } from "./conference-invites.ts";
import {
  conferenceAt,
  hadTimeWith,
  isSameUser,
  policyOf,
  thoseIn,
  thoseNotOut,
  type Span,
} from "./conference-members.ts";
import { expectThat, missed, passed, undecided } from "./outcome.ts";
import {
  byesOf,
  isDisturbed,
  isTo,
  leavingAfter,
  removalsDone,
  type ByeOfFocus,
  type Removal,
} from "./removals-done.ts";

/** What is left of the session when the user named has gone. */
interface Rest {
  readonly removal: Removal;
  readonly bye: Exchange;
  readonly users: readonly string[];
  /** As few as the policy wants the session to be released with (7.2.2.8-1, c and d). */
  readonly tooFew: boolean;
}

function rests(trace: ScenarioTrace): readonly Rest[] {
  const remaining = policyOf(trace)?.remainingParticipants;
  return removalsDone(trace).flatMap((removal) => {
    const { bye, conference } = removal;
    if (bye?.final === undefined || bye.final.message.status >= 300 || remaining === undefined) return [];
    const after = bye.final.seq + 0.5;
    const span: Span = { from: after, to: after, asSeen: true };
    const users = thoseIn(conference, span, trace);
    if (users.length !== thoseNotOut(conference, span, trace).length) return [];
    const least = conference.kind === "one-to-one" ? 1 : remaining;
    return [{ removal, bye, users, tooFew: users.length <= least }];
  });
}

export const releasePolicyIsApplied = check<Rest>("7.2.1.8-2a-vi", {
  trigger: (trace) =>
    rests(trace).filter(
      (one) => one.tooFew || isSilent(one, trace) || othersRemoved(one, trace) !== undefined,
    ),
  judge: (rest, trace): Outcome | readonly Outcome[] => {
    const { removal, bye, users, tooFew } = rest;
    if (tooFew) return users.map((user) => judgeRelease(rest, user, trace));
    const other = othersRemoved(rest, trace);
    const expected = "the others stay in the session";
    const actual = other === undefined ? "no BYE to them" : `a BYE to <${other.user}>`;
    return expectThat(other === undefined, expected, actual, removal.referral.exchange, bye, other?.exchange);
  },
});

function judgeRelease({ removal, bye }: Rest, user: string, trace: ScenarioTrace): Outcome {
  const { referral, conference } = removal;
  const expected = `a BYE to <${user}>, with whom alone the session does not go on`;
  const sent = byesOf(conference, referral).find((one) => isTo(one, user, trace));
  if (sent !== undefined && leavingAfter(conference, bye.request.seq) > sent.exchange.request.seq)
    return passed(expected, "a BYE was sent", bye, sent.exchange);
  return trace.complete && hadTimeWith(conference, user, bye.final?.at ?? 0, trace)
    ? missed(expected, "no BYE to that user", bye)
    : undecided(expected, "the user had left, or the trace ends, before it could be sent", bye);
}

function othersRemoved({ removal, bye, users }: Rest, trace: ScenarioTrace): ByeOfFocus | undefined {
  const { conference, referral } = removal;
  const first = byesOf(conference, referral).find(
    ({ exchange, user }) => exchange !== bye && users.some((one) => isSameUser(one, user, trace)),
  );
  return first === undefined || isDisturbed(conference, referral, first.exchange.request.seq, trace)
    ? undefined
    : first;
}

function isSilent({ bye }: Rest, trace: ScenarioTrace): boolean {
  return trace.absenceProven(bye.final?.at ?? Number.POSITIVE_INFINITY);
}

interface Watching {
  readonly rest: Rest;
  readonly subscription: Subscription;
}

/** Subscriptions to the session that stood when the removal left too few in it. */
export const subscriptionsEndWithSession = check<Watching>("7.2.1.8-2a-vii", {
  trigger: (trace) =>
    rests(trace)
      .filter(({ tooFew }) => tooFew)
      .flatMap((rest) => standing(rest, trace).map((subscription) => ({ rest, subscription }))),
  judge: ({ rest: { bye, removal }, subscription }, trace): Outcome => {
    const { request } = subscription.opened.atSut;
    const expected = "a NOTIFY that ends the subscription, for the session is released";
    const given = givenUp(subscription, bye.request.seq);
    const until = Math.min(given, leavingAfter(removal.conference, bye.request.seq));
    const last = subscription.notifications.find(({ state, notify }) => isEnd(state) && notify.seq < until);
    if (last !== undefined) return passed(expected, "it was sent", bye, last.notify.atSut.request);
    const at = trace.events.findLast(({ type, seq }) => OF_TRAFFIC.has(type) && seq <= until)?.at ?? 0;
    const { actionMs, responseMs } = trace.sutFile.guards;
    const inTime = at - (bye.final?.at ?? 0) >= Math.min(actionMs, responseMs) * 0.9;
    return trace.complete && inTime
      ? missed(expected, "it was not sent", bye, request)
      : undecided(expected, "the trace ends before it could be sent", bye, request);
  },
});

const OF_TRAFFIC: ReadonlySet<string> = new Set(["crossed", "window-closed"]);

const isEnd = (state: Notification["state"]): boolean => state?.state.toLowerCase() === "terminated";

/** Place of the SUBSCRIBE behind `seq` by which the subscriber ends it. */
function givenUp({ refreshes }: Subscription, seq: number): number {
  const ending = refreshes.filter(
    (one) => one.seq > seq && header(one.atSut.request.message, "Expires")?.trim() === "0",
  );
  return Math.min(Number.POSITIVE_INFINITY, ...ending.map((one) => one.seq));
}

function standing({ removal: { conference }, bye }: Rest, trace: ScenarioTrace): readonly Subscription[] {
  const until = bye.request.seq;
  return trace.sessionMode.subscriptions.filter((subscription) => {
    const { event, opened, notifications } = subscription;
    const hop = controllingHop(opened, "to-sut");
    const accepted = hop?.final !== undefined && hop.final.message.status < 300 && hop.final.seq < until;
    if (event !== "conference" || hop === undefined || !accepted) return false;
    const ended =
      notifications.some(({ state, notify }) => isEnd(state) && notify.seq < until) ||
      givenUp(subscription, 0) < until;
    return !ended && conferenceAt(hop.request.message.uri, hop.request.seq, trace) === conference;
  });
}
