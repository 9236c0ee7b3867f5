/** Where the octets of a message come from: bytes at hand, an iterable, or pieces that come as they come. */

export interface MessageSource {
  /** Octets in all; undefined when they are not known. */
  readonly size?: number;
  /**
   * The next piece, which must not change afterwards; undefined at the end. A promise where it is not at hand: then other messages are
   * sent meanwhile. Not called again before the piece before was sent.
   */
  read(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Nothing more will be read. */
  cancel?(): void;
}

export type MessageContent =
  Uint8Array | string | AsyncIterable<Uint8Array> | Iterable<Uint8Array> | MessageSource;

/** `size` for an iterable whose length is known. Text is sent as UTF-8. */
export function sourceOf(content: MessageContent, size?: number): MessageSource {
  if (typeof content === "string") return bytesSource(Buffer.from(content, "utf8"));
  if (content instanceof Uint8Array) return bytesSource(content);
  if ("read" in content) return content;
  const known = size === undefined ? {} : { size };
  if (Symbol.asyncIterator in content) {
    const pieces = content[Symbol.asyncIterator]();
    return {
      ...known,
      read: async () => valueOf(await pieces.next()),
      cancel: () => void pieces.return?.().catch(() => undefined),
    };
  }
  const pieces = content[Symbol.iterator]();
  return { ...known, read: () => valueOf(pieces.next()), cancel: () => void pieces.return?.() };
}

function bytesSource(bytes: Uint8Array): MessageSource {
  let rest: Uint8Array | undefined = bytes;
  return {
    size: bytes.length,
    read: () => {
      const piece = rest;
      rest = undefined;
      return piece;
    },
  };
}

function valueOf(result: IteratorResult<Uint8Array, unknown>): Uint8Array | undefined {
  return result.done === true ? undefined : result.value;
}

/** One writer, any number of readers, each at its own pace: what a message that is still coming in is sent on from. */
export interface SharedSource {
  /** A source for one message, from the first octet on. @throws Error once sealed */
  reader(): MessageSource;
  /** There will be no more readers: what all of them have read is let go. */
  seal(): void;
  /** `bytes` must not change afterwards. Ignored after the end. */
  push(bytes: Uint8Array): void;
  end(): void;
  /** The message will never be complete: its readers fail. */
  fail(error: Error): void;
  /** Octets that the slowest reader has not read yet: what is held in memory. */
  readonly backlog: number;
  /** `handler` is called each time a reader that was behind has read everything. */
  onCaughtUp(handler: () => void): void;
}

/** A piece and what comes behind it. Pieces that every reader has read are referred to by none. */
interface Link {
  bytes: Uint8Array;
  next: Link | undefined;
}

interface Reader {
  at: Link;
  read: number;
  wake: (() => void) | undefined;
  fail: ((error: Error) => void) | undefined;
}

/** `size` when the octets of the whole are known. */
export function createSharedSource(size?: number): SharedSource {
  return new Shared(size);
}

class Shared implements SharedSource {
  readonly #size: number | undefined;
  #last: Link = { bytes: new Uint8Array(0), next: undefined };
  /** Keeps every piece for readers to come. */
  #first: Link | undefined = this.#last;
  #pushed = 0;
  #ended = false;
  #failure: Error | undefined = undefined;
  readonly #readers = new Set<Reader>();
  #caughtUp: () => void = () => undefined;

  constructor(size: number | undefined) {
    this.#size = size;
  }

  get backlog(): number {
    let slowest = this.#pushed;
    for (const { read } of this.#readers) slowest = Math.min(slowest, read);
    return this.#pushed - slowest;
  }

  onCaughtUp(handler: () => void): void {
    this.#caughtUp = handler;
  }

  push(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    const link: Link = { bytes, next: undefined };
    this.#last.next = link;
    this.#last = link;
    this.#pushed += bytes.length;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.#ended = true;
    this.#failure = error;
    for (const reader of this.#readers) reader.fail?.(error);
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake?.();
  }

  seal(): void {
    this.#first = undefined;
  }

  reader(): MessageSource {
    if (this.#first === undefined) throw new Error("the source is sealed: its beginning is gone");
    const reader: Reader = { at: this.#first, read: 0, wake: undefined, fail: undefined };
    this.#readers.add(reader);
    return {
      ...(this.#size === undefined ? {} : { size: this.#size }),
      read: () => this.#read(reader),
      cancel: () => void this.#readers.delete(reader),
    };
  }

  #read(reader: Reader): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const { next } = reader.at;
    if (next !== undefined) {
      reader.at = next;
      reader.read += next.bytes.length;
      if (next.next === undefined) this.#caughtUp();
      return next.bytes;
    }
    if (this.#ended) {
      this.#readers.delete(reader);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      reader.fail = reject;
      reader.wake = () => {
        reader.wake = reader.fail = undefined;
        try {
          resolve(this.#read(reader));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
    });
  }
}
