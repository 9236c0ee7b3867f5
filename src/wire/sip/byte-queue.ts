/** Bytes that come in pieces and go in pieces. Each byte is copied a constant number of times, whatever the pieces. */
export class ByteQueue {
  #store: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#store.length) this.#makeRoom(chunk.length);
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** All of them, as a view that holds until the next call. */
  bytes(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  drop(count: number): void {
    this.#start += Math.min(count, this.length);
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  /** Removes the first bytes and gives a copy of them. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.bytes().subarray(0, count));
    this.drop(count);
    return taken;
  }

  /** Doubles the store, so that appending byte by byte stays linear. */
  #makeRoom(count: number): void {
    const store = Buffer.alloc(Math.max(1024, 2 * (this.length + count)));
    this.bytes().copy(store);
    this.#end = this.length;
    this.#start = 0;
    this.#store = store;
  }
}
