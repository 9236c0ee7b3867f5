/**
 * Bytes to message (RFC 3261 7): strict in the structure of a message, so that what it returns can be taken apart line by line. What a
 * header field's own grammar asks for is not its business: `headers.ts` reads fields, `validate.ts` lists what is wrong with them.
 *
 * Time is linear in the size of the message, and bounded by the limits.
 */
import { excerpt, SipParseError } from "./error.ts";
import { headError, LIMITS, readHeaderFields, readStartLine } from "./head.ts";
import { isPlainHead, readPlainFields, readPlainStartLine } from "./plain-head.ts";
import type { StartLine } from "./head.ts";
import { canonicalName } from "./header-names.ts";
import { DEFAULT_SIP_LIMITS } from "./limits.ts";
import type { SipLimits } from "./limits.ts";
import type { HeaderField, SipMessage } from "./message.ts";

export interface ParseSipOptions {
  /** The bytes came from a stream: Content-Length is mandatory (RFC 3261 18.3), and what stands after the message is not part of it. */
  readonly stream?: boolean;
  readonly limits?: Partial<SipLimits>;
}

/**
 * Reads one message. In a datagram the body ends where Content-Length says, or with the datagram (RFC 3261 18.3); line ends before the
 * start line are skipped (7.5). `received` of the result is all that was given, or in a stream the message alone.
 *
 * @throws SipParseError
 */
export function parseSip(bytes: Uint8Array, options: ParseSipOptions = {}): SipMessage {
  const limits =
    options.limits === undefined ? DEFAULT_SIP_LIMITS : { ...DEFAULT_SIP_LIMITS, ...options.limits };
  const stream = options.stream ?? false;
  const head = readHead(bytes, limits);
  const available = bytes.length - head.bodyStart;
  const length = bodyLength(head, stream, limits) ?? available;
  if (length > available) throw bodyIncomplete(head, length, available);
  if (length > limits.bodyBytes) throw bodyTooLarge(head, head.bodyStart, length, limits);
  const end = head.bodyStart + length;
  const { headers, startLine } = head;
  const body = bytes.subarray(head.bodyStart, end);
  const received = stream ? bytes.subarray(0, end) : bytes;
  if (startLine.kind === "request") {
    const { kind, method, uri, version } = startLine;
    return { kind, method, uri, version, headers, body, received };
  }
  const { kind, version, status, reason } = startLine;
  return { kind, version, status, reason, headers, body, received };
}

/** What stands before the body. */
export interface SipHead {
  /** One byte per character, for positions in errors. */
  readonly text: string;
  readonly startLine: StartLine;
  readonly headers: readonly HeaderField[];
  /** Offset of the first byte after the empty line. */
  readonly bodyStart: number;
}

/**
 * Reads start line and header fields.
 *
 * @throws SipParseError
 */
export function readHead(bytes: Uint8Array, limits: SipLimits): SipHead {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = skipLineEnds(buffer);
  const plain = readPlainHead(buffer, start, limits);
  if (plain !== undefined) return plain;
  const text = headText(buffer, start, limits);
  const startLineEnd = text.indexOf("\r\n", start);
  const startLine = readStartLine(text, start, startLineEnd);
  const headers = readHeaderFields(text, startLineEnd + 2, text.length, limits);
  return { text, startLine, headers, bodyStart: text.length + 2 };
}

const CR = 0x0d;
const LF = 0x0a;

/** RFC 3261 7.5: CRLF before the start line is ignored. */
export function skipLineEnds(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}

/**
 * The head of a message that has nothing unusual in it, as nearly all have. Undefined where something needs a closer look: then the way
 * that names every error is taken.
 */
function readPlainHead(buffer: Buffer, start: number, limits: SipLimits): SipHead | undefined {
  const emptyLine = buffer.indexOf(EMPTY_LINE, start);
  if (emptyLine === -1 || emptyLine + 4 - start > limits.headBytes) return undefined;
  const text = buffer.toString("latin1", 0, emptyLine + 2);
  if (!isPlainHead(text, start)) return undefined;
  const startLineEnd = text.indexOf("\r\n", start);
  const headers = readPlainFields(text, startLineEnd + 2, limits);
  if (headers === undefined) return undefined;
  const startLine = readPlainStartLine(text, start) ?? readStartLine(text, start, startLineEnd);
  return { text, startLine, headers, bodyStart: emptyLine + 4 };
}

const EMPTY_LINE = Buffer.from("\r\n\r\n");

