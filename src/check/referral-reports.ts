/** What NOTIFYs of a REFER tell (RFC 3515 2.4.5): whether they come, and whether they say what became of the request that was asked for. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { Notification } from "../trace/session/subscriptions.ts";
import type { Outcome } from "./check.ts";
import { hadTimeWith } from "./conference-members.ts";
import { expectThat, missed, passed, undecided } from "./outcome.ts";
import { subscriptionOf, type Referral } from "./referrals.ts";

/** A REFER with the request that it led to, and what its sender was told. */
export interface Reported {
  readonly referral: Referral;
  /** INVITE or BYE; undefined: there was none. */
  readonly caused: Exchange | undefined;
  readonly notifications: readonly Notification[];
}

export function reportedOf(referral: Referral, caused: Exchange | undefined, trace: ScenarioTrace): Reported {
  return { referral, caused, notifications: subscriptionOf(referral, trace)?.notifications ?? [] };
}

/** In the order of the NOTIFYs; those that tell none are left out. */
export function statusesOf(notifications: readonly Notification[]): readonly number[] {
  return notifications.flatMap(({ frag }) => {
    if (frag === undefined || isUnreadable(frag)) return [];
    return frag.start?.kind === "response" ? [frag.start.status] : [];
  });
}

/** Those that tell whether Refer-Sub is heeded: silence tells only where it was waited for. */
export function tellsOfReferSub(
  { referral: { wantsNotifications, exchange }, notifications }: Reported,
  trace: ScenarioTrace,
): boolean {
  return (
    wantsNotifications ||
    notifications.length > 0 ||
    trace.absenceProven(exchange.final?.at ?? Number.POSITIVE_INFINITY)
  );
}

export function judgePresence(
  expected: string,
  { referral, notifications }: Reported,
  trace: ScenarioTrace,
): Outcome {
  const { exchange } = referral;
  const [first] = notifications;
  if (first !== undefined) return passed(expected, "a NOTIFY was sent", exchange, first.notify.atSut.request);
  return trace.complete && inTime(referral, exchange.final?.at, trace)
    ? missed(expected, "no NOTIFY was sent", exchange)
    : undecided(expected, LATE, exchange);
}

const LATE = "the session was over, or the trace, before it could be sent";

function inTime({ conference, referrer }: Referral, at: number | undefined, trace: ScenarioTrace): boolean {
  return conference !== undefined && at !== undefined && hadTimeWith(conference, referrer, at, trace);
}

export function judgeProgress(expected: string, reported: Reported, trace: ScenarioTrace): Outcome {
  const { referral, caused, notifications } = reported;
  const last = notifications.at(-1)?.notify.atSut.request;
  if (last === undefined) return judgePresence(expected, reported, trace);
  const told = statusesOf(notifications);
  const status = told.find((one) => one >= 200) ?? told.at(-1);
  if (status === undefined)
    return missed(expected, "no status line in message/sipfrag", referral.exchange, last);
  const final = caused?.final;
  if (final === undefined)
    return passed(expected, "NOTIFYs were sent while it was going on", referral.exchange, last);
  const actual = `${status} told of ${final.message.status}`;
  const seen = [referral.exchange, final, last];
  if (status >= 200)
    return expectThat(status < 300 === final.message.status < 300, expected, actual, ...seen);
  return trace.complete && inTime(referral, final.at, trace)
    ? missed(expected, actual, ...seen)
    : undecided(expected, LATE, referral.exchange);
}
