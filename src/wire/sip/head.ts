/**
 * Start line and header fields of a message (RFC 3261 7.1-7.3), read from a string that holds one byte per character, so that an index
 * is an offset in bytes.
 */
import { isAll, TOKEN, VISIBLE } from "./characters.ts";
import { excerpt, SipParseError } from "./error.ts";
import type { SipParseErrorCode } from "./error.ts";
import type { SipLimits } from "./limits.ts";
import type { HeaderField } from "./message.ts";
import { decodeBytes } from "./text.ts";

export type StartLine =
  | { readonly kind: "request"; readonly method: string; readonly uri: string; readonly version: string }
  | { readonly kind: "response"; readonly version: string; readonly status: number; readonly reason: string };

/** Makes the error for a place in the head; line and column are counted only now, so that good messages do not pay for them. */
export function headError(
  head: string,
  code: SipParseErrorCode,
  offset: number,
  clause: string,
  expected: string,
  actual: string,
): SipParseError {
  let line = 1;
  let lineStart = 0;
  for (let end = head.indexOf("\n"); end !== -1 && end < offset; end = head.indexOf("\n", end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  return new SipParseError(code, { offset, line, column: offset - lineStart + 1, clause, expected, actual });
}

/** RFC 3261 25.1 `SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT` */
const SIP_VERSION = /^SIP\/[0-9]+\.[0-9]+$/i;
/** Characters that RFC 3261 25.1 `header-value = *(TEXT-UTF8char / UTF8-CONT / LWS)` leaves out, and the backslash that may escape them. */
// eslint-disable-next-line no-control-regex -- the rule speaks of bytes
const SUSPECT = /[\x00-\x08\x0a-\x1f\x7f\\]/;
// eslint-disable-next-line no-control-regex -- the rule speaks of bytes
const NON_ASCII = /[\x80-\xff]/;

/**
 * RFC 3261 25.1 `Request-Line = Method SP Request-URI SP SIP-Version CRLF`,
 * `Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF`: exactly one SP between the parts.
 */
export function readStartLine(head: string, start: number, end: number): StartLine {
  const line = head.slice(start, end);
  const first = line.indexOf(" ");
  const second = first === -1 ? -1 : line.indexOf(" ", first + 1);
  if (second === -1) {
    const expected = "Method SP Request-URI SP SIP/2.0, or SIP/2.0 SP Status-Code SP Reason-Phrase";
    throw headError(
      head,
      "start-line",
      start,
      "RFC 3261 7.1 Request-Line, 7.2 Status-Line",
      expected,
      excerpt(line),
    );
  }
  return line.startsWith("SIP/") || /^SIP\//i.test(line)
    ? readStatusLine(head, start, line, first, second)
    : readRequestLine(head, start, line, first, second);
}

function readRequestLine(
  head: string,
  start: number,
  line: string,
  first: number,
  second: number,
): StartLine {
  const method = line.slice(0, first);
  const uri = line.slice(first + 1, second);
  const version = line.slice(second + 1);
  const clause = "RFC 3261 7.1 Request-Line";
  if (!isAll(method, TOKEN))
    throw headError(head, "method", start, clause, "a method (token)", excerpt(method));
  // Printable ASCII without space: no URI holds anything else (25.1 `Request-URI`; the URI's own rules are in `uri.ts`).
  if (!isAll(uri, VISIBLE)) {
    throw headError(
      head,
      "request-uri",
      start + first + 1,
      clause,
      "a Request-URI after exactly one space",
      excerpt(line.slice(first)),
    );
  }
  checkVersion(head, start + second + 1, version, clause);
  return { kind: "request", method, uri, version };
}

function readStatusLine(head: string, start: number, line: string, first: number, second: number): StartLine {
  const version = line.slice(0, first);
  const status = line.slice(first + 1, second);
  const reason = line.slice(second + 1);
  const clause = "RFC 3261 7.2 Status-Line";
  checkVersion(head, start, version, clause);
  if (!/^[0-9]{3}$/.test(status)) {
    throw headError(
      head,
      "status-code",
      start + first + 1,
      clause,
      "a status code of three digits",
      excerpt(status),
    );
  }
  if (controlCharacter(reason) !== -1) {
    throw headError(
      head,
      "reason-phrase",
      start + second + 1,
      clause,
      "a Reason-Phrase without control characters",
      excerpt(reason),
    );
  }
  return { kind: "response", version, status: Number(status), reason: textOf(reason) };
}

function checkVersion(head: string, offset: number, version: string, clause: string): void {
  if (version === "SIP/2.0") return;
  if (!SIP_VERSION.test(version)) {
    const code = version.startsWith("SIP/") ? "version" : "start-line";
    throw headError(head, code, offset, clause, "SIP/2.0 at the end of the line", excerpt(version));
  }
  if (!/^SIP\/2\.0$/i.test(version)) {
    throw headError(head, "version", offset, `${clause}, 7.1 SIP-Version`, "SIP/2.0", excerpt(version));
  }
}

function textOf(binary: string): string {
  return NON_ASCII.test(binary) ? decodeBytes(binary) : binary;
}

/** RFC 3261 25.1 `*( message-header )` from `start` to `end`, where the last line end before `end` is the last header's. */
export function readHeaderFields(head: string, start: number, end: number, limits: SipLimits): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = start; at < end;) {
    const lineEnd = head.indexOf("\r\n", at);
    const next = endOfField(head, lineEnd + 2, end);
    if (fields.length >= limits.headers) {
      throw headError(
        head,
        "too-many-headers",
        at,
        LIMITS,
        `at most ${limits.headers} header fields`,
        "one more",
      );
    }
    if (next - at > limits.headerBytes) {
      throw headError(
        head,
        "header-too-large",
        at,
        LIMITS,
        `at most ${limits.headerBytes} bytes in a header field`,
        `${next - at} bytes`,
      );
    }
    fields.push(readHeaderField(head, at, next - 2, lineEnd));
    at = next;
  }
  return fields;
}

