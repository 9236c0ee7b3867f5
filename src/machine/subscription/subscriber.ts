/**
 * One subscription as its subscriber sees it (RFC 3265 3.1, RFC 6665 4.1): from the SUBSCRIBE, or the REFER, to its end. A value: `step` takes it, an
 * event and the time, and gives the next value, what to do, and when to come again. Times are milliseconds, intervals of the protocol seconds.
 */
import { failureScope } from "../dialog/failure-scope.ts";
import type { SubscriptionStateValue } from "../../wire/sip/event-fields.ts";

/** `notify-wait`: nothing was heard of the notifier's state yet (RFC 6665 4.1.2). */
export type SubscriberState = "notify-wait" | "pending" | "active" | "terminated";

export interface SubscriberRules {
  /** 64 * T1: how long after a SUBSCRIBE its NOTIFY may take (Timer N of RFC 6665 4.1.2). */
  readonly timerNMs: number;
  /** How long before the end a refresh is sent, given the seconds granted; `undefined`: it is not refreshed. */
  readonly refreshAfterMs: (grantedS: number) => number | undefined;
}

/** A minute before the end, or at half time of what is shorter than two. */
export function usualRefresh(grantedS: number): number {
  return (grantedS > 120 ? grantedS - 60 : grantedS / 2) * 1000;
}

export interface Subscriber {
  readonly rules: SubscriberRules;
  readonly state: SubscriberState;
  /** Seconds asked for; 0: a single fetch, or the end of the subscription. Undefined: what the package has for a default. */
  readonly wantedS: number | undefined;
  /** A SUBSCRIBE, or REFER, is on its way. */
  readonly asking: boolean;
  /** When the subscription ends if nothing is heard. */
  readonly expiresAt: number | undefined;
  readonly refreshAt: number | undefined;
  /** Timer N. */
  readonly notifyBy: number | undefined;
  /** Whether a NOTIFY was seen. */
  readonly notified: boolean;
  /** The end was asked for. */
  readonly leaving: boolean;
  /** It was refused with 423, and asked for again for longer. */
  readonly prolonged: boolean;
}

/** What becomes of the want for a subscription that has ended (RFC 6665 4.1.3). */
export type Again =
  /** At once. */
  | { readonly when: "now" }
  /** Not before so many seconds. */
  | { readonly when: "after"; readonly seconds: number }
  /** Not at all, or only when a person asks for it. */
  | { readonly when: "never" };

export type SubscriberEnd =
  /** By Subscription-State; `reason` as sent. */
  | { readonly by: "notifier"; readonly reason: string | undefined }
  /** A final response to SUBSCRIBE: 481 and its like. */
  | { readonly by: "response"; readonly status: number }
  /** The SUBSCRIBE got no answer, or could not be sent. */
  | { readonly by: "no-answer" }
  /** Timer N: it was accepted and nothing came. */
  | { readonly by: "no-notify" }
  /** Its time ran out. */
  | { readonly by: "expiry" }
  /** Another usage took the dialog down. */
  | { readonly by: "dialog"; readonly status: number };

export type SubscriberEvent =
  /** The request that makes or refreshes the subscription is sent; `expiresS`: as in its Expires. */
  | { readonly type: "asked"; readonly expiresS: number | undefined }
  /** Its final response. `expiresS`: Expires; `minExpiresS`: Min-Expires of a 423. */
  | {
      readonly type: "answered";
      readonly status: number;
      readonly expiresS?: number | undefined;
      readonly minExpiresS?: number | undefined;
    }
  | { readonly type: "not-answered" }
  /** A NOTIFY that belongs to it came; undefined: it had no Subscription-State that can be read. */
  | { readonly type: "notify"; readonly state: SubscriptionStateValue | undefined }
  | { readonly type: "dialog-failed"; readonly status: number }
  | { readonly type: "time" };

