/**
 * What is written next on one connection (RFC 4975 7.1.1): messages take turns in chunks, responses and reports go before them, and a chunk
 * that is open is interrupted for either. Nothing of a message is held but the piece that was offered last.
 */
import { LARGEST_FIXED_CHUNK, sendHead } from "../../wire/msrp/build.ts";
import { newTransactionIdFor } from "../../wire/msrp/ident.ts";
import type { TokenSource } from "../../wire/msrp/ident.ts";
import type { MsrpFlag, MsrpFrame, MsrpRequestHead } from "../../wire/msrp/message.ts";
import { createCollisionScan } from "./collision.ts";
import type { CollisionScan } from "./collision.ts";

export interface LaneParts {
  readonly messageId: string;
  readonly toPath: string;
  readonly fromPath: string;
  readonly contentType: string;
  /** Octets of the whole message; `*` when they are not known. */
  readonly total: number | "*";
  /** Between Byte-Range and Content-Type. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Most octets of one chunk; no limit when nothing is said, as RFC 4975 7.1.1 recommends. */
  readonly chunkOctets?: number;
}

/** A message while it is being written. */
export interface Lane {
  readonly parts: LaneParts;
  /** Octets offered that are not written yet. */
  readonly buffered: number;
  /** Everything was offered. */
  readonly ended: boolean;
  /** Its last chunk is closed, or it was given up. */
  readonly finished: boolean;
  /** The next octets; held until they are written. The last ones of a known total end the lane. @throws RangeError when they are too many */
  offer(bytes: Uint8Array): void;
  /** There is no more. @throws RangeError when a known total was not reached */
  end(): void;
  /** Closes the chunk that is open with `+`; the rest follows in another when its turn comes. */
  interrupt(): void;
  /** Gives the message up: `#`, if a chunk is open, and nothing more. */
  abort(): void;
}

/** What to write. `open`, `body` and `close` of one chunk follow each other without anything between. */
export type WritingStep =
  | { readonly kind: "frame"; readonly frame: MsrpFrame }
  | { readonly kind: "open"; readonly lane: Lane; readonly head: MsrpRequestHead }
  | { readonly kind: "body"; readonly lane: Lane; readonly bytes: Uint8Array }
  | {
      readonly kind: "close";
      readonly lane: Lane;
      readonly head: MsrpRequestHead;
      readonly flag: MsrpFlag;
      readonly octets: number;
    };

export interface Interleaving {
  /** A response, a report or another request without chunks: goes out before the next chunk. */
  post(frame: MsrpFrame): void;
  add(parts: LaneParts): Lane;
  /** Responses, reports and other requests that were posted and have not been written. */
  readonly waiting: number;
  /** The next step; undefined when there is nothing to write now. */
  next(): WritingStep | undefined;
}

export interface InterleavingOptions {
  /** Octets of a chunk after which another message gets its turn. Default 16,384; never under 2048. */
  readonly turnOctets?: number;
}

/** The largest piece of a body in one step, so that a large buffer does not fill the connection at once. */
const SLICE = 256 * 1024;
const NOTHING: Uint8Array = new Uint8Array(0);

export function createInterleaving(token: TokenSource, options: InterleavingOptions = {}): Interleaving {
  return new Writing(token, Math.max(LARGEST_FIXED_CHUNK, options.turnOctets ?? 16_384));
}

interface OpenChunk {
  readonly lane: MessageLane;
  readonly head: MsrpRequestHead;
  readonly scan: CollisionScan;
  /** Octets that the head promised; undefined when its range-end is `*`. */
  readonly fixed: number | undefined;
  octets: number;
  collided: boolean;
}

class Writing implements Interleaving {
  readonly #token: TokenSource;
  readonly #turnOctets: number;
  readonly #frames: MsrpFrame[] = [];
  /** Messages with something to write, in the order of their turns. */
  readonly #ready = new Set<MessageLane>();
  #open: OpenChunk | undefined = undefined;

  constructor(token: TokenSource, turnOctets: number) {
    this.#token = token;
    this.#turnOctets = turnOctets;
  }

  get waiting(): number {
    return this.#frames.length;
  }

  post(frame: MsrpFrame): void {
    this.#frames.push(frame);
  }

  add(parts: LaneParts): Lane {
    return new MessageLane(parts, (lane) => {
      if (this.#open?.lane !== lane) this.#ready.add(lane);
    });
  }

  next(): WritingStep | undefined {
    if (this.#open !== undefined) return this.#continue(this.#open);
    const frame = this.#frames.shift();
    if (frame !== undefined) return { kind: "frame", frame };
    return this.#openNext();
  }

  #openNext(): WritingStep | undefined {
    for (const lane of this.#ready) {
      this.#ready.delete(lane);
      if (lane.finished) continue;
      // Between chunks there is nothing to interrupt; a message that is given up there has no more chunks.
      lane.interrupted = false;
      if (lane.aborted) lane.finished = true;
      else return this.#openChunk(lane);
    }
    return undefined;
  }

  #openChunk(lane: MessageLane): WritingStep {
    const fixed = lane.fixedOctets();
    const transactionId = newTransactionIdFor(lane.upcoming(), this.#token);
    const end = fixed === undefined ? "*" : lane.position + fixed - 1;
    const head = sendHead(lane.parts, transactionId, { start: lane.position, end, total: lane.total });
    const scan = createCollisionScan(transactionId);
    this.#open = { lane, head, scan, fixed, octets: 0, collided: false };
    return { kind: "open", lane, head };
  }

  #continue(open: OpenChunk): WritingStep | undefined {
    const { lane } = open;
    if (lane.aborted) return this.#close(open, "#");
    const written = lane.buffered === 0;
    if (written && lane.ended) return this.#close(open, "$");
    if (open.collided || lane.interrupted || this.#mustYield(open)) return this.#close(open, "+");
    const room = (open.fixed ?? lane.chunkOctets) - open.octets;
    // Whether a full chunk is the last one shows when there is more, or when there is none.
    if (written) return open.fixed !== undefined && room === 0 ? this.#close(open, "+") : undefined;
    return room === 0 ? this.#close(open, "+") : this.#write(open, Math.min(room, this.#share(open)));
  }

  /** How much may be written before it is looked again whether others wait. */
  #share({ fixed, octets }: OpenChunk): number {
    if (fixed !== undefined) return SLICE;
    if (this.#frames.length > 0) return LARGEST_FIXED_CHUNK - octets;
    return this.#ready.size > 0 ? this.#turnOctets - octets : SLICE;
  }

  #write(open: OpenChunk, most: number): WritingStep | undefined {
    const bytes = open.lane.peek(most);
    const safe = open.scan.push(bytes);
    open.collided = safe < bytes.length;
    if (safe === 0) return this.#close(open, "+");
    open.lane.drop(safe);
    open.octets += safe;
    return { kind: "body", lane: open.lane, bytes: open.collided ? bytes.subarray(0, safe) : bytes };
  }

