/**
 * MSRP out of a stream (RFC 4975 9): the pieces may be cut anywhere, and a body goes through without being held. Each byte is looked at a
 * constant number of times.
 */
import { createEndLineSearch } from "./end-line.ts";
import type { EndLineSearch } from "./end-line.ts";
import { MsrpParseError, readOrMsrpError } from "./error.ts";
import type { HeadLine, StartLine } from "./head-line.ts";
import {
  lineError,
  looksLikeEndLine,
  protocolMismatch,
  readEndLine,
  readHeader,
  readStartLine,
  transactionIdIn,
} from "./head-line.ts";
import { HeadLines } from "./head-lines.ts";
import { DEFAULT_MSRP_LIMITS } from "./limits.ts";
import type { MsrpLimits } from "./limits.ts";
import type { MsrpContent, MsrpFlag, MsrpHead, MsrpHeader } from "./message.ts";

export type MsrpEvent =
  /** The head is complete. `at`: place of its first byte in the stream. */
  | { readonly kind: "head"; readonly at: number; readonly head: MsrpHead }
  /** Some bytes of the body, never none: a view that holds as long as the piece that was pushed. */
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  /** The message has ended. `at`: place in the stream of the byte behind its end-line. */
  | {
      readonly kind: "end";
      readonly at: number;
      readonly flag: MsrpFlag;
      readonly content: MsrpContent;
      readonly bodyBytes: number;
    }
  /** A message that is none; its head was not given. `at`: place in the stream from which the error's offset counts. */
  | {
      readonly kind: "error";
      readonly at: number;
      readonly error: MsrpParseError;
      /** For a 400 to it, where the start line gave it. What follows up to its end-line is dropped. */
      readonly transactionId?: string;
    };

export interface MsrpParser {
  /** Takes the next bytes, gives what they tell. After an error that leaves the end-line unknown, `broken` is set and every later byte is dropped. */
  push(bytes: Uint8Array): MsrpEvent[];
  /** The stream has ended: the error of a message that was cut off, if one was. */
  end(): MsrpEvent | undefined;
  /** The error after which the stream could not be followed. */
  readonly broken: MsrpParseError | undefined;
  /** Bytes held: of a line that is not complete, or of what may be an end-line. */
  readonly held: number;
}

export function createMsrpParser(limits: Partial<MsrpLimits> = {}): MsrpParser {
  return new StreamParser({ ...DEFAULT_MSRP_LIMITS, ...limits });
}

const CLAUSE = "RFC 4975 9 msrp-req-or-resp";
const CR = 0x0d;
const NO_BYTES = new Uint8Array(0);

class StreamParser implements MsrpParser {
  broken: MsrpParseError | undefined = undefined;
  readonly #limits: MsrpLimits;
  readonly #lines: HeadLines;
  /** Place in the stream of the first byte of the message, and of the next byte to be read. */
  #messageAt = 0;
  #at = 0;
  #startLine: StartLine | undefined = undefined;
  #headers: MsrpHeader[] = [];
  /** Inside a body, or a message that is dropped. */
  #search: EndLineSearch | undefined = undefined;
  #dropping = false;
  #bodyBytes = 0;
  #bodyPlace = { offset: 0, line: 1 };
  /** An empty line between messages has been told of. */
  #emptyLines = false;

  constructor(limits: MsrpLimits) {
    this.#limits = limits;
    this.#lines = new HeadLines(limits);
  }

  get held(): number {
    return this.#lines.held + Math.max(0, this.#search?.held ?? 0);
  }

  push(bytes: Uint8Array): MsrpEvent[] {
    const events: MsrpEvent[] = [];
    let rest = bytes;
    while (rest.length > 0 && this.broken === undefined) {
      const consumed =
        this.#search === undefined
          ? this.#readLine(rest, events)
          : this.#readBody(rest, this.#search, events);
      this.#at += consumed;
      rest = consumed === rest.length ? NO_BYTES : rest.subarray(consumed);
      if (this.#lines.length === 0 && this.#startLine === undefined && this.#search === undefined)
        this.#messageAt = this.#at;
    }
    return events;
  }

  end(): MsrpEvent | undefined {
    if (this.broken !== undefined || this.#at === this.#messageAt) return undefined;
    const transactionId = this.#startLine?.transactionId;
    const error = this.#search === undefined ? this.#headCut() : this.#bodyCut();
    const dropped = this.#dropping;
    this.broken = error;
    return dropped ? undefined : this.#errorEvent(error, transactionId);
  }

  #headCut(): MsrpParseError {
    return new MsrpParseError("head-incomplete", {
      ...this.#lines.place,
      clause: CLAUSE,
      expected: "the rest of the head",
      actual: "the end of the stream",
    });
  }

  #bodyCut(): MsrpParseError {
    return new MsrpParseError("body-incomplete", {
      ...this.#bodyPlace,
      column: 1,
      clause: "RFC 4975 9 end-line",
      expected: `-------${this.#startLine?.transactionId ?? ""} behind the body`,
      actual: `the end of the stream after ${this.#bodyBytes} bytes of it`,
      advice: "ask for the rest of the message on another connection",
    });
  }

