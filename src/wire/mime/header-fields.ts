/** A block of header fields up to the empty line (RFC 2045 3, RFC 822 3.1): also the content headers of CPIM and the headers of HTTP. */
import { DEFAULT_MIME_LIMITS } from "./limits.ts";
import { mimeError } from "./mime-error.ts";

export interface MimeHeader {
  /** As sent. */
  readonly name: string;
  /** Without surrounding white space; folded lines are joined by one space. */
  readonly value: string;
  /** Of the name, in the bytes that were parsed; -1 for a header that was made here. */
  readonly offset: number;
}

export interface HeaderBlock {
  readonly headers: readonly MimeHeader[];
  /** Offset behind the empty line; the length of the data if there was no empty line. */
  readonly end: number;
  readonly terminated: boolean;
}

const CR = 0x0d;
const LF = 0x0a;
const FIELD = /^([!#$%&'*+\-.0-9A-Z^_`a-z|~]+)[ \t]*:[ \t]*(.*)$/su;

/**
 * Reads header fields from `start` up to the empty line or `end`. Lines end in CRLF. A block of more than `limit` bytes is refused.
 * Throws MimeError `bad-header`, `bad-line-end`, `headers-too-large`.
 */
export function parseHeaderFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  limit = DEFAULT_MIME_LIMITS.headerBytes,
): HeaderBlock {
  const headers: MimeHeader[] = [];
  let at = start;
  while (at < end) {
    const lineEnd = endOfLine(bytes, at, end);
    if (lineEnd - start > limit) throw tooLarge(bytes, start, limit);
    if (lineEnd === at) return { headers, end: at + 2, terminated: true };
    readLine(bytes, at, lineEnd, headers);
    at = Math.min(lineEnd + 2, end);
  }
  return { headers, end, terminated: false };
}

function readLine(bytes: Uint8Array, at: number, lineEnd: number, headers: MimeHeader[]): void {
  const line = decode(bytes, at, lineEnd);
  const previous = headers.at(-1);
  if (/^[ \t]/u.test(line) && previous !== undefined) {
    headers[headers.length - 1] = { ...previous, value: `${previous.value} ${line.trim()}`.trim() };
    return;
  }
  const field = FIELD.exec(line);
  if (field === null) {
    throw mimeError(bytes, at, {
      code: "bad-header",
      expected: "a header field, name and colon, or an empty line",
      clause: "RFC 2045 3",
      remedy: "Separate headers and content by an empty line.",
    });
  }
  headers.push({ name: field[1] ?? "", value: (field[2] ?? "").trim(), offset: at });
}

function endOfLine(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.subarray(0, end).indexOf(LF, at);
  if (found === -1) return end;
  if (found > at && bytes[found - 1] === CR) return found - 1;
  throw mimeError(bytes, found, {
    code: "bad-line-end",
    expected: "CRLF at the end of a header line",
    found: "a line feed alone",
    clause: "RFC 2046 4.1.1",
    remedy: "End each header line in CR LF.",
  });
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end));
  } catch {
    throw mimeError(bytes, start, {
      code: "bad-header",
      expected: "UTF-8",
      clause: "RFC 2045 3",
      remedy: "Encode header values in UTF-8.",
    });
  }
}

function tooLarge(bytes: Uint8Array, start: number, limit: number): Error {
  return mimeError(bytes, start, {
    code: "headers-too-large",
    expected: `at most ${limit} bytes of headers`,
    clause: "limit of this reader",
    remedy: "Send shorter headers.",
  });
}

/** Value of the first header of that name, in any case. */
export function fieldValue(
  headers: readonly { readonly name: string; readonly value: string }[],
  name: string,
): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find((header) => header.name.toLowerCase() === wanted)?.value;
}
