/** What a reader has to hold against: it gives something or throws its own error, and its time grows as its input does. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutatorOf, randomFrom, roundsOr, SEED } from "./mutation.ts";

type ErrorClass = abstract new (...details: never[]) => Error;

export interface Reader {
  /** Inputs that are right. */
  readonly corpus: readonly (Uint8Array | string)[];
  /** What has a meaning in the format, for the mutations. */
  readonly morsels?: readonly string[];
  /** The errors that it may throw; none: it never throws. */
  readonly errors?: readonly ErrorClass[];
  /** Reads, and says what else was against the rules of the test, if anything. */
  read(bytes: Buffer): string | undefined | void;
}

/** What was wrong with reading these bytes; undefined: nothing. */
export function faultOf(reader: Reader, bytes: Buffer): string | undefined {
  const before = Buffer.from(bytes);
  try {
    const told = reader.read(bytes) ?? undefined;
    return before.equals(bytes) ? told : "the input was changed";
  } catch (error) {
    return (reader.errors ?? []).some((kind) => error instanceof kind) ? faultInError(error) : `threw ${String(error)}`;
  }
}

/** A typed error has a code and says something. */
function faultInError(error: unknown): string | undefined {
  const coded = error instanceof Error && "code" in error && typeof error.code === "string" && error.code !== "";
  return coded && error.message !== "" ? undefined : `an error without code or message: ${String(error)}`;
}

/** Faults over many mutations, each with its seed and the input. */
export function mutationFaults(reader: Reader, rounds: number): string[] {
  const mutated = mutatorOf(reader.corpus, reader.morsels);
  return Array.from({ length: roundsOr(rounds) }, (_, round) => SEED + round).flatMap((seed) => {
    const bytes = mutated(randomFrom(seed));
    const fault = faultOf(reader, bytes);
    return fault === undefined ? [] : [`seed ${seed}: ${fault}: ${shown(bytes)}`];
  });
}

/** Faults over every beginning of every input of the corpus; of a long one over some hundred of them. */
export function prefixFaults(reader: Reader): string[] {
  return reader.corpus.flatMap((one) => {
    const bytes = Buffer.from(one);
    const step = Math.max(1, Math.floor(bytes.length / 400));
    const ends = Array.from({ length: Math.floor(bytes.length / step) + 1 }, (_, index) => index * step);
    return ends.flatMap((end) => {
      const prefix = Buffer.from(bytes.subarray(0, end));
      const fault = faultOf(reader, prefix);
      return fault === undefined ? [] : [`the first ${end} bytes: ${fault}: ${shown(prefix)}`];
    });
  });
}

const shown = (bytes: Buffer): string => JSON.stringify(bytes.toString("latin1").slice(-300));

/** Times shorter than this say nothing: a quadratic reader needs more for the larger input. Milliseconds. */
const FLOOR = 200;
const FACTOR = 8;

/**
 * Whether time grows faster than the input that `make` gives for a count. Eight times the input takes about eight times as long;
 * sixty-four times if it were quadratic. A busy machine makes a time longer, never shorter: the best of several counts, and what looks slow
 * is looked at again.
 */
export function growsTooFast<T>(
  make: (count: number) => T,
  use: (input: T) => unknown,
  count: number,
  now: () => number = () => performance.now(),
): boolean {
  const time = (input: T): number => {
    const start = now();
    use(input);
    return now() - start;
  };
  const [small, large] = [make(count), make(count * FACTOR)];
  if (time(large) < FLOOR) return false;
  const best = (input: T, times: number): number =>
    Math.min(...Array.from({ length: times }, () => time(input)));
  const isSlow = (): boolean => {
    const most = best(large, 3);
    // Halfway, as ratios go, between eight and sixty-four.
    return most >= FLOOR && most > FACTOR ** 1.5 * Math.max(best(small, 9), 1);
  };
  return isSlow() && isSlow();
}

/**
 * Of the pieces, those whose repetition between `head` and `tail` takes more than linear time, or is not held against; `bytes`: of the
 * smaller input.
 */
export function slowRepetitions(
  reader: Pick<Reader, "read" | "errors">,
  [head, tail]: readonly [string, string],
  pieces: readonly string[],
  bytes = 6000,
): string[] {
  return pieces.flatMap((piece) => {
    const make = (count: number): Buffer => Buffer.from(head + piece.repeat(count) + tail, "latin1");
    let fault: string | undefined;
    const use = (input: Buffer): void => {
      fault = faultOf({ corpus: [], ...reader }, input);
    };
    const slow = growsTooFast(make, use, Math.ceil(bytes / piece.length));
    const told = slow ? "more than linear" : fault;
    return told === undefined ? [] : [`${JSON.stringify(piece)}: ${told.slice(0, 200)}`];
  });
}

/** What a hostile sender would repeat, in any format of text. */
export const REPEATED: readonly string[] = [
  ...' \t;,"\'()<>[]{}\\/.:@=%?&*-_+#|!a1\n\xff\0'.split(""),
  "\r\n",
  "\r\n ",
  "\r\na: b",
  '\\"',
  "\\\\",
  ";a",
  ";a=b",
  ';a="b"',
  ",a",
  "a b ",
  "a.",
  "1.",
  "::",
  "%41",
  "<a>",
  "</a>",
  "<a/>",
  "<!--",
  "&amp;",
  "\xc3\xa4",
];

export interface BadInputOptions {
  /** Mutations; 1500 unless told. */
  readonly rounds?: number;
  /** What stands before and behind what is repeated, as often as there are places where it matters. */
  readonly around?: readonly (readonly [head: string, tail: string])[];
  /** Repeated beside what any format has. */
  readonly repeated?: readonly string[];
  /** Bytes of the smaller of the two inputs that time is compared with. */
  readonly bytes?: number;
}

/** Declares the tests of a reader: any bytes, pieces of its format, mutations, beginnings, time. */
export function describeBadInput(name: string, reader: Reader, options: BadInputOptions = {}): void {
  const { rounds = 1500, around = [["", ""]], repeated = [], bytes } = options;
  describe(`${name}, given what is wrong, gives a value or its typed error`, () => {
    test("any bytes, and pieces of its format in any order", () => {
      fc.assert(
        fc.property(anyInput(reader), (input) => {
          expect(faultOf(reader, input)).toBeUndefined();
        }),
        { numRuns: Math.ceil(rounds / 2) },
      );
    });

    test(`the corpus, mutated (seed ${SEED})`, () => {
      expect(mutationFaults(reader, rounds)).toEqual([]);
    });

    test("every beginning", () => {
      expect(prefixFaults(reader)).toEqual([]);
    });

    const places = around.map((place) => ({ place, from: shortened(place[0]), to: shortened(place[1]) }));
    test.each(places)("in linear time, between $from and $to", ({ place }) => {
      expect(slowRepetitions(reader, place, [...repeated, ...REPEATED], bytes)).toEqual([]);
    });
  });
}

const shortened = (text: string): string => JSON.stringify(text.length > 40 ? `…${text.slice(-40)}` : text);

function anyInput({ corpus, morsels = [] }: Reader): fc.Arbitrary<Buffer> {
  const lines = corpus.flatMap((one) => Buffer.from(one).toString("latin1").split(/(?<=\n)/));
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...lines, ...morsels, "") },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  );
  const almost = fc
    .array(piece, { maxLength: 30 })
    .map((pieces) => Buffer.from(pieces.join(""), "latin1"));
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    almost,
  );
}
