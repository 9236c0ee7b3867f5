/** Where in the bytes something stands: offset from 0, line and column from 1; the column counts bytes. */
export interface BytePosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

const LF = 0x0a;

/** Position of an offset, lines being ended by LF or CRLF. An offset behind the end gives the position of the end. */
export function bytePosition(bytes: Uint8Array, offset: number): BytePosition {
  const end = Math.min(Math.max(offset, 0), bytes.length);
  let line = 1;
  let lineStart = 0;
  for (let index = bytes.indexOf(LF); index !== -1 && index < end; index = bytes.indexOf(LF, index + 1)) {
    line += 1;
    lineStart = index + 1;
  }
  return { offset: end, line, column: end - lineStart + 1 };
}

export interface ReadingFault<Code extends string> {
  /** Stable; tests and reports may rely on it. */
  readonly code: Code;
  readonly position: BytePosition;
  readonly expected: string;
  readonly found: string;
  /** Clause of the specification that asks for it, such as `RFC 2046 5.1.1`. */
  readonly clause: string;
  /** What the reader of the message can do about it. */
  readonly remedy: string;
}

/** What the readers of this folder throw; each has a subclass of its own. */
export class ReadingError<Code extends string> extends Error {
  readonly code: Code;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;
  readonly clause: string;
  readonly remedy: string;

  constructor(what: string, fault: ReadingFault<Code>) {
    const { position, expected, found, clause, remedy } = fault;
    super(
      `${what} (${position.line}:${position.column}): expected ${expected}, found ${found} (${clause}). ${remedy}`,
    );
    this.name = new.target.name;
    this.code = fault.code;
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
    this.expected = expected;
    this.found = found;
    this.clause = clause;
    this.remedy = remedy;
  }
}

const EXCERPT_CHARACTERS = 40;

/** A short quotation of what came, fit for one line of an error message. */
export function excerpt(bytes: Uint8Array, offset: number): string {
  if (offset >= bytes.length) return "the end of the data";
  const text = new TextDecoder("utf-8").decode(bytes.subarray(offset, offset + EXCERPT_CHARACTERS));
  return JSON.stringify(text.length > EXCERPT_CHARACTERS ? text.slice(0, EXCERPT_CHARACTERS) : text);
}
