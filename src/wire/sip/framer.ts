/**
 * Messages out of a stream (RFC 3261 18.3): the pieces may be cut anywhere. CRLF between messages is keep-alive (RFC 3261 7.5, RFC 5626
 * 3.5.1) and is skipped.
 */
import { ByteQueue } from "./byte-queue.ts";
import { readOrError, SipParseError } from "./error.ts";
import { DEFAULT_SIP_LIMITS } from "./limits.ts";
import type { SipLimits } from "./limits.ts";
import type { SipMessage } from "./message.ts";
import { bodyLength, parseSip, readHead, skipLineEnds } from "./parse.ts";

export interface SipFramer {
  /**
   * Takes the next bytes, gives what they complete. After an error that leaves the end of the message known the next message is read
   * as usual; after one that does not, `broken` is set, every later byte is dropped, and the connection is of no more use.
   */
  push(chunk: Uint8Array): (SipMessage | SipParseError)[];
  /** The stream has ended: the error of a message that was cut off, if one was. */
  end(): SipParseError | undefined;
  /** The error after which the stream could not be followed. */
  readonly broken: SipParseError | undefined;
  /** Bytes of a message that is not complete yet. */
  readonly pending: number;
  /** Pings (CRLF CRLF between messages) since the start; each wants a CRLF back (RFC 5626 3.5.1). */
  readonly pings: number;
}

export function createSipFramer(limits: Partial<SipLimits> = {}): SipFramer {
  return new StreamFramer({ ...DEFAULT_SIP_LIMITS, ...limits });
}

const LF = 0x0a;
const CR = 0x0d;

class StreamFramer implements SipFramer {
  broken: SipParseError | undefined = undefined;
  pings = 0;
  readonly #limits: SipLimits;
  readonly #queue = new ByteQueue();
  /** How far the current head was searched for its end. */
  #searched = 0;
  /** Length of the current message, once its head is complete. */
  #length: number | undefined = undefined;
  /** Bytes still to be dropped, of a message that was found wrong. */
  #skip = 0;
  /** Line ends since the last message. */
  #lineEnds = 0;

  constructor(limits: SipLimits) {
    this.#limits = limits;
  }

  get pending(): number {
    return this.#queue.length + this.#skip;
  }

  push(chunk: Uint8Array): (SipMessage | SipParseError)[] {
    const found: (SipMessage | SipParseError)[] = [];
    if (this.broken !== undefined) return found;
    this.#queue.append(chunk);
    for (let next = this.#next(); next !== undefined; next = this.#next()) found.push(next);
    return found;
  }

  end(): SipParseError | undefined {
    const rest = this.#queue.take(this.#queue.length);
    this.#skip = 0;
    this.#startOver();
    if (this.broken !== undefined || rest.length === 0) return undefined;
    const cut = readOrError(() => parseSip(rest, { stream: true, limits: this.#limits }));
    return cut instanceof SipParseError ? cut : undefined;
  }

  /** The next message or error; undefined when more bytes are needed. */
  #next(): SipMessage | SipParseError | undefined {
    if (this.broken !== undefined) return undefined;
    this.#dropSkipped();
    this.#dropLineEnds();
    if (this.#length === undefined) {
      const error = this.#readHead();
      if (error !== undefined) return error;
    }
    if (this.#length === undefined || this.#queue.length < this.#length) return undefined;
    const bytes = this.#queue.take(this.#length);
    this.#startOver();
    return readOrError(() => parseSip(bytes, { stream: true, limits: this.#limits }));
  }

  #startOver(): void {
    this.#length = undefined;
    this.#searched = 0;
    this.#lineEnds = 0;
  }

  #dropSkipped(): void {
    const dropped = Math.min(this.#skip, this.#queue.length);
    this.#queue.drop(dropped);
    this.#skip -= dropped;
  }

  /** No message begins with CR: what does is line ends, or the first half of one. */
  #dropLineEnds(): void {
    const bytes = this.#queue.bytes();
    if (this.#skip > 0 || bytes[0] !== CR) return;
    const dropped = skipLineEnds(bytes);
    this.#queue.drop(dropped);
    this.#searched = 0;
    const before = Math.floor(this.#lineEnds / 2);
    this.#lineEnds += dropped / 2;
    this.pings += Math.floor(this.#lineEnds / 2) - before;
  }

  /** Sets `#length` once the head is complete; gives the error that the head is. */
  #readHead(): SipParseError | undefined {
    const end = this.#headEnd();
    if (end === undefined && this.#queue.length <= this.#limits.headBytes) return undefined;
    const head = this.#queue.bytes().subarray(0, end === undefined || end < 0 ? undefined : end);
    const length = readOrError(() => messageLength(head, this.#limits));
    if (length instanceof SipParseError) return this.#recover(length, head, end);
    this.#length = length;
    return undefined;
  }

  /** Offset of the byte after the empty line; -1 at a line end that is none; undefined when it has not come yet. Each byte is looked at once. */
  #headEnd(): number | undefined {
    const bytes = this.#queue.bytes();
    for (let at = bytes.indexOf(LF, this.#searched); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      if (bytes[at - 1] !== CR) return -1;
      if (bytes[at - 2] === LF) return at + 1;
    }
    this.#searched = bytes.length;
    return undefined;
  }

  /** Goes on behind the wrong message if its head ended and names its length; else gives the stream up. */
  #recover(error: SipParseError, head: Uint8Array, end: number | undefined): SipParseError {
    const body = end === undefined || end < 0 ? undefined : statedLength(head, this.#limits);
    this.#startOver();
    if (body === undefined) {
      this.broken = error;
      this.#queue.drop(this.#queue.length);
    } else {
      this.#skip = head.length + body;
    }
    return error;
  }
}

function messageLength(bytes: Uint8Array, limits: SipLimits): number {
  const head = readHead(bytes, limits);
  return head.bodyStart + (bodyLength(head, true, limits) ?? 0);
}

const STATED_LENGTH = /\r\n(?:Content-Length|l)[ \t]{0,8}:[ \t]{0,8}([0-9]{1,9})[ \t]{0,8}(?=\r\n)/gi;

/** Content-Length of a head that could not be read as a whole; undefined when it is not stated exactly once, or above the limit. */
function statedLength(head: Uint8Array, limits: SipLimits): number | undefined {
  const found = [...Buffer.from(head).toString("latin1").matchAll(STATED_LENGTH)];
  const length = Number(found[0]?.[1]);
  return found.length === 1 && length <= limits.bodyBytes ? length : undefined;
}
