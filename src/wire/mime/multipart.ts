/** Multipart bodies (RFC 2046 5.1) with the part headers that SIP uses: Content-Type, Content-Disposition, Content-ID (RFC 2392). */
import { parseContentType, parseDisposition } from "./content-type.ts";
import type { ContentType, Disposition, MimeParameters } from "./content-type.ts";
import { fieldValue, parseHeaderFields } from "./header-fields.ts";
import type { MimeHeader } from "./header-fields.ts";
import { DEFAULT_MIME_LIMITS } from "./limits.ts";
import type { MimeLimits } from "./limits.ts";
import { mimeError } from "./mime-error.ts";
import type { MimeError } from "./mime-error.ts";

export interface MimePart {
  readonly headers: readonly MimeHeader[];
  /** `text/plain` with charset us-ascii where the part has none (RFC 2046 5.1). */
  readonly contentType: ContentType;
  readonly disposition?: Disposition;
  /** Without the angle brackets, as a `cid:` URL names it. */
  readonly contentId?: string;
  readonly body: Uint8Array;
  /** Of the part's first byte and of its body, in the bytes that were parsed. */
  readonly offset: number;
  readonly bodyOffset: number;
}

export interface MultipartOptions {
  readonly limits?: Partial<MimeLimits>;
  /** Take the end of the data for the closing boundary. */
  readonly acceptMissingEnd?: boolean;
}

/** A Content-Type as read here, or as the SIP headers give it. */
export interface BoundarySource {
  readonly type: string;
  readonly params: MimeParameters | ReadonlyMap<string, string | undefined>;
}

interface Delimiter {
  /** Of the CRLF before it, which belongs to the delimiter. */
  readonly start: number;
  /** Behind the CRLF that ends its line. */
  readonly end: number;
  readonly closing: boolean;
}

// RFC 2046 5.1.1: boundary := 0*69<bchars> bcharsnospace
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/u;

/**
 * Splits a multipart body. Parts keep their order; preamble and epilogue are dropped. A part that is itself multipart is for another call.
 * Throws MimeError: `missing-boundary`, `bad-boundary`, `boundary-not-found`, `malformed-delimiter`, `missing-end-boundary`,
 * `too-many-parts`, and those of headers.
 */
export function parseMultipart(
  bytes: Uint8Array,
  contentType: BoundarySource,
  options: MultipartOptions = {},
): readonly MimePart[] {
  const boundary = boundaryOf(bytes, contentType);
  const limits = { ...DEFAULT_MIME_LIMITS, ...options.limits };
  const parts: MimePart[] = [];
  let delimiter = findDelimiter(bytes, boundary, 0);
  if (delimiter === undefined) throw notFound(bytes, boundary);
  while (!delimiter.closing) {
    if (parts.length === limits.parts) throw tooManyParts(bytes, delimiter.start, limits.parts);
    const next = findDelimiter(bytes, boundary, delimiter.end);
    if (next === undefined && options.acceptMissingEnd !== true) throw missingEnd(bytes, boundary);
    parts.push(readPart(bytes, delimiter.end, next?.start ?? bytes.length, limits));
    if (next === undefined) return parts;
    delimiter = next;
  }
  if (parts.length === 0) throw notFound(bytes, boundary);
  return parts;
}

function boundaryOf(bytes: Uint8Array, { params }: BoundarySource): string {
  const boundary =
    params instanceof Map
      ? params.get("boundary")
      : Object.entries(params).find(([name]) => name === "boundary")?.[1];
  const clause = "RFC 2046 5.1.1";
  if (boundary === undefined) {
    throw mimeError(bytes, 0, {
      code: "missing-boundary",
      expected: "a boundary parameter in Content-Type",
      found: "none",
      clause,
      remedy: "Name the boundary: multipart/mixed;boundary=….",
    });
  }
  if (BOUNDARY.test(boundary)) return boundary;
  throw mimeError(bytes, 0, {
    code: "bad-boundary",
    expected: "1 to 70 boundary characters, the last no space",
    found: JSON.stringify(boundary.slice(0, 80)),
    clause,
    remedy: "Choose a boundary of letters and digits.",
  });
}

/** `from` is 0 or the offset behind a delimiter, whose own CRLF may open the next one. */
function findDelimiter(bytes: Uint8Array, boundary: string, from: number): Delimiter | undefined {
  const marker = Buffer.from(`--${boundary}`, "latin1");
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = data.indexOf(marker, from); at !== -1; at = data.indexOf(marker, at + 1)) {
    if (at !== 0 && !startsLine(bytes, at)) continue;
    return delimiterAt(bytes, at, marker.length, from);
  }
  return undefined;
}

function startsLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === 0x0a && bytes[at - 2] === 0x0d;
}

function delimiterAt(bytes: Uint8Array, at: number, length: number, from: number): Delimiter {
  const behind = at + length;
  const closing = bytes[behind] === 0x2d && bytes[behind + 1] === 0x2d;
  let end = closing ? behind + 2 : behind;
  while (bytes[end] === 0x20 || bytes[end] === 0x09) end += 1;
  const ended = bytes[end] === 0x0d && bytes[end + 1] === 0x0a;
  // The epilogue is separated by a CRLF, which may be missing at the very end.
  if (ended || (closing && end === bytes.length)) {
    return { start: Math.max(from, at - 2), end: ended ? end + 2 : end, closing };
  }
  throw mimeError(bytes, end, {
    code: "malformed-delimiter",
    expected: "CRLF behind the boundary",
    clause: "RFC 2046 5.1.1",
    remedy: "Use a boundary that begins no line of any part, and end its line in CRLF.",
  });
}

function readPart(bytes: Uint8Array, start: number, end: number, limits: MimeLimits): MimePart {
  const block = parseHeaderFields(bytes, start, end, limits.headerBytes);
  const disposition = fieldValue(block.headers, "Content-Disposition");
  const contentId = fieldValue(block.headers, "Content-ID");
  return {
    headers: block.headers,
    contentType: parseContentType(fieldValue(block.headers, "Content-Type") ?? "text/plain;charset=us-ascii"),
    ...(disposition === undefined ? {} : { disposition: parseDisposition(disposition) }),
    ...(contentId === undefined ? {} : { contentId: contentId.replace(/^<(.*)>$/u, "$1") }),
    body: bytes.subarray(block.end, end),
    offset: start,
    bodyOffset: block.end,
  };
}

function notFound(bytes: Uint8Array, boundary: string): MimeError {
  return mimeError(bytes, 0, {
    code: "boundary-not-found",
    expected: `a part behind a line --${boundary}`,
    clause: "RFC 2046 5.1.1",
    remedy: "Write the boundary that Content-Type names, exactly.",
  });
}

function missingEnd(bytes: Uint8Array, boundary: string): MimeError {
  return mimeError(bytes, bytes.length, {
    code: "missing-end-boundary",
    expected: `a line --${boundary}--`,
    clause: "RFC 2046 5.1.1",
    remedy: "Close the last part, or check that the body is not cut short (Content-Length).",
  });
}

function tooManyParts(bytes: Uint8Array, at: number, maxParts: number): MimeError {
  return mimeError(bytes, at, {
    code: "too-many-parts",
    expected: `at most ${maxParts} parts`,
    clause: "limit of this reader",
    remedy: "Send fewer parts, or raise the limit.",
  });
}
