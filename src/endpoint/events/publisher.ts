/** Publishes event state (RFC 3903 4): the first PUBLISH, refreshes before the time is over, changes, removal. */
import {
  createPublisher,
  type PublisherAction,
  type PublisherEvent,
  publisherStep,
  type PublishToSend,
} from "../../machine/publication/publisher.ts";
import { usualRefresh } from "../../machine/subscription/subscriber.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { minExpiresOf } from "../../wire/sip/event-fields.ts";
import { expiresOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { entityTagOf } from "../../wire/sip/publication-fields.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { Agent, Alarm, MessageOptions } from "./agent.ts";
import { annotationOf, bodyOf, fieldsWith, type OutsideOptions, outsideRequest } from "./composition.ts";

export interface PublishingHandler {
  readonly onResponse?: (response: SipResponse, request: SipRequest) => void;
  /** Published, refreshed, modified, removed, refused, run out. */
  readonly onChange?: (change: Exclude<PublisherAction, { type: "send" }>) => void;
}

export type PublishOptions = OutsideOptions &
  Omit<MessageOptions, "body"> & {
    /** Value of Event. */
    readonly event: string;
    readonly expiresS: number;
    /** Default: a minute before the end, or at half time. */
    readonly refreshAfterMs?: (grantedS: number) => number | undefined;
    readonly on?: PublishingHandler;
  };

export interface Publishing {
  /** As the compositor gave it last. */
  readonly entityTag: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** Publishes this, at first or in place of what was published. */
  publish(body: Body, options?: MessageOptions): void;
  remove(options?: MessageOptions): void;
  /** Stops refreshing, without a word. */
  forget(): void;
}

export function createPublishing(agent: Agent, options: PublishOptions): Publishing {
  const { expiresS, refreshAfterMs = usualRefresh, on = {} } = options;
  let machine = createPublisher({ expiresS, refreshAfterMs });
  let body: Body | undefined;
  let more: MessageOptions = {};
  let sequence = options.sequence ?? 1;
  let forgotten = false;
  const identity = {
    callId: options.callId ?? agent.ids.token(20),
    fromTag: options.fromTag ?? agent.ids.token(13),
  };
  const alarm: Alarm = { ring: () => apply({ type: "time" }) };

  function apply(event: PublisherEvent): void {
    if (forgotten) return;
    const step = publisherStep(machine, event, agent.now());
    machine = step.publisher;
    agent.alarms.set(alarm, step.deadline);
    for (const action of step.actions) {
      if (action.type === "send") send(action.publish);
      else agent.guard(() => on.onChange?.(action));
    }
  }

  function send(what: PublishToSend): void {
    const own = { ...options, ...more, ...(what.body && body !== undefined ? { body } : {}) };
    more = {};
    const headers = fieldsWith(usualFields(options.event, what), own);
    const parts = { headers, ...bodyOf(own) };
    const edited = agent.edit(outsideRequest("PUBLISH", options, identity, sequence, parts), "PUBLISH");
    sequence += 1;
    if (edited === undefined) return;
    agent.endpoint.send(edited, {
      to: options.to,
      ...annotationOf(own),
      onResponse: (response) => heard(response, edited),
      onFailure: () => apply({ type: "not-answered" }),
    });
  }

  function heard(response: SipResponse, request: SipRequest): void {
    on.onResponse?.(response, request);
    if (response.status < 200) return;
    apply({
      type: "answered",
      status: response.status,
      entityTag: entityTagOf(response),
      expiresS: expiresOf(response),
      minExpiresS: minExpiresOf(response),
    });
  }

  return {
    get entityTag() {
      return machine.entityTag;
    },
    get expiresAt() {
      return machine.expiresAt;
    },
    publish: (next, said = {}) => {
      body = next;
      more = said;
      apply({ type: "publish" });
    },
    remove: (said = {}) => {
      more = said;
      apply({ type: "remove" });
    },
    forget: () => {
      forgotten = true;
      agent.alarms.set(alarm, undefined);
    },
  };
}

function usualFields(event: string, { ifMatch, expiresS }: PublishToSend): HeaderPair[] {
  return [
    ["Event", event],
    ["Expires", String(expiresS)],
    ...(ifMatch === undefined ? [] : [["SIP-If-Match", ifMatch] as const]),
  ];
}
