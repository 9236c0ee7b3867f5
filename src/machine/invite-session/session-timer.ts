/** The session timer (RFC 4028): how the interval and the refresher are agreed on, when to refresh, when the session has expired. */
import type { Refresher, SessionExpires } from "../../wire/sip/session-fields.ts";

/** RFC 4028 4, 5: seconds, the least interval that may be asked for, and what holds without Min-SE. */
export const LEAST_MIN_SE = 90;

/** What an end wants of session timers. */
export interface SessionTimerPolicy {
  /** Seconds. Undefined: this end asks for none, and does what the other asks. */
  readonly interval?: number | undefined;
  /** The least interval that is accepted, in seconds. Default 90. */
  readonly minSe?: number | undefined;
  /** Who is to refresh, where that is this end's to say: the UAC's field, or the UAS' choice for a UAC that left it open. Default: the UAC. */
  readonly refresher?: Refresher | undefined;
}

/** What a session refresh request says. */
export interface TimerRequest {
  /** `timer` in Supported or Require. */
  readonly supported: boolean;
  readonly expires?: SessionExpires | undefined;
  readonly minSe?: number | undefined;
}

export type TimerAnswer =
  /** Reject with 422 and this Min-SE (RFC 4028 9). */
  | { readonly minSe: number }
  /** In the 2xx; `require`: Require: timer goes with it. */
  | { readonly expires: SessionExpires & { readonly refresher: Refresher }; readonly require: boolean }
  /** There is no session timer. */
  | undefined;

/** RFC 4028 9: what the UAS answers. */
export function answerTimer(request: TimerRequest, policy: SessionTimerPolicy): TimerAnswer {
  const minSe = Math.max(policy.minSe ?? LEAST_MIN_SE, LEAST_MIN_SE);
  const asked = request.expires?.interval;
  if (asked !== undefined && request.supported && asked < minSe) return { minSe };
  // Table 2, first rows: without support of the UAC only the UAS can refresh.
  const choice = request.supported ? (request.expires?.refresher ?? policy.refresher ?? "uac") : "uas";
  const least = Math.max(request.minSe ?? LEAST_MIN_SE, minSe);
  if (asked === undefined && (policy.interval === undefined || !request.supported)) return undefined;
  const wanted = Math.max(policy.interval ?? Infinity, least);
  const interval = Math.min(asked ?? Infinity, wanted);
  return { expires: { interval, refresher: choice }, require: request.supported };
}

/** What the fields of a session refresh request are (RFC 4028 7.1, 7.4). */
export interface TimerAsk {
  readonly expires: SessionExpires | undefined;
  readonly minSe: number | undefined;
}

export interface AskContext {
  /** The largest Min-SE that 422 or requests of the peer brought, in seconds. */
  readonly learntMinSe: number | undefined;
  /** The timer that runs already. */
  readonly current: SessionTimer | undefined;
}

export function askTimer(policy: SessionTimerPolicy, { learntMinSe, current }: AskContext): TimerAsk {
  const minSe = learntMinSe === undefined ? policy.minSe : Math.max(learntMinSe, policy.minSe ?? 0);
  const interval = current?.interval ?? policy.interval;
  if (interval === undefined) return { expires: undefined, minSe };
  const raised = Math.max(interval, minSe ?? 0);
  const refresher = current === undefined ? policy.refresher : current.refreshes ? "uac" : "uas";
  return { expires: { interval: raised, ...(refresher === undefined ? {} : { refresher }) }, minSe };
}

/** RFC 4028 7.2: what a 2xx agrees on; `asked` is what the request said. Undefined: no session timer from now on. */
export function agreedTimer(
  asked: SessionExpires | undefined,
  answered: SessionExpires | undefined,
): { readonly interval: number; readonly refresher: Refresher } | undefined {
  if (answered !== undefined) return { interval: answered.interval, refresher: answered.refresher ?? "uac" };
  // The peer does not know the extension: whoever wants the timer refreshes.
  return asked === undefined ? undefined : { interval: asked.interval, refresher: "uac" };
}

/** A running timer, at one end. */
export interface SessionTimer {
  /** Seconds. */
  readonly interval: number;
  /** Whether this end refreshes. */
  readonly refreshes: boolean;
  /** When, in the unit of `now` (milliseconds). */
  readonly refreshAt: number | undefined;
  /** When this end gives the session up. */
  readonly endAt: number;
}

/** The 2xx was sent or came. Half the interval is for refreshing; who waits for a refresh hangs up a little before the end (RFC 4028 7.2, 10). */
export function startTimer(interval: number, refreshes: boolean, now: number): SessionTimer {
  const end = now + interval * 1000;
  return refreshes
    ? { interval, refreshes, refreshAt: now + interval * 500, endAt: end }
    : { interval, refreshes, refreshAt: undefined, endAt: end - Math.min(32, interval / 3) * 1000 };
}

export type TimerAction = "refresh" | "expire" | "wait";

export function stepTimer(
  timer: SessionTimer,
  now: number,
): { readonly timer: SessionTimer; readonly action: TimerAction } {
  if (now >= timer.endAt) return { timer, action: "expire" };
  if (timer.refreshAt !== undefined && now >= timer.refreshAt)
    return { timer: { ...timer, refreshAt: undefined }, action: "refresh" };
  return { timer, action: "wait" };
}

export function timerDeadline({ refreshAt, endAt }: SessionTimer): number {
  return refreshAt === undefined ? endAt : Math.min(refreshAt, endAt);
}