export type SubscriberAction =
  /** Send a SUBSCRIBE. */
  | { readonly type: "ask"; readonly expiresS: number | undefined; readonly why: "refresh" | "too-brief" }
  /** Answer the NOTIFY. */
  | { readonly type: "answer"; readonly status: 200 | 400 | 481 }
  | { readonly type: "changed"; readonly state: "pending" | "active" }
  | { readonly type: "ended"; readonly end: SubscriberEnd; readonly again: Again };

export interface SubscriberStep {
  readonly subscriber: Subscriber;
  readonly actions: readonly SubscriberAction[];
  /** When a `time` event is due. */
  readonly deadline: number | undefined;
}

export function createSubscriber(rules: SubscriberRules): Subscriber {
  return {
    rules,
    state: "notify-wait",
    wantedS: undefined,
    asking: false,
    expiresAt: undefined,
    refreshAt: undefined,
    notifyBy: undefined,
    notified: false,
    leaving: false,
    prolonged: false,
  };
}

interface Next {
  readonly subscriber: Subscriber;
  readonly actions: readonly SubscriberAction[];
}

export function subscriberStep(subscriber: Subscriber, event: SubscriberEvent, now: number): SubscriberStep {
  const next = take(subscriber, event, now);
  return { ...next, deadline: deadlineOf(next.subscriber) };
}

function take(subscriber: Subscriber, event: SubscriberEvent, now: number): Next {
  if (subscriber.state === "terminated")
    return event.type === "notify"
      ? { subscriber, actions: [{ type: "answer", status: 481 }] }
      : still(subscriber);
  if (event.type === "asked") return still(asked(subscriber, event.expiresS, now));
  if (event.type === "answered") return answered(subscriber, event, now);
  if (event.type === "not-answered") return notAnswered(subscriber);
  if (event.type === "notify") return notified(subscriber, event.state, now);
  if (event.type === "dialog-failed")
    return end(subscriber, { by: "dialog", status: event.status }, { when: "now" });
  return timePassed(subscriber, now);
}

function asked(subscriber: Subscriber, expiresS: number | undefined, now: number): Subscriber {
  return {
    ...subscriber,
    wantedS: expiresS,
    asking: true,
    leaving: expiresS === 0,
    refreshAt: undefined,
    // A refresh is answered with a NOTIFY too (RFC 6665 4.2.1.2), but only a new subscription hangs on it.
    notifyBy: subscriber.notified && expiresS !== 0 ? subscriber.notifyBy : now + subscriber.rules.timerNMs,
  };
}

function answered(
  subscriber: Subscriber,
  { status, expiresS, minExpiresS }: Extract<SubscriberEvent, { type: "answered" }>,
  now: number,
): Next {
  const settled = { ...subscriber, asking: false };
  if (status < 300) return still({ ...accepted(settled, expiresS, now), prolonged: false });
  // RFC 6665 4.1.2.1: once more with what the notifier has for a minimum.
  const brief = minExpiresS !== undefined && minExpiresS > (subscriber.wantedS ?? 0);
  if (status === 423 && brief && !subscriber.prolonged)
    return {
      subscriber: { ...settled, prolonged: true },
      actions: [{ type: "ask", expiresS: minExpiresS, why: "too-brief" }],
    };
  // RFC 6665 4.1.2.2: what does not say that the subscription is gone leaves it as it was.
  if (subscriber.notified && !subscriber.leaving && failureScope(status) === "transaction")
    return still(settled);
  return end(settled, { by: "response", status }, againAfterResponse(status, subscriber.notified));
}

/** RFC 6665 4.1.2.2: a subscription that is unknown there may be made anew; 489 and refusals are final. */
function againAfterResponse(status: number, wasThere: boolean): Again {
  return wasThere && (status === 481 || status === 408) ? { when: "now" } : { when: "never" };
}

function accepted(subscriber: Subscriber, expiresS: number | undefined, now: number): Subscriber {
  const grantedS = expiresS ?? subscriber.wantedS;
  // What a NOTIFY said, which may have come before, is the notifier's last word (RFC 6665 4.1.3).
  if (grantedS === undefined || (subscriber.notified && subscriber.refreshAt !== undefined))
    return subscriber;
  return subscriber.leaving ? subscriber : until(subscriber, grantedS, now);
}

