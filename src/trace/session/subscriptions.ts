/** Subscriptions and REFERs with their NOTIFYs (RFC 3265, RFC 3515): what each document says, and what the subscriber knows after it (RFC 4575 4.6). */
import {
  CONFERENCE_INFO_TYPE,
  readConferenceInfo,
  type ConferenceInfo,
} from "../../wire/xml/conference-info.ts";
import { absorb, type Absorption, type ConferenceState } from "../../wire/xml/conference-state.ts";
import {
  eventTypeOf,
  subscriptionStateValueOf,
  type SubscriptionStateValue,
} from "../../wire/sip/event-fields.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { parseSipfrag, SIPFRAG_TYPE, type Sipfrag } from "../../wire/sip/sipfrag.ts";
import { callIdIdentity, cseqIdentity, fromTag } from "../sip-identity.ts";
import { isOfType } from "./descriptions.ts";
import { tagOfTo, type Journey } from "./journeys.ts";
import { isUnreadable, readable, type Unreadable } from "./readable.ts";

export interface Notification {
  readonly notify: Journey;
  /** Undefined where Subscription-State is missing or cannot be read. */
  readonly state: SubscriptionStateValue | undefined;
  /** Of a conference package: what the document says. */
  readonly conference?: ConferenceInfo | Unreadable;
  /** Whether it was the next that the subscriber could take; absent where it cannot be read. */
  readonly absorption?: Absorption;
  /** What the subscriber knows of the conference from here on. */
  readonly known?: ConferenceState;
  /** Of a REFER: how far it has got. */
  readonly frag?: Sipfrag | Unreadable;
}

export interface Subscription {
  /** Package, in the letters in which it was asked for; `refer` for a REFER's. */
  readonly event: string;
  readonly id?: string;
  /** The SUBSCRIBE or REFER that asked for it. */
  readonly opened: Journey;
  /** Later SUBSCRIBEs of it, to refresh or to end it. */
  readonly refreshes: readonly Journey[];
  readonly notifications: readonly Notification[];
}

interface Open {
  readonly opened: Journey;
  readonly event: string;
  readonly id: string | undefined;
  readonly refreshes: Journey[];
  readonly notifies: Journey[];
}

/** In the order in which they were asked for. A NOTIFY that nobody has subscribed to is in none. */
export function readSubscriptions(journeys: readonly Journey[]): readonly Subscription[] {
  const bySubscriber = new Map<string, Open[]>();
  const all: Open[] = [];
  for (const journey of journeys) {
    const request = journey.atSut.request.message;
    if (journey.method === "NOTIFY") {
      const own = bySubscriber.get(keyOf(request, tagOfTo(request))) ?? [];
      subscriptionOf(request, own)?.notifies.push(journey);
    }
    if (journey.method !== "SUBSCRIBE" && journey.method !== "REFER") continue;
    const key = keyOf(request, fromTag(request));
    const own = bySubscriber.get(key) ?? [];
    const opened = openedBy(journey);
    const known = own.find(
      ({ event, id, opened: { method } }) =>
        journey.method === "SUBSCRIBE" &&
        method === "SUBSCRIBE" &&
        event === opened.event &&
        id === opened.id,
    );
    if (known !== undefined && tagOfTo(request) !== "") known.refreshes.push(journey);
    else {
      bySubscriber.set(key, [...own, opened]);
      all.push(opened);
    }
  }
  return all.map(closed);
}

function openedBy(opened: Journey): Open {
  const lists = { refreshes: [], notifies: [] };
  const request = opened.atSut.request.message;
  if (opened.method === "REFER")
    return { opened, event: "refer", id: cseqIdentity(request).number, ...lists };
  const event = eventTypeOf(request);
  return { opened, event: event?.type ?? "", id: event?.id, ...lists };
}

function keyOf(request: SipRequest, subscriberTag: string): string {
  return `${callIdIdentity(request)} ${subscriberTag}`;
}

/** The NOTIFYs of the first REFER in a dialog need no id (RFC 3515 2.4.6). */
function subscriptionOf(notify: SipRequest, own: readonly Open[]): Open | undefined {
  const event = eventTypeOf(notify);
  const named = own.filter((one) => one.event === (event?.type ?? ""));
  return named.find(({ id }) => id === event?.id) ?? (event?.type === "refer" ? named[0] : undefined);
}

function closed({ opened, event, id, refreshes, notifies }: Open): Subscription {
  const notifications: Notification[] = [];
  let known: ConferenceState | undefined;
  for (const notify of notifies) {
    const notification = notificationOf(notify, event, known);
    known = notification.known ?? known;
    notifications.push(notification);
  }
  return { event, ...(id === undefined ? {} : { id }), opened, refreshes, notifications };
}

function notificationOf(notify: Journey, event: string, before: ConferenceState | undefined): Notification {
  const { message } = notify.atSut.request;
  const common = { notify, state: subscriptionStateValueOf(message) };
  if (event === "refer" && isOfType(message, SIPFRAG_TYPE))
    return { ...common, frag: readable(() => parseSipfrag(message.body)) };
  if (event !== "conference" || !isOfType(message, CONFERENCE_INFO_TYPE)) return common;
  const conference = readable(() => readConferenceInfo(message.body));
  if (isUnreadable(conference))
    return { ...common, conference, ...(before === undefined ? {} : { known: before }) };
  const { state: known, absorption } = absorb(before, conference);
  return { ...common, conference, absorption, ...(known === undefined ? {} : { known }) };
}
