/** Which octets of a message are there: ranges in order, of which no two touch. Octets count from 1 (RFC 4975 7.1.1). */

export interface OctetSpan {
  readonly start: number;
  /** The last octet. */
  readonly end: number;
}

export interface OctetRanges {
  /** Notes the octets from `start` to `end`; nothing when `end` is before `start`. */
  add(start: number, end: number): void;
  covers(start: number, end: number): boolean;
  readonly spans: readonly OctetSpan[];
  /** How many octets are there. */
  readonly octets: number;
}

export function createOctetRanges(): OctetRanges {
  return new Ranges();
}

class Ranges implements OctetRanges {
  #spans: OctetSpan[] = [];

  get spans(): readonly OctetSpan[] {
    return this.#spans;
  }

  get octets(): number {
    return this.#spans.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  }

  add(start: number, end: number): void {
    if (end < start) return;
    const last = this.#spans.at(-1);
    // What comes in order is by far the most frequent, piece by piece.
    if (last !== undefined && start >= last.start && start <= last.end + 1) {
      if (end > last.end) this.#spans[this.#spans.length - 1] = { start: last.start, end };
      return;
    }
    const before = this.#spans.filter((span) => span.end + 1 < start);
    const after = this.#spans.filter((span) => span.start > end + 1);
    const touched = this.#spans.slice(before.length, this.#spans.length - after.length);
    const first = Math.min(start, touched[0]?.start ?? start);
    const final = Math.max(end, touched.at(-1)?.end ?? end);
    this.#spans = [...before, { start: first, end: final }, ...after];
  }

  covers(start: number, end: number): boolean {
    return end < start || this.#spans.some((span) => span.start <= start && span.end >= end);
  }
}