  /** Reads to the end of the current line, or as far as there are bytes; gives how many were read. */
  #readLine(bytes: Uint8Array, events: MsrpEvent[]): number {
    if (this.#startLine === undefined && !this.#checkStart(bytes, events)) return bytes.length;
    const { consumed, line, error } = this.#lines.push(bytes);
    const found = line === undefined ? error : readOrMsrpError(() => this.#takeLine(line, events, consumed));
    if (found instanceof MsrpParseError) this.#recover(found, events);
    return consumed;
  }

  /** What cannot begin a message is told at its first byte, so that a peer who speaks another protocol is not waited for. */
  #checkStart(bytes: Uint8Array, events: MsrpEvent[]): boolean {
    const text = this.#lines.begun + Buffer.from(bytes.subarray(0, 5)).toString("latin1");
    if (text.charCodeAt(0) === CR && (text.length === 1 || text.charAt(1) === "\n")) return true;
    const mismatch = protocolMismatch(text);
    if (mismatch === -1) return true;
    const line = { text, offset: 0, number: 1 };
    const error = lineError("protocol", line, mismatch, CLAUSE, '"MSRP " in capitals');
    this.#break(error, events);
    return false;
  }

  #takeLine(line: HeadLine, events: MsrpEvent[], consumed: number): void {
    if (this.#startLine === undefined) this.#takeStartLine(line, events);
    else if (line.text === "") this.#startBody(this.#startLine, line, events);
    else if (looksLikeEndLine(line.text)) {
      const flag = readEndLine(line, this.#startLine.transactionId);
      events.push({ kind: "head", at: this.#messageAt, head: this.#head(this.#startLine) });
      this.#finish(flag, "none", this.#at + consumed, events);
    } else if (this.#headers.length === this.#limits.headers) {
      const expected = `at most ${this.#limits.headers} header fields`;
      throw lineError("too-many-headers", line, 0, "Scrim's limits", expected, "another");
    } else this.#headers.push(readHeader(line));
  }

  #takeStartLine(line: HeadLine, events: MsrpEvent[]): void {
    if (line.text !== "") {
      this.#emptyLines = false;
      this.#startLine = readStartLine(line);
      return;
    }
    if (!this.#emptyLines) {
      const advice = "send the next message right behind the end-line";
      const error = lineError("empty-line", line, 0, CLAUSE, '"MSRP "', "an empty line", advice);
      events.push(this.#errorEvent(error, undefined));
    }
    this.#emptyLines = true;
    this.#lines.startOver();
  }

  #startBody(start: StartLine, line: HeadLine, events: MsrpEvent[]): void {
    events.push({ kind: "head", at: this.#messageAt, head: this.#head(start) });
    this.#bodyPlace = { offset: line.offset + 2, line: line.number + 1 };
    this.#search = createEndLineSearch(start.transactionId, true);
  }

  #head(start: StartLine): MsrpHead {
    return { ...start, headers: this.#headers };
  }

  #readBody(bytes: Uint8Array, search: EndLineSearch, events: MsrpEvent[]): number {
    const step = search.push(bytes);
    for (const piece of step.body) {
      this.#bodyBytes += piece.length;
      if (!this.#dropping) events.push({ kind: "body", bytes: piece });
    }
    if (step.flag !== undefined) {
      const content = step.sharesEmptyLine === true ? "empty-line" : "body";
      this.#finish(step.flag, content, this.#at + step.consumed, events);
    }
    return step.consumed;
  }

  #finish(flag: MsrpFlag, content: MsrpContent, at: number, events: MsrpEvent[]): void {
    if (!this.#dropping) events.push({ kind: "end", at, flag, content, bodyBytes: this.#bodyBytes });
    this.#startOver();
  }

  #startOver(): void {
    this.#startLine = undefined;
    this.#headers = [];
    this.#search = undefined;
    this.#dropping = false;
    this.#bodyBytes = 0;
    this.#lines.startOver();
  }

  /** Goes on behind the wrong message if its start line told the transaction identifier; else gives the stream up. */
  #recover(error: MsrpParseError, events: MsrpEvent[]): void {
    const transactionId = this.#startLine?.transactionId ?? transactionIdIn(this.#lines.last);
    if (transactionId === undefined || (error.code === "line-end" && this.#startLine === undefined)) {
      this.#break(error, events);
      return;
    }
    events.push(this.#errorEvent(error, transactionId));
    // An end-line that is wrong ended the message all the same: nothing else begins with seven hyphens in a head.
    if (error.code === "end-line" || error.code === "continuation-flag") {
      this.#startOver();
      return;
    }
    this.#dropping = true;
    this.#search = createEndLineSearch(transactionId, this.#lines.ended);
  }

  #break(error: MsrpParseError, events: MsrpEvent[]): void {
    this.broken = error;
    events.push(this.#errorEvent(error, undefined));
  }

  #errorEvent(error: MsrpParseError, transactionId: string | undefined): MsrpEvent {
    const event = { kind: "error", at: this.#messageAt, error } as const;
    return transactionId === undefined ? event : { ...event, transactionId };
  }
}
