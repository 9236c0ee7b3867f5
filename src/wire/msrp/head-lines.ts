/** The head of a message line by line, out of pieces that may be cut anywhere. At most one line is held. */
import { ByteQueue } from "../sip/byte-queue.ts";
import type { MsrpParseError } from "./error.ts";
import { lineError } from "./head-line.ts";
import type { HeadLine } from "./head-line.ts";
import type { MsrpLimits } from "./limits.ts";

export interface LineStep {
  /** How many bytes of the piece were read. */
  readonly consumed: number;
  /** The line that they complete, if it is one. */
  readonly line?: HeadLine;
  /** What is wrong with the line. */
  readonly error?: MsrpParseError;
}

const LF = 0x0a;
const CLAUSE = "RFC 4975 9 msrp-req-or-resp";

export class HeadLines {
  readonly #limits: MsrpLimits;
  readonly #queue = new ByteQueue();
  #offset = 0;
  #number = 1;
  /** The line read last, or what was read of it. */
  last = "";
  /** Whether that line ended with CRLF. */
  ended = false;

  constructor(limits: MsrpLimits) {
    this.#limits = limits;
  }

  /** Bytes of the head so far. */
  get length(): number {
    return this.#offset + this.#queue.length;
  }

  /** Bytes of a line that is not complete. */
  get held(): number {
    return this.#queue.length;
  }

  /** Where the next byte stands in the message. */
  get place(): { readonly offset: number; readonly line: number; readonly column: number } {
    return { offset: this.length, line: this.#number, column: this.held + 1 };
  }

  /** The first bytes of the line that is not complete. */
  get begun(): string {
    return this.#queue.bytes().toString("latin1", 0, Math.min(5, this.held));
  }

  /** The next line is the first of a message. */
  startOver(): void {
    this.#offset = 0;
    this.#number = 1;
    this.#queue.drop(this.#queue.length);
  }

  push(piece: Uint8Array): LineStep {
    const room = Math.min(this.#limits.lineBytes + 2, this.#limits.headBytes - this.#offset) - this.held;
    const lineFeed = piece.subarray(0, room).indexOf(LF);
    const consumed = lineFeed === -1 ? Math.min(room, piece.length) : lineFeed + 1;
    const part = piece.subarray(0, consumed);
    if (lineFeed === -1 && consumed < room) {
      this.#queue.append(part);
      return { consumed };
    }
    const line = this.#complete(part);
    const error = lineFeed === -1 ? this.#tooLong(line) : lineEndError(line);
    this.last = line.text;
    this.ended = line.text.endsWith("\r\n");
    return error === undefined
      ? { consumed, line: { ...line, text: line.text.slice(0, -2) } }
      : { consumed, error };
  }

  /** Takes the line, what was held of it and the rest, line end included. */
  #complete(part: Uint8Array): HeadLine {
    if (this.held > 0) this.#queue.append(part);
    const bytes = this.held > 0 ? this.#queue.take(this.held) : part;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const line = { text, offset: this.#offset, number: this.#number };
    this.#offset += bytes.length;
    this.#number += 1;
    return line;
  }

  #tooLong(line: HeadLine): MsrpParseError {
    const limits = this.#limits;
    const end = line.text.length;
    if (end === limits.lineBytes + 2)
      return lineError(
        "line-too-long",
        line,
        end,
        "Scrim's limits",
        `a line end within ${limits.lineBytes} bytes`,
        "more of the line",
      );
    const expected = `a head of at most ${limits.headBytes} bytes`;
    return lineError("head-too-large", line, end, "Scrim's limits", expected, "more of it");
  }
}

/** A line end that is not CRLF, or half of one inside the line. */
const BARE_LINE_END = /\r(?!\n$)|(?<!\r)\n/;

function lineEndError(line: HeadLine): MsrpParseError | undefined {
  const at = line.text.search(BARE_LINE_END);
  return at === -1 ? undefined : lineError("line-end", line, at, CLAUSE, "CRLF at the end of the line");
}
