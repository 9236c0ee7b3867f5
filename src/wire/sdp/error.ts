import { ParseError, type ParseErrorDetails, excerpt, readOrThrown } from "../parse-error.ts";

/**
 * What is wrong with bytes that ought to be a session description, and where.
 *
 * The codes are stable: reports and tests name them.
 */
export type SdpParseErrorCode =
  | "empty"
  | "too-large"
  | "too-many-lines"
  /** A line that ends with LF alone, or the last one with nothing. */
  | "line-end"
  /** No letter and equals sign. */
  | "line-syntax"
  /** A letter that RFC 4566 does not know. */
  | "line-type"
  | "line-order"
  | "line-repeated"
  | "line-missing"
  /** NUL or CR inside a line. */
  | "control-character"
  | "version"
  | "origin"
  | "session-name"
  | "connection"
  /** Neither for the session nor for a medium. */
  | "connection-missing"
  | "bandwidth"
  | "time"
  | "media"
  | "attribute"
  /** The value of another line is empty. */
  | "value-empty"
  /** The value of an attribute does not follow its grammar. */
  | "attribute-syntax";

export type SdpParseErrorDetails = ParseErrorDetails;

/** The one error of the SDP codec. */
export class SdpParseError extends ParseError<SdpParseErrorCode> {
  override readonly name = "SdpParseError";
}

/** What `read` gives, or the SdpParseError that it throws. */
export function readOrSdpError<T>(read: () => T): T | SdpParseError {
  return readOrThrown(SdpParseError, read);
}

/** What `read` gives; undefined when it throws a SdpParseError. */
export function sdpReadable<T>(read: () => T): T | undefined {
  const found = readOrSdpError(read);
  return found instanceof SdpParseError ? undefined : found;
}

/** An error in the value of an attribute. */
export function attributeError(
  text: string,
  offset: number,
  clause: string,
  expected: string,
): SdpParseError {
  const actual = excerpt(text.slice(offset));
  const place = { offset, line: 1, column: offset + 1 };
  return new SdpParseError("attribute-syntax", { ...place, clause, expected, actual });
}

export { excerpt } from "../parse-error.ts";
