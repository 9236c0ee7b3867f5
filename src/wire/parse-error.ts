/** What the SIP, MSRP and SDP codecs throw, each in a class of its own: a stable code, a place, what was expected and what came. */
export interface ParseErrorDetails {
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

export class ParseError<Code extends string> extends Error {
  readonly code: Code;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly clause: string;
  readonly expected: string;
  readonly actual: string;
  readonly advice: string;

  constructor(code: Code, details: ParseErrorDetails) {
    const { offset, line, column, clause, expected, actual } = details;
    const advice = details.advice ?? `make the sender follow ${clause}`;
    super(`(${line}:${column}) expected ${expected}, got ${actual}; ${advice}`);
    this.code = code;
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.clause = clause;
    this.expected = expected;
    this.actual = actual;
    this.advice = advice;
  }
}

type ErrorClass<E> = new (...details: never[]) => E;

/** What `read` gives, or the error of that class that it throws. */
export function readOrThrown<T, E extends Error>(kind: ErrorClass<E>, read: () => T): T | E {
  try {
    return read();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
}

const EXCERPT_LENGTH = 40;

/** Text for an error message: quoted, short, control characters visible. */
export function excerpt(text: string): string {
  if (text === "") return "nothing";
  return JSON.stringify(text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text);
}
