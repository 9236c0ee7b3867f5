/** What `validate.ts` finds, and where. */
import { headerFields } from "./headers.ts";
import type { HeaderField, SipMessage } from "./message.ts";

export type ViolationCode =
  /** A header field does not follow its grammar. */
  | "field-syntax"
  /** A URI in a header field or the request line does not follow its grammar. */
  | "uri-syntax"
  /** A parameter stands twice. */
  | "duplicate-parameter"
  /** A value of a known header field is not UTF-8. */
  | "utf-8"
  | "header-missing"
  | "header-repeated"
  | "header-forbidden"
  | "version-case"
  | "status-range"
  | "reason-phrase"
  | "request-uri"
  | "branch-cookie"
  | "via-transport"
  | "cseq-range"
  | "cseq-method"
  | "max-forwards-range"
  | "tag-missing"
  | "content-length"
  | "content-type-missing"
  | "content-type-boundary"
  | "body-forbidden"
  | "contact-star"
  | "contact-count"
  | "identity-count"
  | "identity-scheme"
  | "privacy-value";

/** One departure from RFC 3261 or an extension of it. */
export interface Violation {
  readonly code: ViolationCode;
  /** Name of the header field as sent, or as the RFC writes it where it is missing; empty for the start line and the body. */
  readonly header: string;
  /** Offset in bytes in the message as received: the offending character where it is known, else the header field; -1 where there is no such place. */
  readonly offset: number;
  /** What was expected and what came. */
  readonly message: string;
  readonly clause: string;
}

/**
 * Offset in the message of a character of a value. Exact where the value stands in the message as it is read; of a folded value, or one
 * with characters beyond ASCII before the place, the offset of the header field.
 */
export function placeInField(message: SipMessage, field: HeaderField, index: number): number {
  const { received } = message;
  if (received === undefined || field.offset < 0) return field.offset;
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  let start = bytes.indexOf(":", field.offset) + 1;
  while (bytes[start] === 0x20 || bytes[start] === 0x09) start += 1;
  const before = field.value.slice(0, index);
  return bytes.toString("latin1", start, start + before.length) === before
    ? start + before.length
    : field.offset;
}

/** A violation in a field, at a character of its value. */
export function inField(
  message: SipMessage,
  field: HeaderField,
  code: ViolationCode,
  clause: string,
  what: string,
  index = 0,
): Violation {
  return {
    code,
    header: field.name,
    offset: placeInField(message, field, index),
    message: `${field.name}: ${what}`,
    clause,
  };
}

/** A violation of the start line or the body. */
export function inMessage(code: ViolationCode, clause: string, what: string, offset = 0): Violation {
  return { code, header: "", offset, message: what, clause };
}

/** A violation in the first field of a name; none when there is no such field. */
export function inFirst(
  message: SipMessage,
  name: string,
  code: ViolationCode,
  clause: string,
  what: string,
): Violation[] {
  return headerFields(message, name)
    .slice(0, 1)
    .map((field) => inField(message, field, code, clause, what));
}
