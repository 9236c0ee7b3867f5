/**
 * Every departure of one message from RFC 4975, and from RFC 4976 and 7701 whose header fields it uses. What takes more than one message
 * to see is in `conversation.ts`.
 */
import { bodyViolations } from "./body-rules.ts";
import { msrpReadable } from "./error.ts";
import { fieldViolations } from "./field-rules.ts";
import { presenceViolations } from "./head-rules.ts";
import { fromPathOf, msrpHeaderFields, statusOf, toPathOf } from "./headers.ts";
import { IDENT_CLAUSE, isIdent } from "./ident.ts";
import type { MsrpFrame } from "./message.ts";
import type { MsrpUri } from "./uri.ts";
import { inMsrpField, inMsrpMessage } from "./violation.ts";
import type { MsrpViolation } from "./violation.ts";

export type { MsrpViolation, MsrpViolationCode } from "./violation.ts";

/** In the order of the message. Empty for a conforming one; never throws. The body is looked at if the frame has it. */
export function msrpViolations(frame: MsrpFrame): MsrpViolation[] {
  const found = [
    ...startLineViolations(frame),
    ...presenceViolations(frame),
    ...frame.head.headers.flatMap((field) => fieldViolations(frame.head, field)),
    ...sessionViolations(frame),
    ...statusViolations(frame),
    ...bodyViolations(frame),
  ];
  return found.sort((a, b) => a.offset - b.offset);
}

function startLineViolations({ head }: MsrpFrame): MsrpViolation[] {
  if (isIdent(head.transactionId)) return [];
  const what = `expected a transaction identifier, got ${JSON.stringify(head.transactionId.slice(0, 40))}`;
  return [inMsrpMessage("transaction-id", IDENT_CLAUSE, what)];
}

/** RFC 4975 7.3 and 8.2: the ends of a SEND or a REPORT are sessions, each named by a session-id. */
function sessionViolations({ head }: MsrpFrame): MsrpViolation[] {
  if (head.kind !== "request" || !["SEND", "REPORT"].includes(head.method)) return [];
  const ends: [string, MsrpUri | undefined][] = [
    ["To-Path", msrpReadable(() => toPathOf(head))?.at(-1)],
    ["From-Path", msrpReadable(() => fromPathOf(head))?.at(-1)],
  ];
  return ends.flatMap(([name, uri]) => {
    const [field] = msrpHeaderFields(head, name);
    if (field === undefined || uri === undefined || uri.sessionId !== undefined) return [];
    return [
      inMsrpField(field, "uri-session", "RFC 4975 6, 8.2", "expected a session-id in the last URI, got none"),
    ];
  });
}

/** RFC 4975 7.1.3: no namespace but 000 is defined. */
function statusViolations({ head }: MsrpFrame): MsrpViolation[] {
  const [field] = msrpHeaderFields(head, "Status");
  const status = msrpReadable(() => statusOf(head));
  if (field === undefined || status === undefined || status.namespace === "000") return [];
  const what = `expected the namespace 000, got ${status.namespace}`;
  return [inMsrpField(field, "status", "RFC 4975 7.1.3", what)];
}
