/**
 * One subscription as its notifier sees it (RFC 3265 3.2, RFC 6665 4.2). A value, as {@link Subscriber} is. What a NOTIFY carries is the business of
 * the event package: this machine says when one is due, with which Subscription-State, and what the answers to it mean.
 */
import type { SubscriptionStateValue } from "../../wire/sip/event-fields.ts";
import { failureScope } from "../dialog/failure-scope.ts";

export interface NotifierRules {
  /** Granted where none is asked for, and the most that is granted. Seconds. */
  readonly defaultS: number;
  readonly maximumS: number;
  /** Shorter ones are refused with 423; 0: none is too short. Seconds. */
  readonly minimumS: number;
  /** The least time between NOTIFYs that report changes; those in between become one. Milliseconds; 0: there is none. */
  readonly paceMs: number;
  /** Whether a NOTIFY waits for the answer to the one before, so that none is overtaken. */
  readonly oneByOne: boolean;
}

export type NotifierState = "pending" | "active" | "terminated";

/** What a NOTIFY is for. */
export type NotifyCause =
  /** A SUBSCRIBE began the subscription, or refreshed it: the whole state. */
  | "subscribed"
  | "refreshed"
  /** The subscription is allowed now. */
  | "allowed"
  /** Something changed; several changes may be in it. */
  | "changed"
  /** The last one. */
  | "ended";

export interface Notifier {
  readonly rules: NotifierRules;
  readonly state: NotifierState;
  readonly expiresAt: number;
  readonly reason: string | undefined;
  readonly retryAfterS: number | undefined;
  /** NOTIFYs that are on their way. */
  readonly underway: number;
  /** What is yet to be sent, in order. */
  readonly waiting: readonly NotifyCause[];
  /** When the last NOTIFY that reports changes went out. */
  readonly changeSentAt: number | undefined;
}

export type NotifierEvent =
  /** A SUBSCRIBE that begins or refreshes it. `expiresS`: its Expires. */
  | { readonly type: "subscribe"; readonly expiresS: number | undefined }
  /** The subscriber may have the state. */
  | { readonly type: "allow" }
  | { readonly type: "change" }
  | {
      readonly type: "terminate";
      readonly reason: string | undefined;
      readonly retryAfterS?: number | undefined;
    }
  /** The final response to a NOTIFY. */
  | { readonly type: "answered"; readonly status: number }
  | { readonly type: "not-answered" }
  | { readonly type: "dialog-failed" }
  | { readonly type: "time" };

export type NotifierAction =
  /** Answer the SUBSCRIBE. */
  | { readonly type: "accept"; readonly expiresS: number }
  | { readonly type: "too-brief"; readonly minExpiresS: number }
  | { readonly type: "notify"; readonly state: SubscriptionStateValue; readonly cause: NotifyCause }
  /** Forget it: nothing more is sent. `why`: `done` after the last NOTIFY was answered, or the peer is not there, or knows nothing of it. */
  | { readonly type: "forget"; readonly why: "done" | "gone" };

export interface NotifierStep {
  readonly notifier: Notifier;
  readonly actions: readonly NotifierAction[];
  readonly deadline: number | undefined;
}

/** `state`: `pending` where somebody has to be asked first (RFC 6665 4.2.1.1). */
export function createNotifier(rules: NotifierRules, state: "pending" | "active"): Notifier {
  return {
    rules,
    state,
    expiresAt: 0,
    reason: undefined,
    retryAfterS: undefined,
    underway: 0,
    waiting: [],
    changeSentAt: undefined,
  };
}

/** RFC 6665 4.2.1.1: what is granted, or the minimum that a 423 names. */
export function grantedTime(
  rules: NotifierRules,
  expiresS: number | undefined,
): { readonly grantedS: number } | { readonly minExpiresS: number } {
  const wanted = expiresS ?? rules.defaultS;
  // 4.2.1.1: only what is shorter than an hour may be refused.
  if (wanted > 0 && wanted < rules.minimumS && wanted < 3600) return { minExpiresS: rules.minimumS };
  return { grantedS: Math.min(wanted, rules.maximumS) };
}

export function notifierStep(notifier: Notifier, event: NotifierEvent, now: number): NotifierStep {
  const actions: NotifierAction[] = [];
  const next = take(notifier, event, now, actions);
  const sent = actions.some(({ type }) => type === "forget") ? next : sendDue(next, now, actions);
  return { notifier: sent, actions, deadline: deadlineOf(sent, now) };
}