function until(subscriber: Subscriber, grantedS: number, now: number): Subscriber {
  const after = subscriber.rules.refreshAfterMs(grantedS);
  const expiresAt = now + grantedS * 1000;
  return {
    ...subscriber,
    expiresAt,
    refreshAt: after === undefined || subscriber.leaving ? undefined : Math.min(now + after, expiresAt),
  };
}

function notAnswered(subscriber: Subscriber): Next {
  const settled = { ...subscriber, asking: false };
  // RFC 5057 5.1: like a 408, which takes the subscription down. Before any NOTIFY there is none to take down.
  return end(settled, { by: "no-answer" }, subscriber.notified ? { when: "now" } : { when: "never" });
}

function notified(subscriber: Subscriber, value: SubscriptionStateValue | undefined, now: number): Next {
  // RFC 6665 4.1.3, 8.2.3: it must have the field.
  if (value === undefined) return { subscriber, actions: [{ type: "answer", status: 400 }] };
  const told = { ...subscriber, notified: true, notifyBy: undefined };
  if (value.state === "terminated") {
    const { reason, retryAfter } = value;
    const again = subscriber.leaving ? ({ when: "never" } as const) : againAfter(reason, retryAfter);
    const ended = end(told, { by: "notifier", reason }, again);
    return { ...ended, actions: [{ type: "answer", status: 200 }, ...ended.actions] };
  }
  // RFC 6665 4.1.3: an extension is like active.
  const state = value.state === "pending" ? "pending" : "active";
  const timed = value.expires === undefined ? told : until(told, value.expires, now);
  // The last NOTIFY of a subscription that is being left is yet to come.
  const waiting = subscriber.leaving ? { ...timed, notifyBy: subscriber.notifyBy } : timed;
  const changed: SubscriberAction[] = subscriber.state === state ? [] : [{ type: "changed", state }];
  return {
    subscriber: { ...waiting, state },
    actions: [{ type: "answer", status: 200 }, ...changed],
  };
}

/** RFC 6665 4.1.3; `invariant` is of that RFC, the others of RFC 3265 3.2.4 too. */
function againAfter(reason: string | undefined, retryAfter: number | undefined): Again {
  if (reason === "rejected" || reason === "noresource" || reason === "invariant") return { when: "never" };
  // Only these two heed retry-after; a reason that is not known is like none, with which it counts as well.
  if (reason === "deactivated" || reason === "timeout") return { when: "now" };
  return retryAfter === undefined ? { when: "now" } : { when: "after", seconds: retryAfter };
}

function timePassed(subscriber: Subscriber, now: number): Next {
  const { expiresAt, refreshAt, notifyBy, asking } = subscriber;
  if (notifyBy !== undefined && notifyBy <= now)
    return end(
      subscriber,
      { by: subscriber.notified ? "expiry" : "no-notify" },
      subscriber.leaving ? { when: "never" } : { when: "now" },
    );
  if (expiresAt !== undefined && expiresAt <= now && !asking)
    return end(subscriber, { by: "expiry" }, { when: "now" });
  if (refreshAt !== undefined && refreshAt <= now && !asking)
    return {
      subscriber: { ...subscriber, refreshAt: undefined },
      actions: [{ type: "ask", expiresS: subscriber.wantedS, why: "refresh" }],
    };
  return still(subscriber);
}

function end(subscriber: Subscriber, why: SubscriberEnd, again: Again): Next {
  const cleared = { expiresAt: undefined, refreshAt: undefined, notifyBy: undefined };
  return {
    subscriber: { ...subscriber, ...cleared, state: "terminated" },
    actions: [{ type: "ended", end: why, again }],
  };
}

function still(subscriber: Subscriber): Next {
  return { subscriber, actions: [] };
}

function deadlineOf({ state, asking, expiresAt, refreshAt, notifyBy }: Subscriber): number | undefined {
  if (state === "terminated") return undefined;
  // While a SUBSCRIBE is on its way its transaction keeps the time.
  const times = [notifyBy, ...(asking ? [] : [expiresAt, refreshAt])].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
