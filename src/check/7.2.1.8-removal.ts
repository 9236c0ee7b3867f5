/** 7.2.1.8-2, 2a-v, ix and 3: who is removed because of a REFER, and what is told of it. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { hadTimeTogether, isSameUser, within } from "./conference-members.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import {
  judgePresence,
  judgeProgress,
  reportedOf,
  tellsOfReferSub,
  type Reported,
} from "./referral-reports.ts";
import { acceptanceOf, goodOnes, removals, type Referral } from "./referrals.ts";
import { byesOf, isDisturbed, isTo, removalsDone, type Removal } from "./removals-done.ts";
import { graceOf } from "./waiting-time.ts";

/** Who leaves at that moment by itself need not be removed. */
function judgeRemoval(removal: Removal, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { referral, conference, user, bye } = removal;
  const expected = `a BYE to <${user}>, whom the REFER names`;
  if (bye !== undefined) return passed(expected, "a BYE was sent", referral.exchange, bye);
  if (leavesItself(removal, trace)) return [];
  return trace.complete && hadTimeTogether(conference, referral.exchange.final?.at ?? 0, trace)
    ? missed(expected, "no BYE to that user", referral.exchange)
    : undecided(expected, "the session was over, or the trace, before it could be sent", referral.exchange);
}

/** Before the function has had its time. */
function leavesItself({ referral, conference, user }: Removal, trace: ScenarioTrace): boolean {
  const { request: refer, final } = referral.exchange;
  return conference.attendances
    .filter(({ uri }) => isSameUser(uri, user, trace))
    .flatMap((one) => within(one, "BYE"))
    .some(
      ({ way, request }) =>
        way === "to-sut" && request.seq > refer.seq && request.at - (final?.at ?? refer.at) < graceOf(trace),
    );
}

export const namedIsRemoved = check<Removal>("7.2.1.8-2a-v", { trigger: removalsDone, judge: judgeRemoval });

/** A participant of a session that goes on has another removed: neither refused nor left undone. */
export const participantsMayRemove = check<Referral>("7.2.1.8-2a", {
  trigger: (trace) => goodOnes(removals(trace)).filter(({ exchange }) => exchange.final !== undefined),
  judge: (referral, trace): Outcome | readonly Outcome[] => {
    if (acceptanceOf(referral) === undefined)
      return missed(
        "the REFER is accepted, and the user removed",
        endOf(referral.exchange),
        referral.exchange,
      );
    const done = removalsDone(trace).find((one) => one.referral === referral);
    return done === undefined
      ? undecided("the user is removed", "not told", referral.exchange)
      : judgeRemoval(done, trace);
  },
});

/** Of BYEs of the function, the first tells whom it took to be meant; what somebody else does before it may have led to it. */
export const namedAndNobodyElse = check<Removal>("7.2.1.8-2", {
  trigger: (trace) =>
    removalsDone(trace).filter(({ referral, conference }) => {
      const [first] = byesOf(conference, referral);
      // A BYE of another REFER may be seen late on a network that loses packets.
      const isOfAnother = removals(trace).some(
        (one) =>
          one.exchange !== referral.exchange &&
          one.targets.some(({ requestUri }) => first !== undefined && isTo(first, requestUri, trace)),
      );
      return (
        first !== undefined &&
        !isOfAnother &&
        !isDisturbed(conference, referral, first.exchange.request.seq, trace)
      );
    }),
  judge: ({ referral, conference, user }, trace): Outcome | readonly Outcome[] => {
    const [first] = byesOf(conference, referral);
    if (first === undefined) return [];
    const actual = `a BYE to <${first.user}>`;
    return expectThat(
      isTo(first, user, trace),
      `a BYE to <${user}>`,
      actual,
      referral.exchange,
      first.exchange,
    );
  },
});

function reported(trace: ScenarioTrace): readonly Reported[] {
  return removalsDone(trace).map(({ referral, bye }) => reportedOf(referral, bye, trace));
}

/** A first NOTIFY though Refer-Sub is false: 2a-ix wants one in any case, 3 none. */
export const referSubIsSeen = check<Reported>("7.2.1.8-2a-iii-a", {
  trigger: (trace) => reported(trace).filter((one) => tellsOfReferSub(one, trace)),
  judge: (one, trace): Outcome => {
    const { referral, notifications } = one;
    if (referral.wantsNotifications)
      return judgePresence("a NOTIFY of the REFER, for Refer-Sub was not false", one, trace);
    const expected = "no NOTIFY of the REFER, for Refer-Sub was false";
    const [first, ...others] = notifications;
    const sent = first?.notify.atSut.request;
    if (sent !== undefined && others.length === 0)
      return noted(
        expected,
        "one NOTIFY",
        "2a-ix asks for it without regard to Refer-Sub",
        referral.exchange,
        sent,
      );
    const actual = `${notifications.length} were sent`;
    return expectThat(sent === undefined, expected, actual, referral.exchange, sent);
  },
});

function tells(statement: string, expected: string): Check {
  return check<Reported>(statement, {
    trigger: (trace) => reported(trace).filter(({ referral: { wantsNotifications } }) => wantsNotifications),
    judge: (one, trace) =>
      statement === "7.2.1.8-3" ? judgeProgress(expected, one, trace) : judgePresence(expected, one, trace),
  });
}

export const removalIsNotified = tells("7.2.1.8-2a-ix", "a NOTIFY as a result of the REFER");
export const byeIsReported = tells(
  "7.2.1.8-3",
  "NOTIFYs with message/sipfrag that tell what came of the BYE",
);
