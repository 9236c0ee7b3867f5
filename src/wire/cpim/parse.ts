import { parseContentType } from "../mime/content-type.ts";
import { fieldValue, parseHeaderFields } from "../mime/header-fields.ts";
import type { HeaderBlock } from "../mime/header-fields.ts";
import { MimeError } from "../mime/mime-error.ts";
import { CpimError, cpimError } from "./cpim-error.ts";
import { CPIM_NAMESPACE } from "./cpim.ts";
import type { CpimHeader, CpimMessage } from "./cpim.ts";
import { parseMessageHeader } from "./message-header.ts";

/** Departures that real products are known for; each is refused unless it is named here. */
export interface CpimLeniency {
  /** RFC 5438 prints its examples without the empty line in front of the content's MIME headers. */
  readonly acceptMissingBlankLine?: boolean;
  /** A prefix without NS: the header then has no namespace. */
  readonly acceptUndeclaredPrefix?: boolean;
  readonly limits?: Partial<CpimLimits>;
}

const CR = 0x0d;
const LF = 0x0a;

/** RFC 3862 sets no bounds; these are Scrim's own. */
export interface CpimLimits {
  /** The message headers, and again the MIME headers of the content, in bytes. */
  readonly headerBytes: number;
}

export const DEFAULT_CPIM_LIMITS: CpimLimits = { headerBytes: 16_384 };

/** Reads a Message/CPIM object. Throws CpimError; offsets are those of `bytes`. */
export function parseCpim(bytes: Uint8Array, leniency: CpimLeniency = {}): CpimMessage {
  const limit = leniency.limits?.headerBytes ?? DEFAULT_CPIM_LIMITS.headerBytes;
  const { headers, namespaces, end } = parseMessageHeaders(bytes, leniency, limit);
  const content = parseContentHeaders(bytes, end, limit);
  const type = fieldValue(content.headers, "Content-Type");
  if (type === undefined) throw missingContentType(bytes, end);
  return {
    headers,
    namespaces,
    contentHeaders: content.headers,
    contentType: asCpimError(bytes, end, () => parseContentType(type)),
    body: bytes.subarray(content.end),
    bodyOffset: content.end,
  };
}

/** The headers of a Message/CPIM object, without its content. */
export interface CpimHead {
  readonly headers: readonly CpimHeader[];
  readonly namespaces: ReadonlyMap<string, string>;
  /** Where the content's MIME headers begin. */
  readonly end: number;
}

/**
 * Reads the message headers of an object of which only the beginning may be there; `undefined` while the empty line behind them has not come.
 * Throws CpimError.
 */
export function parseCpimHead(bytes: Uint8Array, leniency: CpimLeniency = {}): CpimHead | undefined {
  const limit = leniency.limits?.headerBytes ?? DEFAULT_CPIM_LIMITS.headerBytes;
  try {
    return parseMessageHeaders(bytes, leniency, limit);
  } catch (error) {
    const mayFollow = error instanceof CpimError && error.code === "missing-blank-line";
    if (mayFollow && error.offset === bytes.length && bytes.length <= limit) return undefined;
    throw error;
  }
}

function parseMessageHeaders(bytes: Uint8Array, leniency: CpimLeniency, limit: number): CpimHead {
  const headers: CpimHeader[] = [];
  const namespaces = new Map<string, string>();
  let at = 0;
  for (;;) {
    const lineEnd = endOfLine(bytes, at, limit);
    if (lineEnd === at) return { headers, namespaces, end: at + 2 };
    if (isContentHeader(bytes, at)) {
      if (leniency.acceptMissingBlankLine === true) return { headers, namespaces, end: at };
      throw missingBlankLine(bytes, at);
    }
    const header = parseMessageHeader(bytes, at, lineEnd);
    headers.push(resolve(bytes, header, namespaces, leniency));
    at = lineEnd + 2;
  }
}

