/** New messages. */
import { checkedField } from "./field.ts";
import { canonicalName } from "./header-names.ts";
import { reasonPhrase } from "./status.ts";
import type { HeaderField, SipRequest, SipResponse } from "./message.ts";

export type HeaderPair = readonly [name: string, value: string];

export interface SipRequestParts {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly HeaderPair[];
  readonly body?: Uint8Array;
}

const NO_BODY = new Uint8Array(0);

/**
 * A request with the given fields in the given order. Content-Length is added at the end unless it is among them.
 *
 * @throws SipParseError when a field would break the frame
 */
export function sipRequest({ method, uri, headers, body = NO_BODY }: SipRequestParts): SipRequest {
  return {
    kind: "request",
    version: "SIP/2.0",
    method,
    uri,
    headers: withLength(fieldsOf(headers), body),
    body,
  };
}

export interface SipResponseParts {
  readonly headers?: readonly HeaderPair[];
  readonly body?: Uint8Array;
  /** Put on To when the request had no tag there and the response is not 100 (RFC 3261 8.2.6.2). */
  readonly toTag?: string;
}

/**
 * The response to a request (RFC 3261 8.2.6.2): From, Call-ID, CSeq, Via values in order and To are the request's, as sent. Timestamp goes
 * into 100 (8.2.6.1), Record-Route into responses that may make a dialog (12.1.1).
 *
 * @throws SipParseError when a field would break the frame
 */
export function sipResponse(
  request: SipRequest,
  status: number,
  reason: string = reasonPhrase(status),
  parts: SipResponseParts = {},
): SipResponse {
  const body = parts.body ?? NO_BODY;
  const copied = request.headers
    .filter((field) => isCopied(canonicalName(field.name), request.method, status))
    .map((field) => checkedField(field.name, valueInResponse(field, status, parts.toTag)));
  const headers = withLength([...copied, ...fieldsOf(parts.headers ?? [])], body);
  return { kind: "response", version: "SIP/2.0", status, reason, headers, body };
}

const COPIED: ReadonlySet<string> = new Set(["via", "from", "to", "call-id", "cseq"]);
/** RFC 3261 12.1, RFC 6665 4.4.1, RFC 3515 2.4.4: requests whose responses make a dialog. */
const DIALOG_MAKING: ReadonlySet<string> = new Set(["INVITE", "SUBSCRIBE", "REFER"]);

function isCopied(name: string, method: string, status: number): boolean {
  if (name === "timestamp") return status === 100;
  if (name === "record-route") return status > 100 && status < 300 && DIALOG_MAKING.has(method);
  return COPIED.has(name);
}

/** RFC 3261 25.1 `tag-param = "tag" EQUAL token`, in what follows the address. */
const TAG_PARAMETER = /;[ \t]*tag[ \t]*=/i;

function valueInResponse(field: HeaderField, status: number, toTag: string | undefined): string {
  if (toTag === undefined || status === 100 || canonicalName(field.name) !== "to") return field.value;
  const afterAddress = field.value.slice(field.value.lastIndexOf(">") + 1);
  return TAG_PARAMETER.test(afterAddress) ? field.value : `${field.value};tag=${toTag}`;
}

function fieldsOf(pairs: readonly HeaderPair[]): HeaderField[] {
  return pairs.map(([name, value]) => checkedField(name, value));
}

function withLength(fields: readonly HeaderField[], body: Uint8Array): HeaderField[] {
  const has = fields.some((field) => canonicalName(field.name) === "content-length");
  return has ? [...fields] : [...fields, checkedField("Content-Length", String(body.length))];
}
