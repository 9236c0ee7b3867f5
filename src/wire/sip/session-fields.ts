/**
 * Header fields of sessions: Session-Expires and Min-SE (RFC 4028), RSeq and RAck (RFC 3262), Replaces (RFC 3891), Retry-After (RFC 3261
 * 20.33). The parsers throw SipParseError; the views give undefined where a field is missing or cannot be read.
 */
import { readable } from "./error.ts";
import { skipComment } from "./fields.ts";
import { formatParams, FieldReader } from "./grammar.ts";
import type { Params } from "./grammar.ts";
import { header, headerFields, tokensOf } from "./headers.ts";
import type { SipMessage } from "./message.ts";

/** Who sends the refreshes: the UAC or the UAS of the request that the field belongs to (RFC 4028 4). */
export type Refresher = "uac" | "uas";

export interface SessionExpires {
  /** Seconds. */
  readonly interval: number;
  readonly refresher?: Refresher;
}

/** RFC 4028 4 `Session-Expires = delta-seconds *(SEMI se-params)`, `refresher-param = "refresher" EQUAL ("uas" / "uac")` */
export function parseSessionExpires(value: string): SessionExpires {
  const reader = new FieldReader(value, "RFC 4028 4 Session-Expires");
  const interval = reader.number("a session interval in seconds");
  const refresher = reader.params().get("refresher")?.toLowerCase();
  reader.end("a parameter or the end of the value");
  if (refresher === undefined) return { interval };
  if (refresher !== "uac" && refresher !== "uas") throw reader.fail("refresher uac or uas");
  return { interval, refresher };
}

export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  return read(message, "Session-Expires", parseSessionExpires);
}

export function formatSessionExpires({ interval, refresher }: SessionExpires): string {
  return refresher === undefined ? String(interval) : `${interval};refresher=${refresher}`;
}

/** RFC 4028 5 `Min-SE = delta-seconds *(SEMI generic-param)`: seconds. */
export function parseMinSe(value: string): number {
  const reader = new FieldReader(value, "RFC 4028 5 Min-SE");
  const seconds = reader.number("seconds");
  reader.params();
  reader.end("a parameter or the end of the value");
  return seconds;
}

/** Seconds. */
export function minSeOf(message: SipMessage): number | undefined {
  return read(message, "Min-SE", parseMinSe);
}

/** RFC 3262 7.1 `RSeq = response-num`, 1 to 2**32 - 1 */
export function parseRSeq(value: string): number {
  const reader = new FieldReader(value, "RFC 3262 7.1 RSeq");
  const number = readResponseNumber(reader);
  reader.end();
  return number;
}

export function rseqOf(message: SipMessage): number | undefined {
  return read(message, "RSeq", parseRSeq);
}

/** What a PRACK acknowledges: the RSeq of a response, and the CSeq of the request that it answered. */
export interface RAck {
  readonly response: number;
  readonly sequence: number;
  readonly method: string;
}

/** RFC 3262 7.2 `RAck = response-num LWS CSeq-num LWS Method` */
export function parseRAck(value: string): RAck {
  const reader = new FieldReader(value, "RFC 3262 7.2 RAck");
  const response = readResponseNumber(reader);
  reader.lws("the number of CSeq");
  const sequence = reader.number("a sequence number");
  reader.lws("the method");
  const method = reader.token("a method");
  reader.end();
  return { response, sequence, method };
}

export function rackOf(message: SipMessage): RAck | undefined {
  return read(message, "RAck", parseRAck);
}

function readResponseNumber(reader: FieldReader): number {
  const number = reader.number("a response number");
  if (number < 1) throw reader.fail("a response number from 1 on");
  return number;
}

/** The dialog that is to be replaced, as its end at the receiver names it. */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** A Call-ID with its `@`, up to the first parameter. */
const CALL_ID = /[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+(?:@[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+)?/y;

/** RFC 3891 6.1 `Replaces = callid *(SEMI replaces-param)`; to-tag and from-tag exactly once each. */
export function parseReplaces(value: string): Replaces {
  const reader = new FieldReader(value, "RFC 3891 6.1 Replaces");
  const callId = reader.need(CALL_ID, "a Call-ID");
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  const tag = (name: string): string => {
    const found = params.get(name);
    if (found === undefined) throw reader.fail(`parameter ${name}`);
    return found;
  };
  return { callId, toTag: tag("to-tag"), fromTag: tag("from-tag"), earlyOnly: params.has("early-only") };
}

/** `malformed`: a field that cannot be read, or more than one (RFC 3891 3: to be refused with 400). Undefined: there is none. */
export function replacesOf(message: SipMessage): Replaces | "malformed" | undefined {
  const [field, ...others] = headerFields(message, "Replaces");
  if (field === undefined) return undefined;
  if (others.length > 0) return "malformed";
  return readable(() => parseReplaces(field.value)) ?? "malformed";
}

export function formatReplaces({ callId, toTag, fromTag, earlyOnly }: Replaces): string {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ";early-only" : ""}`;
}

export interface RetryAfter {
  /** Seconds. */
  readonly after: number;
  readonly params: Params;
}

/** RFC 3261 25.1 `Retry-After = delta-seconds [ comment ] *( SEMI retry-param )` */
export function parseRetryAfter(value: string): RetryAfter {
  const reader = new FieldReader(value, "RFC 3261 20.33 Retry-After");
  const after = reader.number("seconds");
  reader.space();
  if (reader.peek() === "(") skipComment(reader);
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  return { after, params };
}

export function retryAfterOf(message: SipMessage): RetryAfter | undefined {
  return read(message, "Retry-After", parseRetryAfter);
}

export function formatRetryAfter({ after, params }: RetryAfter): string {
  return `${after}${formatParams(params)}`;
}

/** Whether an option tag stands in Supported or in Require: either says that the sender understands the extension (RFC 3262 3, RFC 4028 9). */
export function understands(message: SipMessage, option: string): boolean {
  return names(message, "Supported", option) || names(message, "Require", option);
}

/** Whether Require has an option tag. */
export function requires(message: SipMessage, option: string): boolean {
  return names(message, "Require", option);
}

function names(message: SipMessage, field: string, option: string): boolean {
  return tokensOf(message, field).some((tag) => tag.toLowerCase() === option.toLowerCase());
}

function read<T>(message: SipMessage, name: string, parse: (value: string) => T): T | undefined {
  const value = header(message, name);
  return value === undefined ? undefined : readable(() => parse(value));
}
