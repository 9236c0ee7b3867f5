/**
 * Every departure of a message from RFC 3261, and from the extensions whose header fields it uses, for the universal checks. What the
 * parser refuses never gets here; what it lets through in a header field is looked at now, by the field's own grammar.
 */
import { SipParseError, readOrError } from "./error.ts";
import { FIELD_GRAMMAR } from "./field-grammar.ts";
import type { FieldGrammar } from "./field-readers.ts";
import { splitOutsideQuotes } from "./grammar.ts";
import { canonicalName, isListField } from "./header-names.ts";
import { presenceViolations } from "./header-presence.ts";
import type { HeaderField, SipMessage } from "./message.ts";
import { messageRuleViolations } from "./message-rules.ts";
import { inField } from "./violation.ts";
import type { Violation } from "./violation.ts";

export type { Violation, ViolationCode } from "./violation.ts";

export interface ValidationContext {
  /** Seen from Scrim. Both directions are held to the same rules; none depends on it. */
  readonly direction?: "in" | "out";
  /** What carried the message: the topmost Via of a request names it (RFC 3261 18.1.1). Compared only when given. */
  readonly transport?: "UDP" | "TCP" | "TLS";
}

/** In the order of the message: start line, header fields, what is missing, body. Empty for a conforming message; never throws. */
export function violations(message: SipMessage, context: ValidationContext = {}): Violation[] {
  const found = [
    ...message.headers.flatMap((field) => fieldViolations(message, field)),
    ...presenceViolations(message),
    ...messageRuleViolations(message, context),
  ];
  return found.sort((a, b) => place(a) - place(b));
}

/** What has no place stands last. */
function place(violation: Violation): number {
  return violation.offset < 0 ? Number.MAX_SAFE_INTEGER : violation.offset;
}

function fieldViolations(message: SipMessage, field: HeaderField): Violation[] {
  const grammar = FIELD_GRAMMAR.get(canonicalName(field.name));
  if (grammar === undefined) return [];
  const escaped = field.value.search(ESCAPED_BYTE);
  if (escaped !== -1)
    return [
      inField(
        message,
        field,
        "utf-8",
        "RFC 3261 25.1 TEXT-UTF8char",
        "expected UTF-8, got other bytes",
        escaped,
      ),
    ];
  return entriesOf(field, grammar).flatMap((entry) => {
    const error = readOrError(() => grammar.read(entry.text));
    return error instanceof SipParseError ? [fromError(message, field, entry.index, grammar, error)] : [];
  });
}

/** A byte that was not UTF-8 (`text.ts`). */
const ESCAPED_BYTE = /[\udc80-\udcff]/u;

/** The entries of a field with their places in its value; one, the value itself, when it is no list. */
function entriesOf(field: HeaderField, grammar: FieldGrammar): { text: string; index: number }[] {
  if (!isListField(field.name)) return [{ text: field.value, index: 0 }];
  if (field.value === "" && grammar.mayBeEmpty === true) return [];
  let from = 0;
  return splitOutsideQuotes(field.value, ",").map((text) => {
    const index = field.value.indexOf(text, from);
    from = index + text.length;
    return { text, index };
  });
}

function fromError(
  message: SipMessage,
  field: HeaderField,
  index: number,
  grammar: FieldGrammar,
  error: SipParseError,
): Violation {
  const code =
    error.code === "uri-syntax" || error.code === "duplicate-parameter" ? error.code : "field-syntax";
  // The place in a URI is not the place in the field.
  const at = code === "uri-syntax" || error.clause !== grammar.clause ? index : index + error.offset;
  const clause = error.clause === grammar.clause ? grammar.clause : `${grammar.clause}; ${error.clause}`;
  return inField(message, field, code, clause, `expected ${error.expected}, got ${error.actual}`, at);
}
