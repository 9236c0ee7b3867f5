/**
 * Finds the end-line in a body that comes in pieces: `CRLF "-------" transact-id continuation-flag CRLF` (RFC 4975 7.1, 9).
 *
 * Nothing of the body is kept between pieces: what was held back because it may be the beginning of an end-line is known from the
 * pattern itself. CR is the first character of the pattern and stands in it once more only behind the flag, so after a mismatch nothing
 * before the mismatch can be the beginning of another match, but for that last CR.
 */
import type { MsrpFlag } from "./message.ts";

const CR = 0x0d;
const LF = 0x0a;
const HYPHENS = Buffer.from("-------", "latin1");

export interface EndLineStep {
  /** Body bytes that are certain, in order: views of the piece, and what had been held back. */
  readonly body: readonly Uint8Array[];
  /** The flag, once the end-line is complete. */
  readonly flag?: MsrpFlag;
  /** With the flag: the CRLF before the end-line was that of the empty line. */
  readonly sharesEmptyLine?: boolean;
  /** How much of the piece was read; all of it unless the end-line is complete. */
  readonly consumed: number;
}

export interface EndLineSearch {
  /** Takes the next piece. The views in the result hold as long as the piece does. */
  push(piece: Uint8Array): EndLineStep;
  /** Bytes held back because they may be the beginning of the end-line. */
  readonly held: number;
}

/**
 * @param afterEmptyLine the search begins right behind the empty line of the head, whose CRLF may be the one before the end-line
 */
export function createEndLineSearch(transactionId: string, afterEmptyLine = false): EndLineSearch {
  return new PatternSearch(transactionId, afterEmptyLine);
}

/** `+`, `$` or `#`; undefined for anything else. */
export function flagOf(byte: number | undefined): MsrpFlag | undefined {
  if (byte === 0x24) return "$";
  if (byte === 0x2b) return "+";
  return byte === 0x23 ? "#" : undefined;
}

class PatternSearch implements EndLineSearch {
  /** Up to the flag. */
  readonly #pattern: Buffer;
  /** How much of pattern, flag, CR and LF has matched. */
  #matched = 0;
  #flag: MsrpFlag | undefined = undefined;
  /** Matched bytes that belong to the head and are no body, should the match fail. */
  #foreign = 0;

  constructor(transactionId: string, afterEmptyLine: boolean) {
    this.#pattern = Buffer.from(`\r\n-------${transactionId}`, "latin1");
    if (afterEmptyLine) this.#matched = this.#foreign = 2;
  }

  get held(): number {
    return this.#matched - this.#foreign;
  }

  push(piece: Uint8Array): EndLineStep {
    const bytes = Buffer.isBuffer(piece)
      ? piece
      : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const body: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#matched === 0) {
        const next = this.#skip(bytes, at);
        if (next > at) body.push(at === 0 && next === bytes.length ? bytes : bytes.subarray(at, next));
        at = next;
      }
      const byte = bytes[at];
      if (byte === undefined) break;
      if (!this.#matches(byte)) {
        this.#release(body);
        continue;
      }
      at += 1;
      this.#matched += 1;
      if (this.#matched === this.#pattern.length + 3) return this.#complete(body, at);
    }
    return { body, consumed: at };
  }

  /** Where the next match may begin: a whole pattern, or the beginning of one that the piece cuts off. */
  #skip(bytes: Buffer, from: number): number {
    // Seven hyphens are rare, and found several times as fast as a long pattern.
    const suspect = bytes.indexOf(HYPHENS, from);
    const whole = suspect === -1 ? -1 : bytes.indexOf(this.#pattern, Math.max(from, suspect - 2));
    if (whole !== -1) return whole;
    const tail = Math.max(from, bytes.length - this.#pattern.length + 1);
    const last = bytes.indexOf(CR, tail);
    for (let at = last; at !== -1; at = bytes.indexOf(CR, at + 1)) {
      const rest = bytes.length - at;
      if (bytes.compare(this.#pattern, 0, rest, at) === 0) return at;
    }
    return bytes.length;
  }

  /** Whether a byte continues what has matched. */
  #matches(byte: number): boolean {
    const behind = this.#matched - this.#pattern.length;
    if (behind < 0) return byte === this.#pattern[this.#matched];
    if (behind > 0) return byte === (behind === 1 ? CR : LF);
    this.#flag = flagOf(byte);
    return this.#flag !== undefined;
  }

  #complete(body: Uint8Array[], consumed: number): EndLineStep {
    const flag = this.#flag ?? "$";
    const sharesEmptyLine = this.#foreign > 0;
    this.#reset();
    return { body, flag, sharesEmptyLine, consumed };
  }

  /** What was held back is body after all, but for a CR behind the flag, which may begin another match. */
  #release(body: Uint8Array[]): void {
    const length = this.#pattern.length;
    const text = Buffer.concat([this.#pattern, Buffer.from(this.#flag ?? "", "latin1")]);
    const certain = text.subarray(this.#foreign, Math.min(this.#matched, length + 1));
    if (certain.length > 0) body.push(certain);
    const trailingCr = this.#matched === length + 2;
    this.#reset();
    if (trailingCr) this.#matched = 1;
  }

  #reset(): void {
    this.#matched = 0;
    this.#flag = undefined;
    this.#foreign = 0;
  }
}
