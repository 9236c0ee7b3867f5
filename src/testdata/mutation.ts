/**
 * Inputs that are almost right: a corpus, mutated. The same seed gives the same inputs, and each failure names its seed;
 * `SCRIM_FUZZ_SEED` runs others, `SCRIM_FUZZ_ROUNDS` more of them.
 */
export const SEED = Number(process.env["SCRIM_FUZZ_SEED"] ?? 4475);

/** So many rounds as the environment asks for, else so many. */
export const roundsOr = (rounds: number): number => Number(process.env["SCRIM_FUZZ_ROUNDS"] ?? rounds);

/** A whole number from 0 up to, and without, `below`. */
export type Random = (below: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function pick<T>(from: readonly T[], random: Random): T {
  const picked = from[random(from.length)];
  if (picked === undefined) throw new RangeError("nothing to pick from");
  return picked;
}

/** What breaks parsers of any kind: separators, quotes, line ends, numbers out of range, bytes that are no text. */
const MORSELS: readonly string[] = [
  ...'\r\n \t:;,=<>"\'\\()[]{}%@?&*/-+#|!\0\x7f\xff\xc3'.split(""),
  "\r\n",
  "\r\n\r\n",
  "\n\n",
  "\r\n ",
  '\\"',
  "::",
  "18446744073709551616",
  "-1",
  "1e999",
  "%00",
  "\\u0000",
  "__proto__",
  "\xed\xa0\x80",
  "\xef\xbb\xbf",
  "\xff\xfe",
];

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

/** `bytes` without those from `from` to `to`, with others in their place. */
export function spliced(bytes: Buffer, from: number, to: number, between?: Uint8Array): Buffer {
  const tail = bytes.subarray(to);
  return Buffer.concat([bytes.subarray(0, from), between ?? Buffer.alloc(0), tail]);
}

interface Stock {
  readonly corpus: readonly Buffer[];
  readonly morsels: readonly Buffer[];
}

type Mutation = (bytes: Buffer, random: Random, stock: Stock) => Buffer;

const slice = (bytes: Buffer, random: Random): Buffer => {
  const from = random(bytes.length + 1);
  return bytes.subarray(from, from + random(40));
};

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const copy = Buffer.from(bytes);
    const at = random(Math.max(1, copy.length));
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    return copy;
  },
  function insertMorsel(bytes, random, { morsels }) {
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at, pick(morsels, random));
  },
  function replaceWithMorsel(bytes, random, { morsels }) {
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at + 1 + random(8), pick(morsels, random));
  },
  function remove(bytes, random) {
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at + random(20));
  },
  function repeat(bytes, random) {
    const piece = slice(bytes, random);
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at, Buffer.concat(Array.from({ length: 1 + random(50) }, () => piece)));
  },
  function move(bytes, random) {
    const piece = slice(bytes, random);
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at + piece.length, piece);
  },
  function graft(bytes, random, { corpus }) {
    const at = random(bytes.length + 1);
    return spliced(bytes, at, at, slice(pick(corpus, random), random));
  },
  function append(bytes, random, { corpus }) {
    return Buffer.concat([bytes, pick(corpus, random)]);
  },
  function fill(bytes, random) {
    const copy = Buffer.from(bytes);
    const from = random(bytes.length + 1);
    return copy.fill(random(256), from, Math.min(copy.length, from + random(40)));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random(bytes.length + 1));
  },
];

/** Gives an input for each random source: one of the corpus, mutated one to four times. `own`: morsels of the format. */
export function mutatorOf(
  corpus: readonly (Uint8Array | string)[],
  own: readonly string[] = [],
): (random: Random) => Buffer {
  const stock: Stock = {
    corpus: corpus.map((one) => Buffer.from(one)),
    morsels: [...MORSELS, ...own].map(bytesOf),
  };
  return (random) => {
    let bytes = pick(stock.corpus, random);
    for (let count = 1 + random(4); count > 0; count -= 1)
      bytes = pick(MUTATIONS, random)(bytes, random, stock);
    return bytes;
  };
}

/** The bytes in pieces of one up to `longest`. */
export function piecesOf(bytes: Uint8Array, random: Random, longest = 60): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random(longest);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
