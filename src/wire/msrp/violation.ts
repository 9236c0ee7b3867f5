/** What `validate.ts` and `conversation.ts` find, and where. */
import type { MsrpHead, MsrpHeader } from "./message.ts";

export type MsrpViolationCode =
  /** A transaction identifier that does not follow its grammar, in a message that Scrim or a fault made. */
  | "transaction-id"
  | "header-missing"
  | "header-repeated"
  /** To-Path first, From-Path second; MIME fields behind all others, Content-Type last. */
  | "header-order"
  | "header-forbidden"
  /** Not exactly one space between colon and value, or white space behind it. */
  | "header-space"
  | "field-syntax"
  | "uri-syntax"
  | "utf-8"
  | "uri-port"
  | "uri-password"
  | "uri-session"
  | "uri-transport"
  | "byte-range"
  | "body-length"
  | "body-too-large"
  | "body-forbidden"
  | "content-type-missing"
  /** An empty line with no body behind it. */
  | "empty-line"
  | "end-line-in-body"
  | "flag"
  | "status"
  /** The rest are of conversations. */
  | "transaction-reused"
  | "response-unmatched"
  | "response-to-report"
  | "response-not-wanted"
  | "response-path"
  | "report-not-wanted"
  | "chunk-order"
  | "chunk-reports"
  | "chunk-range-missing"
  | "message-ended"
  | "message-refused";

/** One departure from RFC 4975 or an extension of it. */
export interface MsrpViolation {
  readonly code: MsrpViolationCode;
  /** Name of the header field as sent, or as the RFC writes it where it is missing; empty for the start line, the body and the end-line. */
  readonly header: string;
  /** Offset in bytes in the message: of the header field, or 0 for the message as a whole; -1 where there is no such place. */
  readonly offset: number;
  /** What was expected and what came. */
  readonly message: string;
  readonly clause: string;
}

export function inMsrpField(
  field: MsrpHeader,
  code: MsrpViolationCode,
  clause: string,
  what: string,
): MsrpViolation {
  return { code, header: field.name, offset: field.offset, message: `${field.name}: ${what}`, clause };
}

export function inMsrpMessage(
  code: MsrpViolationCode,
  clause: string,
  what: string,
  header = "",
): MsrpViolation {
  return { code, header, offset: 0, message: header === "" ? what : `${header}: ${what}`, clause };
}

/** `SEND`, or `200 response`: for what is said of a message. */
export function nameOf(head: MsrpHead): string {
  return head.kind === "request" ? head.method : `${head.status} response`;
}
