/** One subscription of a notifier: the machine, the dialog that it lives in, and what its user can do with it. */
import {
  createNotifier,
  type Notifier,
  type NotifierAction,
  type NotifierEvent,
  type NotifierRules,
  notifierStep,
  type NotifierState,
  type NotifyCause,
} from "../../machine/subscription/notifier.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import {
  eventTypeOf,
  type EventType,
  formatEvent,
  formatSubscriptionState,
  sameEvent,
  type SubscriptionStateValue,
} from "../../wire/sip/event-fields.ts";
import { expiresOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { DialogHandle } from "../user-agent/dialogs.ts";
import type { Agent, Alarm, MessageOptions } from "./agent.ts";
import { annotationOf, answer, bodyOf, fieldsWith } from "./composition.ts";

export interface ServedSubscription {
  readonly event: EventType;
  readonly handle: DialogHandle;
  /** The SUBSCRIBE, or REFER, that began it. */
  readonly request: SipRequest;
  readonly state: NotifierState;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How many NOTIFYs went out. */
  readonly notified: number;
  /** The state has changed: a NOTIFY goes out as soon as the pace allows, with what the package then has for content. */
  changed(): void;
  /** A NOTIFY of this content of its own, after those that wait, whatever the pace. */
  notify(content: MessageOptions): void;
  /** A pending subscription is allowed. */
  allow(): void;
  /** The last NOTIFY goes out; `content` in place of what the package has. */
  end(reason?: string, more?: { readonly retryAfterS?: number; readonly content?: MessageOptions }): void;
  /** Drops it without a word. */
  forget(): void;
}

/** Why it is over: the last NOTIFY was answered; the subscriber is not there, or knows nothing of it; it was dropped. */
export type ServedEnd = "done" | "gone" | "forgotten";

export interface ServingRules {
  readonly rules: NotifierRules;
  readonly state: "pending" | "active";
  /** Body and fields of a NOTIFY. */
  readonly content: (subscription: ServedSubscription, cause: NotifyCause) => MessageOptions | undefined;
  /** A NOTIFY has its final response; undefined: it got none. */
  readonly onAnswer?:
    ((subscription: ServedSubscription, response: SipResponse | undefined) => void) | undefined;
  readonly onEnd?: ((subscription: ServedSubscription, end: ServedEnd) => void) | undefined;
  /** In each 2xx to SUBSCRIBE. */
  readonly headers?: readonly HeaderPair[] | undefined;
}

/** A subscription as this folder sees it. */
export interface Served extends ServedSubscription {
  apply(event: NotifierEvent): void;
  /** Takes the SUBSCRIBE that began it. `status`: of the 2xx. */
  begin(incoming: IncomingRequest, localTag: string, status: number): void;
}

interface Core {
  readonly agent: Agent;
  readonly event: EventType;
  readonly handle: DialogHandle;
  readonly serving: ServingRules;
  readonly request: SipRequest;
  machine: Notifier;
  notified: number;
  over: boolean;
  /** Contents of their own, in order. */
  readonly own: MessageOptions[];
  last: MessageOptions | undefined;
  detach: () => void;
  readonly alarm: Alarm;
  facade: ServedSubscription | undefined;
  /** How the SUBSCRIBE that is being taken is answered. */
  asked:
    { readonly incoming: IncomingRequest; readonly localTag?: string; readonly status: number } | undefined;
}

export function serveSubscription(
  agent: Agent,
  request: SipRequest,
  event: EventType,
  handle: DialogHandle,
  serving: ServingRules,
): Served {
  const core: Core = {
    agent,
    event,
    handle,
    serving,
    request,
    machine: createNotifier(serving.rules, serving.state),
    notified: 0,
    over: false,
    own: [],
    last: undefined,
    detach: () => undefined,
    alarm: { ring: () => apply(core, { type: "time" }) },
    facade: undefined,
    asked: undefined,
  };
  core.detach = handle.attach({
    name: `notifier ${event.type}`,
    receive: (incoming) => receive(core, incoming),
    dialogFailed: () => apply(core, { type: "dialog-failed" }),
  });
  const served = facadeOf(core);
  core.facade = served;
  return served;
}

function facadeOf(core: Core): Served {
  return {
    event: core.event,
    handle: core.handle,
    request: core.request,
    get state() {
      return core.machine.state;
    },
    get expiresAt() {
      return core.machine.expiresAt;
    },
    get notified() {
      return core.notified;
    },
    changed: () => apply(core, { type: "change" }),
    notify: (content) => {
      core.own.push(content);
      apply(core, { type: "change" });
    },
    allow: () => apply(core, { type: "allow" }),
    end: (reason, { retryAfterS, content } = {}) => {
      core.last = content;
      apply(core, { type: "terminate", reason, retryAfterS });
    },
    forget: () => over(core, "forgotten"),
    apply: (event) => apply(core, event),
    begin: (incoming, localTag, status) => {
      core.asked = { incoming, localTag, status };
      apply(core, { type: "subscribe", expiresS: expiresOf(incoming.message) });
    },
  };
}

/** A SUBSCRIBE that refreshes, or ends. */
function receive(core: Core, incoming: IncomingRequest): boolean {
  const event = eventTypeOf(incoming.message);
  const isOurs = incoming.message.method === "SUBSCRIBE" && event && sameEvent(event, core.event);
  if (isOurs !== true) return false;
  // Its last NOTIFY is on its way: there is nothing left to refresh (RFC 6665 4.2.1.3).
  if (core.machine.state === "terminated") {
    answer(core.agent, incoming, 481);
    return true;
  }
  core.asked = { incoming, status: 200 };
  apply(core, { type: "subscribe", expiresS: expiresOf(incoming.message) });
  return true;
}

function apply(core: Core, event: NotifierEvent): void {
  const step = notifierStep(core.machine, event, core.agent.now());
  core.machine = step.notifier;
  core.agent.alarms.set(core.alarm, core.over ? undefined : step.deadline);
  for (const action of step.actions) perform(core, action);
}

function perform(core: Core, action: NotifierAction): void {
  if (action.type === "accept") respond(core, [["Expires", String(action.expiresS)]]);
  else if (action.type === "too-brief") refuse(core, action.minExpiresS);
  else if (action.type === "notify") notify(core, action.state, action.cause);
  else over(core, action.why);
}

function respond(core: Core, headers: readonly HeaderPair[]): void {
  const { asked, agent, handle, serving } = core;
  core.asked = undefined;
  if (asked === undefined) return;
  const usual: HeaderPair[] = [
    ["Contact", agent.contactFor(handle.hop)],
    ...headers,
    ...(serving.headers ?? []),
  ];
  answer(agent, asked.incoming, asked.status, usual, tagOf(asked.localTag));
}

function refuse(core: Core, minExpiresS: number): void {
  const { asked, agent } = core;
  core.asked = undefined;
  if (asked === undefined) return;
  answer(agent, asked.incoming, 423, [["Min-Expires", String(minExpiresS)]], tagOf(asked.localTag));
  // A first one that is too brief began nothing (RFC 6665 4.2.1.1).
  if (core.machine.expiresAt === 0) over(core, "forgotten");
}

function tagOf(localTag: string | undefined): { readonly toTag?: string } {
  return localTag === undefined ? {} : { toTag: localTag };
}

/** The NOTIFY that is due; contents of their own each get one. */
function notify(core: Core, state: SubscriptionStateValue, cause: NotifyCause): void {
  const content = contentFor(core, cause);
  const { agent, handle } = core;
  const usual: HeaderPair[] = [
    ["Contact", agent.contactFor(handle.hop)],
    ["Event", formatEvent(core.event)],
    ["Subscription-State", formatSubscriptionState(state)],
  ];
  const request = handle.compose({
    method: "NOTIFY",
    headers: fieldsWith(usual, content),
    ...bodyOf(content),
  });
  core.notified += 1;
  const edited = agent.edit(request, "NOTIFY");
  if (edited === undefined) return settled(core, undefined, { type: "answered", status: 200 });
  handle.send(edited, {
    ...annotationOf(content),
    onResponse: (response) => {
      if (response.status >= 200) settled(core, response, { type: "answered", status: response.status });
    },
    onFailure: () => settled(core, undefined, { type: "not-answered" }),
  });
}

function contentFor(core: Core, cause: NotifyCause): MessageOptions {
  if (cause === "ended" && core.last !== undefined) return core.last;
  const own = cause === "changed" ? core.own.shift() : undefined;
  if (own !== undefined) return own;
  const { facade } = core;
  return (facade === undefined ? undefined : core.serving.content(facade, cause)) ?? {};
}

function settled(core: Core, response: SipResponse | undefined, event: NotifierEvent): void {
  const { facade, agent, serving } = core;
  if (facade !== undefined) agent.guard(() => serving.onAnswer?.(facade, response));
  apply(core, event);
  // What has contents of its own still waiting is told of the next.
  if (core.own.length > 0 && !core.over) apply(core, { type: "change" });
}

function over(core: Core, why: ServedEnd): void {
  if (core.over) return;
  core.over = true;
  core.machine = { ...core.machine, state: "terminated", waiting: [] };
  core.agent.alarms.set(core.alarm, undefined);
  core.detach();
  const { facade } = core;
  if (facade !== undefined) core.agent.guard(() => core.serving.onEnd?.(facade, why));
}
