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

export interface SdpParseErrorDetails {
  /** Bytes from the start of the description, or of the value that was given to an attribute's reader. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  /** Document, clause and grammar rule, such as `RFC 4566 5.14 media-field`. */
  readonly clause: string;
  readonly expected: string;
  readonly actual: string;
  /** What the reader of the error can do. */
  readonly advice?: string;
}

/** The one error of the SDP codec. */
export class SdpParseError extends Error {
  override readonly name = "SdpParseError";
  readonly code: SdpParseErrorCode;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly clause: string;
  readonly expected: string;
  readonly actual: string;
  readonly advice: string;

  constructor(code: SdpParseErrorCode, details: SdpParseErrorDetails) {
    const advice = details.advice ?? `make the sender follow ${details.clause}`;
    super(
      `(${details.line}:${details.column}) expected ${details.expected}, got ${details.actual}; ${advice}`,
    );
    this.code = code;
    this.offset = details.offset;
    this.line = details.line;
    this.column = details.column;
    this.clause = details.clause;
    this.expected = details.expected;
    this.actual = details.actual;
    this.advice = advice;
  }
}

/** What `read` gives, or the SdpParseError that it throws. */
export function readOrSdpError<T>(read: () => T): T | SdpParseError {
  try {
    return read();
  } catch (error) {
    if (error instanceof SdpParseError) return error;
    throw error;
  }
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

const EXCERPT_LENGTH = 40;

/** Text for an error message: quoted, short, control characters visible. */
export function excerpt(text: string): string {
  if (text === "") return "nothing";
  return JSON.stringify(text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text);
}
