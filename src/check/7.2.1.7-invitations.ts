/** 7.2.1.7-2, 3, 9 and 10: whom the controlling function invites because of a REFER, and what it tells of that. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { headerValues, warningsOf } from "../wire/sip/headers.ts";
import { toBeInvited } from "./added-users.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { hadTimeTogether, isSameUser, type Attendance } from "./conference-members.ts";
import { expectThat, missed, passed, undecided } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";
import {
  judgePresence,
  judgeProgress,
  reportedOf,
  tellsOfReferSub,
  type Reported,
} from "./referral-reports.ts";
import { acceptanceOf, additions, goodOnes, invitationsAfter, type Referral } from "./referrals.ts";

interface Wanted {
  readonly referral: Referral;
  readonly user: string;
}

/** Users whom a REFER that was accepted names, and who may take part. */
function wanted(trace: ScenarioTrace): readonly Wanted[] {
  return goodOnes(additions(trace))
    .filter((one) => acceptanceOf(one) !== undefined)
    .flatMap((referral) => toBeInvited(referral, trace).map((user) => ({ referral, user })));
}

function invitationOf({ referral, user }: Wanted, trace: ScenarioTrace): Attendance | undefined {
  return invitationsAfter(referral).find(({ uri }) => isSameUser(uri, user, trace));
}

function judgeWanted(one: Wanted, trace: ScenarioTrace): Outcome {
  const { referral, user } = one;
  const invitation = invitationOf(one, trace);
  const expected = `an INVITE to <${user}>, whom the REFER names`;
  if (invitation !== undefined)
    return passed(expected, "an INVITE was sent", referral.exchange, invitation.exchange);
  const answeredAt = referral.exchange.final?.at ?? 0;
  const inTime = referral.conference !== undefined && hadTimeTogether(referral.conference, answeredAt, trace);
  return trace.complete && inTime
    ? missed(expected, "no INVITE to that user", referral.exchange)
    : undecided(expected, "the session was over, or the trace, before it could be sent", referral.exchange);
}

function invites(statement: string, holds: (one: Wanted) => boolean): Check {
  return check<Wanted>(statement, {
    trigger: (trace) => wanted(trace).filter(holds),
    judge: judgeWanted,
  });
}

export const addedUsersAreInvited = invites("7.2.1.7-9", () => true);
export const singleUserIsInvited = invites("7.2.1.7-3a", ({ referral: { inList } }) => !inList);
export const listedUsersAreAdded = invites("7.2.1.7-3b", ({ referral: { inList } }) => inList);

interface Hidden {
  readonly referral: Referral;
  readonly invitation: Attendance;
}

/** Privacy in REFER: who invites is hidden from who is invited. */
export const referrerIsHidden = check<Hidden>("7.2.1.7-2", {
  trigger: (trace) =>
    wanted(trace).flatMap((one) => {
      const invitation = invitationOf(one, trace);
      const { referral } = one;
      return invitation === undefined || !asksAnonymity(referral.request) ? [] : [{ referral, invitation }];
    }),
  judge: ({ referral, invitation: { exchange, request } }, trace) => {
    const named = [
      ...SHOWN.filter((name) => names(headerValues(request, name), referral.referrer, trace)),
      ...(asksAnonymity(request)
        ? []
        : ["P-Asserted-Identity"].filter((name) =>
            names(headerValues(request, name), referral.referrer, trace),
          )),
    ];
    const expected =
      "an INVITE that hides who asked for it: named at most in P-Asserted-Identity with Privacy: id";
    const actual = named.length === 0 ? "it is hidden" : `named in ${named.join(", ")}`;
    return expectThat(named.length === 0, expected, actual, referral.exchange, exchange.request);
  },
});

/** What every hop shows to the next. */
const SHOWN = ["From", "Contact", "Referred-By", "Reply-To", "Subject"];

function names(values: readonly string[], user: string, trace: ScenarioTrace): boolean {
  const known = trace.userOf(user);
  const own = [user, known?.imAddress, known?.tel].flatMap(
    (uri) => uri?.replace(/^(?:sips?|tel):/iu, "") ?? [],
  );
  return values.some((value) => own.some((address) => value.toLowerCase().includes(address.toLowerCase())));
}

/** Of single users: what a subscription tells of a list, RFC 5368 leaves aside. */
function reported(trace: ScenarioTrace): readonly Reported[] {
  return goodOnes(additions(trace))
    .filter((one) => acceptanceOf(one) !== undefined && !one.inList)
    .map((referral) => {
      const user = referral.targets[0]?.requestUri ?? "";
      return reportedOf(referral, invitationOf({ referral, user }, trace)?.exchange, trace);
    });
}

const wanting = (trace: ScenarioTrace): readonly Reported[] =>
  reported(trace).filter(({ referral: { wantsNotifications } }) => wantsNotifications);

export const referSubIsLookedAt = check<Reported>("7.2.1.7-7a", {
  trigger: (trace) => reported(trace).filter((one) => tellsOfReferSub(one, trace)),
  judge: (one, trace): Outcome => {
    const { referral, notifications } = one;
    if (referral.wantsNotifications)
      return judgePresence("a NOTIFY of the REFER, for Refer-Sub was not false", one, trace);
    const expected = "no NOTIFY of the REFER, for Refer-Sub was false";
    const actual = `${notifications.length} were sent`;
    const sent = notifications[0]?.notify.atSut.request;
    return expectThat(sent === undefined, expected, actual, referral.exchange, sent);
  },
});

export const progressIsNotified = check<Reported>("7.2.1.7-10", {
  trigger: wanting,
  judge: (one, trace) =>
    judgeProgress("NOTIFYs with message/sipfrag that tell what came of the INVITE", one, trace),
});

/** The invited user turns out to be a conference of its own. */
export const otherFocusIsNotified = check<Reported>("7.2.1.7-403", {
  trigger: (trace) => wanting(trace).filter(({ caused }) => isOtherFocus(caused)),
  judge: (one, trace) => judgeProgress("a NOTIFY that tells of the 403", one, trace),
});

function isOtherFocus(invitation: Reported["caused"]): boolean {
  const final = invitation?.final?.message;
  if (final?.status !== 403) return false;
  return readable(() => warningsOf(final), []).some(({ text }) => text.trimStart().startsWith("105"));
}