  /** A chunk with `*` gives way after 2048 octets for responses and reports, after its turn for other messages, and at once when it is idle. */
  #mustYield(open: OpenChunk): boolean {
    if (open.fixed !== undefined) return false;
    const [urgent, others] = [this.#frames.length > 0, this.#ready.size > 0];
    if (!urgent && !others) return false;
    return open.lane.buffered === 0 || open.octets >= (urgent ? LARGEST_FIXED_CHUNK : this.#turnOctets);
  }

  #close(open: OpenChunk, flag: MsrpFlag): WritingStep {
    const { lane, head, octets } = open;
    this.#open = undefined;
    lane.interrupted = false;
    if (flag !== "+") lane.finished = true;
    else if (lane.buffered > 0 || lane.ended) this.#ready.add(lane);
    return { kind: "close", lane, head, flag, octets };
  }
}

class MessageLane implements Lane {
  readonly parts: LaneParts;
  readonly chunkOctets: number;
  finished = false;
  aborted = false;
  interrupted = false;
  ended = false;
  /** The octet that is written next. */
  position = 1;
  /** The piece that is written from, and those behind it. */
  #piece = NOTHING;
  #pieces: Uint8Array[] = [];
  #buffered = 0;
  readonly #wake: (lane: MessageLane) => void;

  constructor(parts: LaneParts, wake: (lane: MessageLane) => void) {
    this.parts = parts;
    this.chunkOctets = Math.max(1, parts.chunkOctets ?? Infinity);
    this.#wake = wake;
    if (parts.total === 0) this.end();
  }

  get buffered(): number {
    return this.#buffered;
  }

  /** As the head tells it: known at the latest when everything was offered. */
  get total(): number | "*" {
    return this.ended ? this.#offered : this.parts.total;
  }

  get #offered(): number {
    return this.position - 1 + this.#buffered;
  }

  offer(bytes: Uint8Array): void {
    if (this.ended || this.finished || bytes.length === 0) {
      if (this.ended && bytes.length > 0)
        throw new RangeError(`more than ${this.#offered} octets were offered`);
      return;
    }
    const { total } = this.parts;
    if (total !== "*" && this.#offered + bytes.length > total)
      throw new RangeError(`${total} octets were announced, more were offered`);
    if (this.#buffered === 0) this.#piece = bytes;
    else this.#pieces.push(bytes);
    this.#buffered += bytes.length;
    if (this.#offered === total) this.ended = true;
    this.#wake(this);
  }

  end(): void {
    if (this.ended || this.finished) return;
    const { total } = this.parts;
    if (total !== "*" && this.#offered !== total)
      throw new RangeError(`${total} octets were announced, ${this.#offered} were offered`);
    this.ended = true;
    this.#wake(this);
  }

  interrupt(): void {
    this.interrupted = true;
  }

  abort(): void {
    if (this.finished) return;
    this.aborted = true;
    this.#piece = NOTHING;
    this.#pieces = [];
    this.#buffered = 0;
    this.#wake(this);
  }

  /** Octets of the next chunk, where they are at hand and few enough to promise them: no chunk above 2048 octets has a range-end. */
  fixedOctets(): number | undefined {
    const most = Math.min(this.chunkOctets, LARGEST_FIXED_CHUNK);
    if (this.ended && this.#buffered <= most) return this.#buffered;
    return this.chunkOctets <= LARGEST_FIXED_CHUNK && this.#buffered >= this.chunkOctets
      ? this.chunkOctets
      : undefined;
  }

  /** What the next chunk begins with, or is. */
  upcoming(): Uint8Array {
    const fixed = this.fixedOctets();
    if (fixed === undefined || this.#pieces.length === 0) return this.peek(fixed ?? SLICE);
    return Buffer.concat([this.#piece, ...this.#pieces]).subarray(0, fixed);
  }

  /** The next octets, as far as they stand together. */
  peek(most: number): Uint8Array {
    return this.#piece.length <= most ? this.#piece : this.#piece.subarray(0, most);
  }

  drop(octets: number): void {
    if (octets < this.#piece.length) this.#piece = this.#piece.subarray(octets);
    else this.#piece = this.#pieces.shift() ?? NOTHING;
    this.position += octets;
    this.#buffered -= octets;
  }
}
