/** One subscription of a subscriber: the machine, the dialog that it lives in, and what its user sees of it. */
import {
  type Again,
  createSubscriber,
  type Subscriber,
  type SubscriberAction,
  type SubscriberEnd,
  type SubscriberEvent,
  subscriberStep,
  type SubscriberState,
} from "../../machine/subscription/subscriber.ts";
import { transactionTimeout } from "../../machine/timers.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import {
  eventTypeOf,
  type EventType,
  formatEvent,
  minExpiresOf,
  type SubscriptionStateValue,
  subscriptionStateValueOf,
} from "../../wire/sip/event-fields.ts";
import { expiresOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { DialogHandle } from "../user-agent/dialogs.ts";
import type { Agent, Alarm, MessageOptions } from "./agent.ts";
import { annotationOf, answer, bodyOf, fieldsWith } from "./composition.ts";

/** A NOTIFY that came. */
export interface Notification {
  readonly request: SipRequest;
  /** Undefined: it has no Subscription-State that can be read, and is refused with 400. */
  readonly state: SubscriptionStateValue | undefined;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

export interface SubscriptionHandler {
  /** Each response to a SUBSCRIBE, refreshes too. */
  readonly onResponse?: (response: SipResponse, request: SipRequest) => void;
  /** A NOTIFY came; it is answered after this. */
  readonly onNotify?: (notification: Notification, subscription: Subscription) => void;
  readonly onState?: (state: "pending" | "active", subscription: Subscription) => void;
  readonly onEnd?: (end: SubscriberEnd, again: Again, subscription: Subscription) => void;
}

export interface Subscription {
  readonly event: EventType;
  readonly state: SubscriberState;
  /** Undefined before the first NOTIFY or 2xx. */
  readonly handle: DialogHandle | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  readonly notifications: readonly Notification[];
  /** Sends a SUBSCRIBE now; `expiresS`: default as the first. False: there is no dialog to send it in, or it is over. */
  refresh(options?: MessageOptions & { readonly expiresS?: number }): boolean;
  /** Unsubscribes: SUBSCRIBE with Expires 0, and the last NOTIFY is waited for. */
  end(options?: MessageOptions): boolean;
  /** Drops it without a word: further NOTIFYs get 481. */
  forget(): void;
}

export interface SubscriptionRules {
  readonly handler: SubscriptionHandler;
  readonly refreshAfterMs: (grantedS: number) => number | undefined;
  /** In each SUBSCRIBE: Accept, Supported and the like. */
  readonly headers: readonly HeaderPair[];
  /** What a NOTIFY is answered with; undefined: not at all. Default: what the machine says. */
  readonly answerNotify?: ((notification: Notification, status: number) => number | undefined) | undefined;
  /** Whether a NOTIFY of this event is for the subscription. */
  readonly matches: (event: EventType) => boolean;
  /** Sends the request outside a dialog again, for longer; undefined: it cannot be. */
  readonly again?: ((expiresS: number | undefined) => void) | undefined;
}

/** A subscription as this folder sees it. */
export interface SubscriptionState extends Subscription {
  apply(event: SubscriberEvent): void;
  /** Puts it into a dialog. */
  enter(handle: DialogHandle): void;
  takeNotify(incoming: IncomingRequest): void;
  /** One for another notifier that the same request has reached. */
  fork(): SubscriptionState;
}

export function createSubscription(
  agent: Agent,
  event: EventType,
  rules: SubscriptionRules,
  stage?: Subscriber,
): SubscriptionState {
  const core: Core = {
    agent,
    rules,
    event,
    machine:
      stage ??
      createSubscriber({ timerNMs: transactionTimeout(agent.timers), refreshAfterMs: rules.refreshAfterMs }),
    handle: undefined,
    detach: () => undefined,
    notifications: [],
    alarm: { ring: () => apply(core, { type: "time" }) },
    facade: undefined,
  };
  const state: SubscriptionState = {
    get event() {
      return core.event;
    },
    get state() {
      return core.machine.state;
    },
    get handle() {
      return core.handle;
    },
    get expiresAt() {
      return core.machine.expiresAt;
    },
    notifications: core.notifications,
    refresh: (options = {}) => subscribeAgain(core, options.expiresS ?? core.machine.wantedS, options),
    end: (options = {}) => subscribeAgain(core, 0, options),
    forget: () => forget(core),
    apply: (happened) => apply(core, happened),
    enter: (handle) => enter(core, handle),
    takeNotify: (incoming) => takeNotify(core, incoming),
    fork: () => {
      const { rules: times, wantedS, asking, leaving } = core.machine;
      const notifyBy = agent.now() + times.timerNMs;
      return createSubscription(agent, event, rules, {
        ...createSubscriber(times),
        wantedS,
        asking,
        leaving,
        notifyBy,
      });
    },
  };
  core.facade = state;
  return state;
}

interface Core {
  readonly agent: Agent;
  readonly rules: SubscriptionRules;
  event: EventType;
  machine: Subscriber;
  handle: DialogHandle | undefined;
  detach: () => void;
  readonly notifications: Notification[];
  readonly alarm: Alarm;
  facade: Subscription | undefined;
}

function apply(core: Core, event: SubscriberEvent): void {
  for (const action of advance(core, event)) perform(core, action);
}

function advance(core: Core, event: SubscriberEvent): readonly SubscriberAction[] {
  const step = subscriberStep(core.machine, event, core.agent.now());
  core.machine = step.subscriber;
  core.agent.alarms.set(core.alarm, step.deadline);
  return step.actions;
}

function perform(core: Core, action: SubscriberAction): void {
  const { handler } = core.rules;
  const { facade } = core;
  if (facade === undefined) return;
  if (action.type === "ask") {
    if (core.handle === undefined) core.rules.again?.(action.expiresS);
    else subscribeAgain(core, action.expiresS, {});
  } else if (action.type === "changed") core.agent.guard(() => handler.onState?.(action.state, facade));
  else if (action.type === "ended") {
    core.detach();
    core.agent.guard(() => handler.onEnd?.(action.end, action.again, facade));
  }
}

function forget(core: Core): void {
  core.detach();
  core.machine = { ...core.machine, state: "terminated" };
  core.agent.alarms.set(core.alarm, undefined);
}

function enter(core: Core, handle: DialogHandle): void {
  core.handle = handle;
  core.detach = handle.attach({
    name: `subscription ${core.event.type}`,
    receive: (incoming) => {
      const event = eventTypeOf(incoming.message);
      if (incoming.message.method !== "NOTIFY" || event === undefined || !core.rules.matches(event))
        return false;
      takeNotify(core, incoming);
      return true;
    },
    dialogFailed: (status) => apply(core, { type: "dialog-failed", status }),
  });
}

function takeNotify(core: Core, incoming: IncomingRequest): void {
  const { message } = incoming;
  const state = subscriptionStateValueOf(message);
  const contentType = message.headers.find(({ name }) => /^(?:content-type|c)$/i.test(name))?.value;
  const notification = { request: message, state, contentType, body: message.body };
  // What the subscription is known by from now on (RFC 3515 2.4.6: the notifier chooses the id).
  core.event = eventTypeOf(message) ?? core.event;
  const actions = advance(core, { type: "notify", state });
  const status = actions.find((action) => action.type === "answer")?.status ?? 200;
  if (status !== 481) {
    core.notifications.push(notification);
    const { facade } = core;
    if (facade !== undefined) core.agent.guard(() => core.rules.handler.onNotify?.(notification, facade));
  }
  const said = core.rules.answerNotify === undefined ? status : core.rules.answerNotify(notification, status);
  if (said !== undefined) answer(core.agent, incoming, said);
  for (const action of actions) perform(core, action);
}

/** A SUBSCRIBE within the dialog; false: there is none. */
function subscribeAgain(core: Core, expiresS: number | undefined, options: MessageOptions): boolean {
  const { handle, agent, rules } = core;
  if (handle === undefined || core.machine.state === "terminated") return false;
  const expires: HeaderPair[] = expiresS === undefined ? [] : [["Expires", String(expiresS)]];
  const usual: HeaderPair[] = [
    ["Event", formatEvent(core.event)],
    ["Contact", agent.contactFor(handle.hop)],
    ...expires,
    ...rules.headers,
  ];
  const request = handle.compose({
    method: "SUBSCRIBE",
    headers: fieldsWith(usual, options),
    ...bodyOf(options),
  });
  const edited = agent.edit(request, "refresh");
  apply(core, { type: "asked", expiresS });
  if (edited === undefined) return true;
  handle.send(edited, {
    ...annotationOf(options),
    onResponse: (response) => heard(core, response, edited),
    onFailure: () => apply(core, { type: "not-answered" }),
  });
  return true;
}

function heard(core: Core, response: SipResponse, request: SipRequest): void {
  core.rules.handler.onResponse?.(response, request);
  if (response.status >= 200) apply(core, answerIn(response));
}

/** What a final response says to the machine. */
export function answerIn(response: SipResponse): SubscriberEvent {
  return {
    type: "answered",
    status: response.status,
    expiresS: expiresOf(response),
    minExpiresS: minExpiresOf(response),
  };
}
