/** Subscriptions to the state of a conference as the controlling function has them, and what it told in them (7.2.1.12, 7.2.2.10, 7.2.2.11). */
import type { LeasedUser } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { Notification, Subscription } from "../trace/session/subscriptions.ts";
import { eventTypeOf } from "../wire/sip/event-fields.ts";
import { callIdOf, cseqOf, expiresOf, fromOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ConferenceInfo, ConferenceUser } from "../wire/xml/conference-info.ts";
import { controllingHop } from "./conference-invites.ts";
import { conferenceAt, type KnownConference } from "./conference-members.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";

/** A SUBSCRIBE outside any dialog that the core gave to the controlling function. */
export interface Watch {
  readonly subscription: Subscription;
  /** On the hop between the core and the function. */
  readonly exchange: Exchange;
  readonly accepted: SipRecord<SipResponse> | undefined;
  /** Whom the core asserts. */
  readonly watcher: string | undefined;
  readonly user: LeasedUser | undefined;
  /** The session that it is for, where the trace shows how it was set up. */
  readonly conference: KnownConference | undefined;
  /** SUBSCRIBEs in it, the first one too, on the hop of the function. */
  readonly asked: readonly Exchange[];
  readonly told: readonly Told[];
}

/** A NOTIFY of the function. */
export interface Told {
  readonly notification: Notification;
  /** On the hop between the function and the core. */
  readonly exchange: Exchange;
  /** What it says; undefined: nothing that can be read. */
  readonly info: ConferenceInfo | undefined;
  /** What it says may answer a SUBSCRIBE that came since the NOTIFY before. */
  readonly mayAnswer: boolean;
  /** The last SUBSCRIBE before it. */
  readonly lastAsked: Exchange;
  /** The one that it answers if it comes late: each SUBSCRIBE has a NOTIFY, and one that was lost is seen when it is sent again. */
  readonly firstMeant: Exchange;
}

/** A NOTIFY with the subscription that it belongs to. */
export interface ToldIn extends Told {
  readonly watch: Watch;
  /** The one before it in the subscription. */
  readonly previous: Told | undefined;
}

/** From when on the notifier may send: while a NOTIFY is unanswered, the next may wait: RFC 6665 leaves the pace to the notifier. Infinity: the trace shows no answer. */
export function freeAt({ told }: Watch, at: number): number {
  const outstanding = told.filter(({ exchange: { request } }) => request.at <= at);
  return Math.max(at, ...outstanding.map(({ exchange: { final } }) => final?.at ?? Number.POSITIVE_INFINITY));
}

export const watchesOf = memo((trace: ScenarioTrace): readonly Watch[] => {
  const found = trace.sessionMode.subscriptions.flatMap((subscription) => watchOf(subscription, trace));
  // Of one that was tried again it cannot be told whose the NOTIFYs are.
  return found.filter((one) => !found.some((other) => other !== one && isSameDialog(one, other)));
});

function isSameDialog(one: Watch, other: Watch): boolean {
  const [a, b] = [one.exchange.request.message, other.exchange.request.message];
  return callIdOf(a) === callIdOf(b) && fromOf(a)?.tag === fromOf(b)?.tag;
}

function watchOf(subscription: Subscription, trace: ScenarioTrace): readonly Watch[] {
  const { event, opened, refreshes, notifications } = subscription;
  const exchange = controllingHop(opened, "to-sut");
  if (exchange === undefined || opened.method !== "SUBSCRIBE" || event.toLowerCase() !== "conference")
    return [];
  const { message } = exchange.request;
  const watcher = originatorOf(message);
  const asked = [exchange, ...refreshes.flatMap((refresh) => controllingHop(refresh, "to-sut") ?? [])];
  return [
    {
      subscription,
      exchange,
      accepted: exchange.responses.find(({ message: { status } }) => status >= 200 && status < 300),
      watcher,
      user: watcher === undefined ? undefined : trace.userOf(watcher),
      conference: conferenceAt(message.uri, exchange.request.seq, trace),
      asked,
      told: toldIn(notifications, asked, exchange),
    },
  ];
}

/** In the order in which the function sent them: one that was lost on the way is seen when it is sent again. */
function toldIn(
  notifications: readonly Notification[],
  asked: readonly Exchange[],
  first: Exchange,
): readonly Told[] {
  const told: Told[] = [];
  for (const { notification, exchange } of inSequence(notifications)) {
    const { conference } = notification;
    // RFC 6665 4.4.1: what ends it is answered with the last NOTIFY; one that goes on was on its way then.
    const isLast = notification.state?.state === "terminated";
    const answered = asked.filter((one) => isLast || one === first || !endsIt(one.request.message));
    const lastAsked = answered.findLast(({ request }) => request.seq < exchange.request.seq) ?? first;
    const firstMeant = answered[Math.min(told.length, answered.indexOf(lastAsked))] ?? lastAsked;
    const since = Math.max(0, ...told.map((one) => one.exchange.request.seq));
    told.push({
      notification,
      exchange,
      info: conference === undefined || isUnreadable(conference) ? undefined : conference,
      mayAnswer: lastAsked.request.seq > since,
      lastAsked,
      firstMeant,
    });
  }
  return told;
}

/** By CSeq (RFC 3261 12.2.1.1), as far as it can be read. */
function inSequence(
  notifications: readonly Notification[],
): readonly Pick<Told, "notification" | "exchange">[] {
  const number = ({ request }: Exchange): number =>
    readable(() => cseqOf(request.message)?.number, undefined) ?? 0;
  return notifications
    .flatMap((notification) => {
      const exchange = controllingHop(notification.notify, "from-sut");
      return exchange === undefined ? [] : [{ notification, exchange }];
    })
    .toSorted((one, other) => number(one.exchange) - number(other.exchange));
}

export const notificationsOf = memo((trace: ScenarioTrace): readonly ToldIn[] =>
  watchesOf(trace).flatMap((watch) =>
    watch.told.map((told, index) => ({ ...told, watch, previous: watch.told[index - 1] })),
  ),
);

export interface Document extends ToldIn {
  readonly info: ConferenceInfo;
}

export function documentsOf(trace: ScenarioTrace): readonly Document[] {
  return notificationsOf(trace).flatMap((told) =>
    told.info === undefined ? [] : [{ ...told, info: told.info }],
  );
}

/** Those that tell the whole state. */
export function fullDocumentsOf(trace: ScenarioTrace): readonly Document[] {
  return documentsOf(trace).filter(isFull);
}

export function isFull({ info }: Document): boolean {
  return info.state === "full" && (info.users === undefined || info.users.state === "full");
}

export function usersOf({ info }: Document): readonly ConferenceUser[] {
  return info.users?.list ?? [];
}

export function isConnected({ state, endpoints }: ConferenceUser): boolean {
  return state !== "deleted" && endpoints.some(({ status }) => status === "connected");
}

export function isGone({ state, endpoints }: ConferenceUser): boolean {
  return state === "deleted" || endpoints.some(({ status }) => status === "disconnected");
}

/** Which user the element is about; undefined: nobody whom the scenario knows by that address. */
export function subjectOf({ entity }: ConferenceUser, trace: ScenarioTrace): LeasedUser | undefined {
  return entity === undefined ? undefined : trace.userOf(entity);
}

/** SUBSCRIBE with Expires: 0. */
export function endsIt(request: SipRequest): boolean {
  return readable(() => expiresOf(request), undefined) === 0;
}

export function isConferenceEvent(request: SipRequest): boolean {
  return readable(() => eventTypeOf(request)?.type.toLowerCase(), undefined) === "conference";
}
