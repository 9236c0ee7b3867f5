/**
 * What is wrong with bytes that ought to be SIP, and where.
 *
 * The codes are stable: reports and tests name them.
 */
export type SipParseErrorCode =
  | "empty"
  | "start-line"
  | "method"
  | "request-uri"
  | "version"
  | "status-code"
  | "reason-phrase"
  | "line-end"
  | "header-name"
  | "header-colon"
  | "header-value"
  | "head-incomplete"
  | "head-too-large"
  | "header-too-large"
  | "too-many-headers"
  | "content-length-syntax"
  | "content-length-conflict"
  | "content-length-missing"
  | "body-incomplete"
  | "body-too-large"
  | "field-syntax"
  | "uri-syntax"
  | "duplicate-parameter";

export interface SipParseErrorDetails {
  /** Bytes from the start of what was parsed: a message, or the value of one header field. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  /** Document, clause and grammar rule, such as `RFC 3261 7.3.1 message-header`. */
  readonly clause: string;
  readonly expected: string;
  readonly actual: string;
  /** What the reader of the error can do. */
  readonly advice?: string;
}

/** The one error of the SIP codec. Offsets are relative to the text that was given to the function that threw. */
export class SipParseError extends Error {
  override readonly name = "SipParseError";
  readonly code: SipParseErrorCode;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly clause: string;
  readonly expected: string;
  readonly actual: string;
  readonly advice: string;

  constructor(code: SipParseErrorCode, details: SipParseErrorDetails) {
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

/** What `read` gives; undefined when it throws a SipParseError. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

/** What `read` gives, or the SipParseError that it throws. */
export function readOrError<T>(read: () => T): T | SipParseError {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
}

const EXCERPT_LENGTH = 40;

/** Text for an error message: quoted, short, control characters visible. */
export function excerpt(text: string): string {
  if (text === "") return "nothing";
  return JSON.stringify(text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text);
}