export const LIMITS = "Scrim's limits (wire/sip/limits.ts)";

/** After the CRLF that ends the field whose first line ends before `afterLine`: a line that begins with white space continues it (RFC 3261 7.3.1). */
function endOfField(head: string, afterLine: number, end: number): number {
  let next = afterLine;
  while (next < end && isWhiteSpace(head.charCodeAt(next))) next = head.indexOf("\r\n", next) + 2;
  return next;
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** RFC 3261 25.1 `extension-header = header-name HCOLON header-value`, `HCOLON = *( SP / HTAB ) ":" SWS` */
function readHeaderField(head: string, start: number, end: number, lineEnd: number): HeaderField {
  const clause = "RFC 3261 7.3.1 message-header";
  const colon = head.indexOf(":", start);
  if (colon === -1 || colon >= end) {
    const line = excerpt(head.slice(start, end));
    throw headError(head, "header-colon", start, clause, "a header name and a colon", line);
  }
  const name = head.slice(start, endOfText(head, start, colon));
  if (!isAll(name, TOKEN))
    throw headError(head, "header-name", start, clause, "a header name (token)", excerpt(name));
  const folded = lineEnd < end;
  const value = folded ? unfold(head.slice(colon + 1, end)) : trimmed(head, colon + 1, end);
  if (controlCharacter(value) !== -1) {
    const raw = head.slice(colon + 1, end).replaceAll("\r\n", "  ");
    const place = colon + 1 + controlCharacter(raw);
    throw headError(
      head,
      "header-value",
      place,
      clause,
      `no control character in ${name}`,
      excerpt(head.charAt(place)),
    );
  }
  return { name, value: textOf(folded ? trimmed(value, 0, value.length) : value), offset: start };
}

/**
 * The first control character, -1 when there is none. RFC 3261 25.1 `quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)` lets them stand
 * after a backslash.
 */
function controlCharacter(value: string): number {
  if (!SUSPECT.test(value)) return -1;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code === 0x5c && value.charAt(at + 1) !== "\n" && value.charAt(at + 1) !== "\r") at += 1;
    else if (code < 0x20 ? code !== 0x09 : code === 0x7f) return at;
  }
  return -1;
}

/** `text` from `start` to `end` without white space on its sides; a loop, because a regular expression would be quadratic in the white space. */
export function trimmed(text: string, start: number, end: number): string {
  let from = start;
  while (from < end && isWhiteSpace(text.charCodeAt(from))) from += 1;
  return text.slice(from, endOfText(text, from, end));
}

/** `end`, or the start of the white space before it, but not before `start`. */
export function endOfText(text: string, start: number, end: number): number {
  let to = end;
  while (to > start && isWhiteSpace(text.charCodeAt(to - 1))) to -= 1;
  return to;
}

/** RFC 3261 25.1 `LWS = [*WSP CRLF] 1*WSP`: a fold means one space. */
function unfold(value: string): string {
  return value
    .split("\r\n")
    .map((line) => trimmed(line, 0, line.length))
    .join(" ");
}
