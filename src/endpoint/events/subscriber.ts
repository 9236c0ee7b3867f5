/**
 * Subscriber (RFC 3265 3.1, RFC 6665 4.1): sends SUBSCRIBE and keeps the subscriptions that come of it: one for each fork, made by a 2xx or by a NOTIFY
 * that came before it.
 */
import { type Dialog, dialogOfNotify, dialogOfResponse } from "../../machine/dialog/dialog.ts";
import { dialogKey } from "../../machine/dialog/dialog-id.ts";
import { usualRefresh } from "../../machine/subscription/subscriber.ts";
import type { Hop } from "../../net/network.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import {
  eventTypeOf,
  type EventType,
  formatEvent,
  parseEvent,
  sameEvent,
} from "../../wire/sip/event-fields.ts";
import { callIdOf, toOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { DialogHandle } from "../user-agent/dialogs.ts";
import type { Agent, EventOccasion, MessageOptions } from "./agent.ts";
import {
  annotationOf,
  answer,
  bodyOf,
  fieldsWith,
  type OutsideOptions,
  outsideRequest,
} from "./composition.ts";
import {
  answerIn,
  createSubscription,
  type Subscription,
  type SubscriptionHandler,
  type SubscriptionRules,
  type SubscriptionState,
} from "./subscription.ts";

/** Where the request goes: in a dialog that is there, or outside. */
export type Addressing = { readonly within: DialogHandle } | OutsideOptions;

export interface SubscriptionOptions extends MessageOptions {
  /** Asked about a final response above 299: the fields for another attempt (next CSeq), such as Authorization; undefined: there is none. */
  readonly retry?: (response: SipResponse, attempt: number) => readonly HeaderPair[] | undefined;
  /** `first`: only the first notifier's subscription is kept, NOTIFYs of others get 481 (RFC 6665 4.4.4). Default `all`. */
  readonly forks?: "all" | "first";
  /** Whether a 2xx makes the dialog, as in RFC 3265 3.3.4, or only a NOTIFY, as in RFC 6665 4.4.1. Default: the 2xx too. */
  readonly dialogFrom?: "2xx" | "NOTIFY";
  /** When to refresh; default a minute before the end, or at half time. `() => undefined`: never. */
  readonly refreshAfterMs?: (grantedS: number) => number | undefined;
  readonly answerNotify?: SubscriptionRules["answerNotify"];
  readonly on?: SubscriptionHandler;
}

export type SubscribeOptions = Addressing &
  SubscriptionOptions & {
    /** Value of Event. */
    readonly event: string;
    /** Seconds; 0: the state is fetched once. Default: no Expires, and what the package has for a default. */
    readonly expiresS?: number;
    readonly accept?: readonly string[];
  };

/** A SUBSCRIBE, or REFER, with all that came of it. */
export interface Subscribing {
  /** As sent last, without Via; undefined: `edit` kept it back. */
  readonly request: SipRequest | undefined;
  /** One at first; one more for each further fork. */
  readonly subscriptions: readonly Subscription[];
  /** Ends all of them. */
  end(options?: MessageOptions): void;
  /** Drops all of them without a word. */
  forget(): void;
}

/** What goes out, whatever its method. */
export interface Asking {
  readonly method: "SUBSCRIBE" | "REFER";
  readonly occasion: EventOccasion;
  readonly event: EventType;
  readonly expiresS: number | undefined;
  /** Beside the usual ones. */
  readonly headers: readonly HeaderPair[];
  /** In later SUBSCRIBEs of the subscription. */
  readonly refreshHeaders: readonly HeaderPair[];
  /** Whether a NOTIFY of this event belongs to the request with this CSeq. */
  matches(event: EventType, sequence: number): boolean;
  /** Whether a 2xx says that there is no subscription (RFC 4488). */
  without(response: SipResponse): boolean;
}

export interface Subscriber {
  subscribe(options: SubscribeOptions): Subscribing;
  /** Sends a request that makes a subscription. */
  ask(asking: Asking, options: Addressing & SubscriptionOptions): Subscribing;
  /** Takes a NOTIFY outside all dialogs that are known, if it belongs to a request of this subscriber. */
  receive(incoming: IncomingRequest): boolean;
}

export function createSubscriber(agent: Agent): Subscriber {
  const attempts = new Set<Attempt>();
  const ask = (asking: Asking, options: Addressing & SubscriptionOptions): Subscribing => {
    const attempt = openAttempt(agent, asking, options, attempts);
    send(attempt, asking.expiresS, []);
    return {
      get request() {
        return attempt.request;
      },
      get subscriptions() {
        return attempt.subscriptions;
      },
      end: (more) => attempt.subscriptions.forEach((each) => each.end(more)),
      forget: () => {
        attempt.subscriptions.forEach((each) => each.forget());
        attempts.delete(attempt);
      },
    };
  };
  return {
    ask,
    subscribe: (options) => {
      const { event, expiresS, accept = [] } = options;
      const headers: HeaderPair[] = accept.map((type) => ["Accept", type]);
      const type = parseEvent(event);
      return ask(
        {
          method: "SUBSCRIBE",
          occasion: "SUBSCRIBE",
          event: type,
          expiresS,
          headers: [["Event", formatEvent(type)], ...headers],
          refreshHeaders: headers,
          matches: (other) => sameEvent(other, type),
          without: () => false,
        },
        options,
      );
    },
    receive: (incoming) => {
      if (incoming.message.method !== "NOTIFY") return false;
      const attempt = [...attempts].find((each) => belongs(each, incoming.message));
      if (attempt === undefined) return false;
      takeFirstNotify(attempt, incoming);
      return true;
    },
  };
}

interface Attempt {
  readonly agent: Agent;
  readonly asking: Asking;
  readonly options: Addressing & SubscriptionOptions;
  readonly callId: string;
  readonly fromTag: string;
  sequence: number;
  tries: number;
  request: SipRequest | undefined;
  readonly subscriptions: SubscriptionState[];
  /** Forgets the attempt: no more forks can come. */
  readonly close: () => void;
}

function openAttempt(
  agent: Agent,
  asking: Asking,
  options: Addressing & SubscriptionOptions,
  attempts: Set<Attempt>,
): Attempt {
  const outside = "within" in options ? undefined : options;
  const attempt: Attempt = {
    agent,
    asking,
    options,
    callId: outside?.callId ?? agent.ids.token(20),
    fromTag: outside?.fromTag ?? agent.ids.token(13),
    sequence: outside?.sequence ?? 1,
    tries: 0,
    request: undefined,
    subscriptions: [],
    close: () => attempts.delete(attempt),
  };
  attempt.subscriptions.push(createSubscription(agent, asking.event, rulesOf(attempt)));
  if (outside !== undefined) attempts.add(attempt);
  return attempt;
}

function rulesOf(attempt: Attempt): SubscriptionRules {
  const { asking, options, subscriptions } = attempt;
  const { onEnd, ...handler } = options.on ?? {};
  return {
    refreshAfterMs: options.refreshAfterMs ?? usualRefresh,
    headers: asking.refreshHeaders,
    answerNotify: options.answerNotify,
    matches: (event) => asking.matches(event, attempt.sequence),
    again: (expiresS) => {
      attempt.sequence += 1;
      send(attempt, expiresS, []);
    },
    handler: {
      ...handler,
      onEnd: (end, again, subscription) => {
        if (subscriptions.every(({ state }) => state === "terminated")) attempt.close();
        onEnd?.(end, again, subscription);
      },
    },
  };
}

/** Sends the request that makes the subscription, or makes another attempt at it. */
function send(attempt: Attempt, expiresS: number | undefined, more: readonly HeaderPair[]): void {
  const { agent, asking, options } = attempt;
  const [first] = attempt.subscriptions;
  const request = compose(attempt, expiresS, more);
  const edited = agent.edit(request, asking.occasion);
  attempt.request = edited;
  attempt.tries += 1;
  first?.apply({ type: "asked", expiresS });
  if (edited === undefined) return;
  const sending = {
    ...annotationOf(options),
    onResponse: (response: SipResponse) => heard(attempt, response, edited),
    onFailure: () => first?.apply({ type: "not-answered" }),
  };
  if ("within" in options) options.within.send(edited, sending);
  else agent.endpoint.send(edited, { ...sending, to: options.to });
}

function compose(attempt: Attempt, expiresS: number | undefined, more: readonly HeaderPair[]): SipRequest {
  const { agent, asking, options } = attempt;
  const peer = "within" in options ? options.within.hop : options.to;
  const expires: HeaderPair[] = expiresS === undefined ? [] : [["Expires", String(expiresS)]];
  const usual: HeaderPair[] = [
    ["Contact", agent.contactFor(peer)],
    ...(asking.method === "SUBSCRIBE" ? expires : []),
    ...asking.headers,
  ];
  const parts = { headers: [...fieldsWith(usual, options), ...more], ...bodyOf(options) };
  if (!("within" in options)) return outsideRequest(asking.method, options, attempt, attempt.sequence, parts);
  const request = options.within.compose({ method: asking.method, ...parts });
  attempt.sequence = options.within.dialog.localSequence;
  const [first] = attempt.subscriptions;
  // In a dialog that is there the NOTIFY may come before the 2xx too.
  if (first?.handle === undefined) first?.enter(options.within);
  return request;
}

function heard(attempt: Attempt, response: SipResponse, request: SipRequest): void {
  const { options, asking } = attempt;
  options.on?.onResponse?.(response, request);
  if (response.status < 200) return;
  const more = response.status < 300 ? undefined : options.retry?.(response, attempt.tries);
  if (more !== undefined) {
    attempt.sequence += 1;
    return send(attempt, asking.expiresS, more);
  }
  if (response.status < 300 && asking.without(response)) return endWithout(attempt);
  const dialog = dialogOfResponse(request, response);
  const makesDialog = !("within" in options) && options.dialogFrom !== "NOTIFY";
  const subscription =
    dialog === undefined || !makesDialog
      ? attempt.subscriptions[0]
      : subscriptionIn(attempt, dialog, options.to);
  subscription?.apply(answerIn(response));
}

/** RFC 4488 4: no subscription was made. */
function endWithout(attempt: Attempt): void {
  for (const each of attempt.subscriptions) each.forget();
  attempt.close();
}

/** The subscription of a dialog: the one that is, or was, in it; the first where it is in none yet; or another fork's. */
function subscriptionIn(attempt: Attempt, dialog: Dialog, hop: Hop): SubscriptionState | undefined {
  const key = dialogKey(dialog);
  const known = attempt.subscriptions.find(({ handle }) => handle && dialogKey(handle.dialog) === key);
  if (known !== undefined) return known;
  const [first] = attempt.subscriptions;
  if (first === undefined) return undefined;
  const isFirst = first.handle === undefined;
  if (!isFirst && attempt.options.forks === "first") return undefined;
  const subscription = isFirst ? first : first.fork();
  if (!isFirst) attempt.subscriptions.push(subscription);
  subscription.enter(attempt.agent.dialogs.open(dialog, hop, annotationOf(attempt.options).annotation));
  return subscription;
}

function belongs({ callId, fromTag, asking, sequence }: Attempt, notify: SipRequest): boolean {
  const event = eventTypeOf(notify);
  return (
    callIdOf(notify) === callId &&
    toOf(notify)?.tag === fromTag &&
    event !== undefined &&
    asking.matches(event, sequence)
  );
}

/** A NOTIFY in a dialog that it makes itself (RFC 6665 4.4.1). */
function takeFirstNotify(attempt: Attempt, incoming: IncomingRequest): void {
  const { request } = attempt;
  const dialog = request && dialogOfNotify(request, incoming.message);
  const subscription = dialog && subscriptionIn(attempt, dialog, incoming.source);
  if (subscription === undefined) answer(attempt.agent, incoming, 481);
  else subscription.takeNotify(incoming);
}
