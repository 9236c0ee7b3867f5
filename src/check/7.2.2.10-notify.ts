/** 7.2.2.10: the NOTIFY of a subscription to the state of a conference, but for what its document says. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { eventTypeOf, sameEvent, subscriptionStateValueOf } from "../wire/sip/event-fields.ts";
import { callIdOf, cseqOf, fromOf, header, toOf } from "../wire/sip/headers.ts";
import { CONFERENCE_INFO_TYPE } from "../wire/xml/conference-info.ts";
import { check, type Outcome } from "./check.ts";
import { controllingHop, focusContactOf } from "./conference-invites.ts";
import {
  documentsOf,
  notificationsOf,
  watchesOf,
  type Document,
  type ToldIn,
  type Watch,
} from "./conference-events.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable, typeOf } from "./pager-message.ts";

interface Sent {
  readonly watch: Watch;
  readonly exchange: Exchange;
  readonly before: readonly Exchange[];
}

/** In the dialog of the subscription, whatever their Event says; those of a REFER in the same dialog are another clause's. */
function sentIn(trace: ScenarioTrace): readonly Sent[] {
  const notifies = trace.sessionMode.journeys
    .filter(({ method }) => method === "NOTIFY")
    .flatMap((journey) => controllingHop(journey, "from-sut") ?? []);
  return watchesOf(trace).flatMap((watch) => {
    const own = notifies.filter((exchange) => isIn(exchange, watch) && !isOfReferral(exchange));
    return watch.accepted === undefined
      ? []
      : own.map((exchange, index) => ({ watch, exchange, before: own.slice(0, index) }));
  });
}

function isIn({ request }: Exchange, { exchange }: Watch): boolean {
  const [notify, subscribe] = [request.message, exchange.request.message];
  return callIdOf(notify) === callIdOf(subscribe) && tagOfTo(notify) === fromOf(subscribe)?.tag;
}

function isOfReferral({ request }: Exchange): boolean {
  return readable(() => eventTypeOf(request.message)?.type.toLowerCase(), undefined) === "refer";
}

const STATES = ["active", "pending", "terminated"];

/** RFC 3265 3.1.6.2, 3.2.2, 7.2: the dialog of the SUBSCRIBE, its Event, a Subscription-State, and a Contact. */
function departureOf({ watch, exchange, before }: Sent): string | undefined {
  const { message } = exchange.request;
  const { accepted, exchange: asked } = watch;
  const [event, wanted] = [eventTypeOf(message), eventTypeOf(asked.request.message)];
  if (event === undefined || wanted === undefined || !sameEvent(event, wanted))
    return `Event: ${header(message, "Event") ?? "is missing"}`;
  const state = subscriptionStateValueOf(message)?.state;
  if (state === undefined || !STATES.includes(state))
    return `Subscription-State: ${header(message, "Subscription-State") ?? "is missing"}`;
  if (focusContactOf(message) === undefined) return "no Contact that can be read";
  const tag = accepted && toOf(accepted.message)?.tag;
  if (fromOf(message)?.tag !== tag) return `From has the tag ${fromOf(message)?.tag}, the 2xx had ${tag}`;
  return sequenceDeparture(exchange, before);
}

/** A number of its own, and on a transport that keeps the order a higher one than before (RFC 3261 12.2.1.1). */
function sequenceDeparture({ request }: Exchange, before: readonly Exchange[]): string | undefined {
  const sequence = cseqOf(request.message)?.number ?? 0;
  const earlier = before.map((one) => cseqOf(one.request.message)?.number ?? 0);
  const last = Math.max(0, ...earlier);
  const isWrong = request.transport === "udp" ? earlier.includes(sequence) : sequence <= last;
  return before.length > 0 && isWrong ? `CSeq ${sequence} after ${last}` : undefined;
}

export const notifyByRfc3265 = check<Sent>("7.2.2.10-1", {
  trigger: sentIn,
  judge: (sent): Outcome => {
    const expected =
      "in the dialog of the SUBSCRIBE, with its Event, Subscription-State and Contact (RFC 3265)";
    const departure = departureOf(sent);
    return expectThat(departure === undefined, expected, departure ?? "it is", sent.exchange.request);
  },
});

/** What tells that something changed: the one before was taken, and nobody asked for the whole since. */
function changesOf(trace: ScenarioTrace): readonly Document[] {
  return documentsOf(trace).filter(
    ({ mayAnswer, previous, notification, info }) =>
      !mayAnswer &&
      notification.state?.state === "active" &&
      (info.users?.list.length ?? 0) > 0 &&
      previous?.exchange.final?.message.status === 200,
  );
}

export const changesArePartial = check<Document>("7.2.2.10-3", {
  trigger: changesOf,
  judge: ({ info, exchange: { request } }) =>
    expectThat(
      info.state === "partial",
      "changes of participants in a document whose state is partial",
      `its state is ${info.state}`,
      request,
    ),
});

/** The last one of a subscription need not say anything (RFC 3265 3.2.2), and who has to wait is told nothing. */
function mustHaveDocument({ notification, exchange: { request } }: ToldIn): boolean {
  const state = notification.state?.state;
  return state === "active" || (state === "terminated" && request.message.body.length > 0);
}

export const notifyHasDocument = check<ToldIn>("7.2.2.10-4", {
  trigger: (trace) => notificationsOf(trace).filter(mustHaveDocument),
  judge: ({ notification: { conference }, exchange: { request } }) => {
    const expected = `a body of ${CONFERENCE_INFO_TYPE}`;
    if (request.message.body.length === 0) return missed(expected, "no body", request);
    const type = typeOf(request.message);
    if (type !== CONFERENCE_INFO_TYPE) return missed(expected, `Content-Type: ${type}`, request);
    if (conference !== undefined && "unreadable" in conference)
      return missed(expected, `it cannot be read: ${conference.unreadable}`, request);
    return passed(expected, `Content-Type: ${type}`, request);
  },
});
