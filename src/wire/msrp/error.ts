import { ParseError, type ParseErrorDetails, excerpt, readOrThrown } from "../parse-error.ts";

/**
 * What is wrong with bytes that ought to be MSRP, and where.
 *
 * The codes are stable: reports, tests and the corpus in `testdata` name them.
 */
export type MsrpParseErrorCode =
  /** What stands where a message should begin is no MSRP. */
  | "protocol"
  | "start-line"
  /** A character that no identifier has. */
  | "transaction-id"
  /** Shorter than 4 or longer than 32 characters. */
  | "transaction-id-length"
  | "method"
  | "status-code"
  | "comment"
  /** An empty line between two messages. */
  | "empty-line"
  /** LF without CR, or CR without LF, in the head. */
  | "line-end"
  | "header-name"
  | "header-colon"
  | "header-value"
  /** A line that looks like an end-line, with another transaction identifier. */
  | "end-line"
  | "continuation-flag"
  | "line-too-long"
  | "head-too-large"
  | "too-many-headers"
  /** The bytes ended in the head, or in the body. */
  | "head-incomplete"
  | "body-incomplete"
  /** `parseMsrp` only: more bytes than one message; none at all. */
  | "trailing-bytes"
  | "empty"
  /** The value of one header field, or a URI, does not follow its grammar. */
  | "field-syntax"
  | "uri-syntax";

export type MsrpParseErrorDetails = ParseErrorDetails;

/** The one error of the MSRP codec. Offsets count from the first byte of the message, or of the text that was given to a field's reader. */
export class MsrpParseError extends ParseError<MsrpParseErrorCode> {
  override readonly name = "MsrpParseError";
}

/** What `read` gives, or the MsrpParseError that it throws. */
export function readOrMsrpError<T>(read: () => T): T | MsrpParseError {
  return readOrThrown(MsrpParseError, read);
}

/** What `read` gives; undefined when it throws a MsrpParseError. */
export function msrpReadable<T>(read: () => T): T | undefined {
  const found = readOrMsrpError(read);
  return found instanceof MsrpParseError ? undefined : found;
}

/** An error in a text of one line: the value of a header field, a URI. */
export function errorInText(
  code: MsrpParseErrorCode,
  text: string,
  offset: number,
  clause: string,
  expected: string,
): MsrpParseError {
  const actual = excerpt(text.slice(offset));
  return new MsrpParseError(code, { offset, line: 1, column: offset + 1, clause, expected, actual });
}

export { excerpt } from "../parse-error.ts";