function take(notifier: Notifier, event: NotifierEvent, now: number, actions: NotifierAction[]): Notifier {
  if (event.type === "subscribe") return subscribed(notifier, event.expiresS, now, actions);
  if (event.type === "answered") return answered(notifier, event.status, actions);
  if (event.type === "not-answered" || event.type === "dialog-failed") return gone(notifier, actions);
  if (notifier.state === "terminated") return notifier;
  if (event.type === "allow")
    return notifier.state === "active" ? notifier : wait({ ...notifier, state: "active" }, "allowed");
  // Who may not have the state yet is not told of changes (4.2.2).
  if (event.type === "change") return notifier.state === "pending" ? notifier : wait(notifier, "changed");
  if (event.type === "terminate") return terminated(notifier, event.reason, event.retryAfterS);
  return notifier.expiresAt <= now ? terminated(notifier, "timeout", undefined) : notifier;
}

function subscribed(
  notifier: Notifier,
  expiresS: number | undefined,
  now: number,
  actions: NotifierAction[],
): Notifier {
  const granted = grantedTime(notifier.rules, expiresS);
  if ("minExpiresS" in granted) {
    actions.push({ type: "too-brief", minExpiresS: granted.minExpiresS });
    return notifier;
  }
  const begins = notifier.expiresAt === 0;
  actions.push({ type: "accept", expiresS: granted.grantedS });
  const timed = { ...notifier, expiresAt: now + granted.grantedS * 1000 };
  // RFC 6665 4.2.1.4, 4.4.3: with 0 the state is told once, and the subscription is over.
  if (granted.grantedS === 0) return terminated(timed, "timeout", undefined);
  return wait(timed, begins ? "subscribed" : "refreshed");
}

function terminated(
  notifier: Notifier,
  reason: string | undefined,
  retryAfterS: number | undefined,
): Notifier {
  // What was waiting is in the last one.
  return { ...notifier, state: "terminated", reason, retryAfterS, waiting: ["ended"] };
}

/** Of the same kind one is enough: the NOTIFY says how it is when it is sent. */
function wait(notifier: Notifier, cause: NotifyCause): Notifier {
  return notifier.waiting.includes(cause) ? notifier : { ...notifier, waiting: [...notifier.waiting, cause] };
}

function answered(notifier: Notifier, status: number, actions: NotifierAction[]): Notifier {
  const settled = { ...notifier, underway: Math.max(0, notifier.underway - 1) };
  // RFC 6665 4.2.2: these say that there is no subscription; others leave it as it is.
  if (status >= 300 && failureScope(status) !== "transaction") return gone(settled, actions);
  if (settled.state === "terminated" && settled.waiting.length === 0 && settled.underway === 0)
    actions.push({ type: "forget", why: "done" });
  return settled;
}

function gone(notifier: Notifier, actions: NotifierAction[]): Notifier {
  actions.push({ type: "forget", why: "gone" });
  return { ...notifier, state: "terminated", waiting: [], underway: 0 };
}

function sendDue(notifier: Notifier, now: number, actions: NotifierAction[]): Notifier {
  let current = notifier;
  for (let cause = dueCause(current, now); cause !== undefined; cause = dueCause(current, now)) {
    const sent = cause;
    actions.push({ type: "notify", cause: sent, state: stateValue(current, now) });
    current = {
      ...current,
      waiting: current.waiting.filter((other) => other !== sent),
      underway: current.underway + 1,
      changeSentAt: now,
    };
  }
  return current;
}

function dueCause(notifier: Notifier, now: number): NotifyCause | undefined {
  const [first] = notifier.waiting;
  if (first === undefined || (notifier.rules.oneByOne && notifier.underway > 0)) return undefined;
  return first === "changed" && notBefore(notifier) > now ? undefined : first;
}

/** RFC 6665 4.2.2, RFC 4575 4.7 and their like: changes do not come faster than the package says. */
function notBefore({ changeSentAt, rules }: Notifier): number {
  return changeSentAt === undefined ? -Infinity : changeSentAt + rules.paceMs;
}

function stateValue(notifier: Notifier, now: number): SubscriptionStateValue {
  const { state, reason, retryAfterS, expiresAt } = notifier;
  if (state === "terminated")
    return {
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(retryAfterS === undefined ? {} : { retryAfter: retryAfterS }),
    };
  return { state, expires: Math.max(0, Math.ceil((expiresAt - now) / 1000)) };
}

function deadlineOf(notifier: Notifier, now: number): number | undefined {
  const { state, expiresAt, waiting, underway, rules } = notifier;
  const times = state === "terminated" ? [] : [expiresAt];
  if (waiting[0] === "changed" && !(rules.oneByOne && underway > 0))
    times.push(Math.max(now, notBefore(notifier)));
  return times.length === 0 ? undefined : Math.min(...times);
}
