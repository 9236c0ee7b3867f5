/** What subscribers, notifiers, referrers and publishers of one endpoint share. */
import { DEFAULT_TIMERS, type TimerValues } from "../../machine/timers.ts";
import { type Agenda, createAgenda } from "../../net/agenda.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { Annotation } from "../crossing.ts";
import type { SipEndpoint } from "../sip-endpoint.ts";
import { createDialogs, type Dialogs } from "../user-agent/dialogs.ts";
import { warnOfHandler } from "../users.ts";

/** What a message is sent for. */
export type EventOccasion =
  | "SUBSCRIBE"
  /** A SUBSCRIBE that refreshes or ends a subscription. */
  | "refresh"
  | "NOTIFY"
  | "REFER"
  | "PUBLISH"
  /** To a SUBSCRIBE, NOTIFY, REFER or PUBLISH that came. */
  | "response";

/** The last word on a message before it goes to the transaction: as it is, changed, or (undefined) not at all. */
export type EventEdit = <Message extends SipMessage>(
  message: Message,
  occasion: EventOccasion,
) => Message | undefined;

export interface EventAgentOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Those of a user agent on the same endpoint, so that subscriptions and sessions can share dialogs (RFC 5057). Default: own ones. */
  readonly dialogs?: Dialogs;
  /** The value of Contact, with its parameters. `peer`: where the other end was reached last. */
  readonly contact: string | ((peer: Hop) => string);
  /** Those of the endpoint, if they are not the default. */
  readonly timers?: Partial<TimerValues>;
  readonly edit?: EventEdit;
  /** Where a request in a dialog goes; counts without `dialogs` only. */
  readonly nextHop?: (request: SipRequest, known: Hop) => Hop;
  /** Told when a handler of the user throws in what a timer set off. Default: a warning of the process. */
  readonly onHandlerError?: (error: unknown) => void;
}

/** Something that is to happen at a time. */
export interface Alarm {
  ring(now: number): void;
}

export interface Agent {
  readonly endpoint: SipEndpoint;
  readonly ids: Ids;
  readonly dialogs: Dialogs;
  readonly timers: TimerValues;
  readonly alarms: Agenda<Alarm>;
  readonly now: () => number;
  readonly contactFor: (peer: Hop) => string;
  readonly edit: EventEdit;
  /** Calls a handler of the user. */
  readonly guard: (call: () => void) => void;
}

/** What may be said of any message. */
export interface MessageOptions {
  /** They take the place of fields of the same name that would stand there by themselves. */
  readonly headers?: readonly HeaderPair[];
  readonly body?: Body;
  readonly annotation?: Annotation;
  /** Id of the stimulus that the message carries out. */
  readonly stimulus?: string;
}

export function createAgent(options: EventAgentOptions): Agent {
  const { endpoint, clock, ids, contact, onHandlerError = warnOfHandler } = options;
  const guard = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      onHandlerError(error);
    }
  };
  return {
    endpoint,
    ids,
    dialogs: options.dialogs ?? createDialogs({ endpoint, nextHop: options.nextHop }),
    timers: { ...DEFAULT_TIMERS, ...options.timers },
    alarms: createAgenda<Alarm>(clock, (alarm, now) => guard(() => alarm.ring(now))),
    now: () => clock.now(),
    contactFor: (peer) => (typeof contact === "string" ? contact : contact(peer)),
    edit: options.edit ?? ((message) => message),
    guard,
  };
}
