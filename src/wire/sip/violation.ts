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
  let placed = PLACED.get(field);
  if (placed === undefined) PLACED.set(field, (placed = placeOf(received, field)));
  return index <= placed.asRead ? placed.start + index : field.offset;
}

/** Where a value starts, and how many of its characters stand in the message as they are read. */
interface Place {
  readonly start: number;
  readonly asRead: number;
}

/** A field belongs to one message that was received; a field with many violations is compared with the message once. */
const PLACED = new WeakMap<HeaderField, Place>();

function placeOf(received: Uint8Array, field: HeaderField): Place {
  let start = received.indexOf(COLON, field.offset) + 1;
  while (received[start] === SPACE || received[start] === TAB) start += 1;
  const { value } = field;
  let asRead = 0;
  while (asRead < value.length && value.charCodeAt(asRead) === received[start + asRead]) asRead += 1;
  return { start, asRead };
}

const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

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