/** The head up to and with the line end of its last line; offsets in it are offsets in the message. */
function headText(buffer: Buffer, start: number, limits: SipLimits): string {
  const most = Math.min(buffer.length, start + limits.headBytes);
  const found = buffer.indexOf("\r\n\r\n", start, "latin1");
  const emptyLine = found === -1 || found + 4 > most ? -1 : found;
  const text = buffer.toString("latin1", 0, emptyLine === -1 ? most : emptyLine + 2);
  const bare = bareLineEnd(text);
  if (bare !== -1 && !(emptyLine === -1 && text.endsWith("\r") && bare === text.length - 1)) {
    throw headError(
      text,
      "line-end",
      bare,
      "RFC 3261 7 SIP-message",
      "CRLF at the end of a line",
      excerpt(text.charAt(bare)),
    );
  }
  if (emptyLine === -1) throw headWithoutEnd(text, start, buffer, limits);
  return text;
}

/**
 * The first line end that is not CRLF, -1 when there is none (RFC 3261 7: "each line … MUST be terminated by a carriage-return line-feed
 * sequence").
 */
function bareLineEnd(text: string): number {
  let at = 0;
  for (;;) {
    const cr = text.indexOf("\r", at);
    const lf = text.indexOf("\n", at);
    if (cr === -1 || lf !== cr + 1) return cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
    at = lf + 1;
  }
}

function headWithoutEnd(text: string, start: number, buffer: Buffer, limits: SipLimits): SipParseError {
  const end = text.length;
  if (start === buffer.length) {
    return headError(
      text,
      "empty",
      end,
      "RFC 3261 7 SIP-message",
      "a SIP message",
      end === 0 ? "no bytes" : "line ends only",
    );
  }
  return buffer.length > text.length
    ? headError(
        text,
        "head-too-large",
        end,
        LIMITS,
        `an empty line within ${limits.headBytes} bytes`,
        "more header bytes",
      )
    : headError(
        text,
        "head-incomplete",
        end,
        "RFC 3261 7 SIP-message",
        "an empty line after the header fields",
        "the end of the bytes",
      );
}

/**
 * Length of the body as Content-Length gives it; undefined when there is none and the end of the datagram decides.
 *
 * @throws SipParseError when it is no number, contradicts itself, is above the limit, or is missing in a stream
 */
export function bodyLength(head: SipHead, stream: boolean, limits: SipLimits): number | undefined {
  let first: HeaderField | undefined;
  for (const field of head.headers) {
    if (!mayBeContentLength(field.name) || canonicalName(field.name) !== "content-length") continue;
    first ??= field;
    checkContentLength(head, field, first);
  }
  if (first === undefined) {
    if (!stream) return undefined;
    const clause = "RFC 3261 18.3, 20.14 Content-Length";
    throw headError(
      head.text,
      "content-length-missing",
      head.bodyStart - 2,
      clause,
      "Content-Length in a message over a stream",
      "none",
    );
  }
  const length = Number(first.value);
  if (length > limits.bodyBytes) throw bodyTooLarge(head, first.offset, length, limits);
  return length;
}

/** By length alone, which rules out nearly every other name: `Content-Length` or `l`. */
function mayBeContentLength(name: string): boolean {
  return name.length === 14 || name.length === 1;
}

/** RFC 3261 25.1 `Content-Length = ( "Content-Length" / "l" ) HCOLON 1*DIGIT` */
function checkContentLength(head: SipHead, field: HeaderField, first: HeaderField): void {
  const clause = "RFC 3261 20.14 Content-Length";
  if (!/^[0-9]+$/.test(field.value)) {
    throw headError(
      head.text,
      "content-length-syntax",
      field.offset,
      clause,
      "digits in Content-Length",
      excerpt(field.value),
    );
  }
  if (field !== first && Number(field.value) !== Number(first.value)) {
    const actual = `${first.value} and ${field.value}`;
    throw headError(
      head.text,
      "content-length-conflict",
      field.offset,
      clause,
      "one Content-Length",
      excerpt(actual),
    );
  }
}

function bodyIncomplete(head: SipHead, length: number, available: number): SipParseError {
  const clause = "RFC 3261 18.3, 20.14 Content-Length";
  return headError(
    `${head.text}\r\n`,
    "body-incomplete",
    head.bodyStart,
    clause,
    `a body of ${length} bytes`,
    `${available} bytes`,
  );
}

function bodyTooLarge(head: SipHead, offset: number, length: number, limits: SipLimits): SipParseError {
  return headError(
    head.text,
    "body-too-large",
    offset,
    LIMITS,
    `a body of at most ${limits.bodyBytes} bytes`,
    `${length} bytes`,
  );
}
