/** The bytes of one message for the record while they stream by: all of a small one, the ends and the digest of a large one. */
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { DEFAULT_BODY_LIMIT, encodeBytes } from "../../trace/bytes.ts";
import type { RecordedBytes } from "../../trace/event.ts";

export interface FrameRecording {
  head(bytes: Uint8Array): void;
  body(bytes: Uint8Array): void;
  /** With what stands behind the body. */
  end(bytes: Uint8Array): RecordedBytes;
  /** The body, as long as all of it is kept. */
  readonly keptBody: Uint8Array | undefined;
}

/** Bytes of a cut body that are kept at each end. */
const KEPT_END = 2048;

/** A body above `limit` bytes is cut, but none that is hardly longer than what is kept. */
export function createFrameRecording(limit = DEFAULT_BODY_LIMIT): FrameRecording {
  return new Recording(Math.max(limit, 4 * KEPT_END));
}

class Recording implements FrameRecording {
  readonly #limit: number;
  #head = Buffer.alloc(0);
  #pieces: Buffer[] = [];
  #bodyBytes = 0;
  /** Once the body is too long: what is kept of it, and the digest of everything so far. */
  #cut: { readonly start: Buffer; tail: Buffer; readonly hash: Hash } | undefined = undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get keptBody(): Uint8Array | undefined {
    return this.#cut === undefined ? Buffer.concat(this.#pieces) : undefined;
  }

  head(bytes: Uint8Array): void {
    this.#head = Buffer.from(bytes);
  }

  body(bytes: Uint8Array): void {
    this.#bodyBytes += bytes.length;
    if (this.#cut !== undefined) return this.#skip(bytes, this.#cut);
    this.#pieces.push(Buffer.from(bytes));
    if (this.#bodyBytes > this.#limit) this.#beginCut();
  }

  #beginCut(): void {
    const body = Buffer.concat(this.#pieces);
    const hash = createHash("sha256").update(this.#head).update(body);
    this.#pieces = [];
    const tail = Buffer.from(body.subarray(-KEPT_END));
    this.#cut = { start: Buffer.from(body.subarray(0, KEPT_END)), tail, hash };
  }

  #skip(bytes: Uint8Array, cut: { tail: Buffer; readonly hash: Hash }): void {
    cut.hash.update(bytes);
    cut.tail = Buffer.from(Buffer.concat([cut.tail, bytes.subarray(-KEPT_END)]).subarray(-KEPT_END));
  }

  end(bytes: Uint8Array): RecordedBytes {
    if (this.#cut === undefined)
      return encodeBytes(Buffer.concat([this.#head, ...this.#pieces, bytes]), this.#limit + bytes.length);
    const { start, tail, hash } = this.#cut;
    return {
      sha256: hash.update(bytes).digest("hex"),
      length: this.#head.length + this.#bodyBytes + bytes.length,
      head: Buffer.concat([this.#head, start]).toString("latin1"),
      tail: Buffer.concat([tail, bytes]).subarray(-KEPT_END).toString("latin1"),
    };
  }
}