function endOfLine(bytes: Uint8Array, at: number, limit: number): number {
  const found = bytes.indexOf(LF, at);
  if (found === -1) {
    throw cpimError(bytes, bytes.length, {
      code: "missing-blank-line",
      expected: "an empty line behind the message headers",
      clause: "RFC 3862 2",
      remedy: "Send message headers, empty line, MIME headers of the content, empty line, content.",
    });
  }
  if (found > limit) {
    throw cpimError(bytes, at, {
      code: "headers-too-large",
      expected: `at most ${limit} bytes of message headers`,
      clause: "limit of this reader",
      remedy: "Send shorter headers.",
    });
  }
  if (found > at && bytes[found - 1] === CR) return found - 1;
  throw cpimError(bytes, found, {
    code: "bad-line-end",
    expected: "CRLF at the end of a header line",
    found: "a line feed alone",
    clause: "RFC 3862 2.2",
    remedy: "End each header line in CR LF.",
  });
}

/** No CPIM header is called Content-…: such a line shows that the separating line was left out. */
function isContentHeader(bytes: Uint8Array, at: number): boolean {
  return /^content-[a-z-]+:/iu.test(Buffer.from(bytes.subarray(at, at + 64)).toString("latin1"));
}

function resolve(
  bytes: Uint8Array,
  header: CpimHeader,
  namespaces: Map<string, string>,
  leniency: CpimLeniency,
): CpimHeader {
  if (header.name === "NS") declare(bytes, header, namespaces);
  const prefix = header.name.slice(0, Math.max(0, header.name.length - header.localName.length - 1));
  // RFC 3862 4.6: NS itself always belongs to the CPIM namespace.
  const fallback = prefix === "" ? CPIM_NAMESPACE : undefined;
  const namespace = header.name === "NS" ? CPIM_NAMESPACE : (namespaces.get(prefix) ?? fallback);
  if (namespace !== undefined) return { ...header, namespace };
  if (leniency.acceptUndeclaredPrefix === true) return header;
  throw cpimError(bytes, header.offset, {
    code: "undeclared-prefix",
    expected: `NS: ${prefix} <…> before the first header with that prefix`,
    clause: "RFC 3862 3.4",
    remedy: "Declare the prefix, for example NS: imdn <urn:ietf:params:imdn>.",
  });
}

function declare(bytes: Uint8Array, header: CpimHeader, namespaces: Map<string, string>): void {
  const match = /^(?:([^<>.\s"]+) +)?<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s#]*)>$/u.exec(header.value);
  if (match === null) {
    throw cpimError(bytes, header.offset, {
      code: "bad-namespace",
      expected: "NS: prefix <absolute URI>",
      clause: "RFC 3862 4.6",
      remedy: "Write the prefix, one space, and the URI in angle brackets.",
    });
  }
  namespaces.set(match[1] ?? "", match[2] ?? "");
}

function parseContentHeaders(bytes: Uint8Array, start: number, limit: number): HeaderBlock {
  const block = asCpimError(bytes, start, () => parseHeaderFields(bytes, start, bytes.length, limit));
  if (block.terminated || block.headers.length > 0) return block;
  throw missingContentType(bytes, start);
}

function asCpimError<T>(bytes: Uint8Array, start: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MimeError)) throw error;
    throw cpimError(bytes, error.offset < start ? start : error.offset, {
      code: "bad-content-headers",
      expected: error.expected,
      found: error.found,
      clause: "RFC 3862 2.4",
      remedy: error.remedy,
    });
  }
}

function missingContentType(bytes: Uint8Array, at: number): CpimError {
  return cpimError(bytes, at, {
    code: "missing-content-type",
    expected: "MIME headers of the content, with a Content-Type",
    clause: "RFC 3862 2.4",
    remedy: "Write Content-Type and an empty line in front of the content.",
  });
}

function missingBlankLine(bytes: Uint8Array, at: number): CpimError {
  return cpimError(bytes, at, {
    code: "missing-blank-line",
    expected: "an empty line between message headers and the content's MIME headers",
    clause: "RFC 3862 2",
    remedy: "Insert CR LF there; the examples printed in RFC 5438 lack it.",
  });
}
