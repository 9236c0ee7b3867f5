/**
 * Header fields of event notification (RFC 3265 7.2, RFC 6665 8.2): Event, Subscription-State, Allow-Events, Min-Expires. The parsers throw
 * SipParseError; the views give undefined where a field is missing or cannot be read.
 */
import { readable } from "./error.ts";
import { FieldReader, formatParams, NO_PARAMS, type Params, unquoted } from "./grammar.ts";
import { header, tokensOf } from "./headers.ts";
import type { SipMessage } from "./message.ts";

export interface EventType {
  /** Package with its templates, such as `presence.winfo`; compared character by character (RFC 6665 8.2.1). */
  readonly type: string;
  /** `id`, which tells subscriptions of one dialog apart. */
  readonly id?: string;
  /** All of them, `id` too. */
  readonly params: Params;
}

/** RFC 6665 8.4 `event-type = event-package *( "." event-template )`, `token-nodot` */
const EVENT_TYPE = /[A-Za-z0-9\-!%*_+`'~]+(?:\.[A-Za-z0-9\-!%*_+`'~]+)*/y;

export function parseEvent(value: string): EventType {
  const reader = new FieldReader(value, "RFC 6665 8.4 Event");
  const type = reader.need(EVENT_TYPE, "an event package");
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  const id = params.get("id");
  return id === undefined ? { type, params } : { type, id, params };
}

export function formatEvent(event: Pick<EventType, "type"> & Partial<EventType>): string {
  const { type, id, params = NO_PARAMS } = event;
  const all = new Map(params);
  if (id !== undefined) all.set("id", id);
  return `${type}${formatParams(all)}`;
}

export function eventTypeOf(message: SipMessage): EventType | undefined {
  return read(message, "Event", parseEvent);
}

/** RFC 6665 4.4.1, 8.2.1: a NOTIFY belongs to a SUBSCRIBE when package and `id` are the same, `id` missing in both included. */
export function sameEvent(a: Pick<EventType, "type" | "id">, b: Pick<EventType, "type" | "id">): boolean {
  return a.type === b.type && a.id === b.id;
}

/** Event packages, as sent. */
export function allowEventsOf(message: SipMessage): string[] {
  return tokensOf(message, "Allow-Events");
}

/** Why a subscription ended (RFC 6665 4.1.3; `invariant` is not in RFC 3265). Others may come. */
export const TERMINATION_REASONS = [
  "deactivated",
  "probation",
  "rejected",
  "timeout",
  "giveup",
  "noresource",
  "invariant",
] as const;
export type TerminationReason = (typeof TERMINATION_REASONS)[number];

export interface SubscriptionStateValue {
  /** `active`, `pending`, `terminated`, or an extension; in lower case. */
  readonly state: string;
  /** In lower case. */
  readonly reason?: string;
  /** Seconds. */
  readonly expires?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** All of them, those above too. */
  readonly params?: Params;
}

export function parseSubscriptionState(value: string): SubscriptionStateValue {
  const reader = new FieldReader(value, "RFC 6665 8.4 Subscription-State");
  const state = reader.token("a state").toLowerCase();
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  const seconds = (name: string): number | undefined => {
    const text = params.get(name);
    if (!params.has(name)) return undefined;
    const number = text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : Infinity;
    if (number >= 2 ** 32) throw reader.fail(`${name} in seconds, below 2**32`);
    return number;
  };
  const reason = params.get("reason");
  const [expires, retryAfter] = [seconds("expires"), seconds("retry-after")];
  return {
    state,
    ...(reason === undefined ? {} : { reason: unquoted(reason).toLowerCase() }),
    ...(expires === undefined ? {} : { expires }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    params,
  };
}

export function formatSubscriptionState(value: SubscriptionStateValue): string {
  const { state, reason, expires, retryAfter, params = NO_PARAMS } = value;
  const all = new Map(params);
  if (reason !== undefined) all.set("reason", reason);
  if (expires !== undefined) all.set("expires", String(expires));
  if (retryAfter !== undefined) all.set("retry-after", String(retryAfter));
  return `${state}${formatParams(all)}`;
}

/** See `subscriptionStateOf` in headers.ts for the value as it stands. */
export function subscriptionStateValueOf(message: SipMessage): SubscriptionStateValue | undefined {
  return read(message, "Subscription-State", parseSubscriptionState);
}

/** RFC 3261 20.23: seconds. */
export function minExpiresOf(message: SipMessage): number | undefined {
  return read(message, "Min-Expires", (value) => {
    const reader = new FieldReader(value, "RFC 3261 20.23 Min-Expires");
    const seconds = reader.number("seconds");
    reader.end();
    return seconds;
  });
}

function read<T>(message: SipMessage, name: string, parse: (value: string) => T): T | undefined {
  const value = header(message, name);
  return value === undefined ? undefined : readable(() => parse(value));
}
