/**
 * The torture messages, mutated: whatever comes of that, parser, validator and framer give a message or a typed error, in time that is
 * linear in the input. The seed is in each failure; `SCRIM_FUZZ_SEED` runs another, `SCRIM_FUZZ_ROUNDS` more of them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { growsTooFast } from "../../testdata/bad-input.ts";
import { mutatorOf, pick, piecesOf, randomFrom, roundsOr, SEED, spliced } from "../../testdata/mutation.ts";
import type { Random } from "../../testdata/mutation.ts";
import { readOrError, SipParseError } from "./error.ts";
import { createSipFramer } from "./framer.ts";
import { DEFAULT_SIP_LIMITS } from "./limits.ts";
import type { SipMessage } from "./message.ts";
import { parseSip } from "./parse.ts";
import { serializeSip } from "./serialize.ts";
import { violations } from "./validate.ts";

const ROUNDS = roundsOr(6000);

const CORPUS: readonly Buffer[] = ["rfc4475/", "rfc5118/"].flatMap((folder) => {
  const at = new URL(`testdata/${folder}`, import.meta.url);
  return readdirSync(at)
    .filter((name) => name.endsWith(".dat"))
    .sort()
    .map((name) => readFileSync(new URL(name, at)));
});

/** What has a meaning in SIP. */
const MORSELS = [
  "z9hG4bK",
  "SIP/2.0",
  "Content-Length: 5\r\n",
  "l:0\r\n",
  "\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1",
];
const mutated = mutatorOf(CORPUS, MORSELS);

/** Reads a datagram as a peer would; says what was against the rules of this file, if anything. */
function faultOfDatagram(bytes: Buffer): string | undefined {
  const result: SipMessage | SipParseError = readOrError(() => parseSip(bytes));
  if (result instanceof SipParseError) return result.offset > bytes.length ? "offset outside" : undefined;
  if (Buffer.compare(serializeSip(result), bytes) !== 0) return "not lossless";
  const outside = violations(result).some(({ offset }) => offset > bytes.length);
  return outside ? "violation outside" : undefined;
}

/** The same for a stream in pieces: what comes out does not depend on the pieces, and no more is kept than came. */
function faultOfStream(bytes: Buffer, random: Random): string | undefined {
  const whole = createSipFramer();
  const pieces = createSipFramer();
  const expected = whole.push(bytes);
  const results = piecesOf(bytes, random).flatMap((piece) => pieces.push(piece));
  if (results.map(shown).join() !== expected.map(shown).join()) return "depends on the pieces";
  const most = bytes.length + DEFAULT_SIP_LIMITS.headBytes + DEFAULT_SIP_LIMITS.bodyBytes;
  return pieces.pending > most || results.length > bytes.length ? "more than came" : undefined;
}

function shown(result: SipMessage | SipParseError): string {
  return result instanceof SipParseError ? result.code : Buffer.from(serializeSip(result)).toString("base64");
}

test(`mutated messages, seed ${SEED}`, () => {
  const found: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const random = randomFrom(SEED + round);
    const bytes = mutated(random);
    const fault = attempt(() => faultOfDatagram(bytes) ?? faultOfStream(bytes, random));
    if (fault !== undefined) found.push(`seed ${SEED + round}: ${fault}`);
  }
  expect(found).toEqual([]);
}, 30_000);

test("the way of plain heads and the way of all others read alike", () => {
  // A byte beyond ASCII in a field at the end sends the whole head the other way (`plain-head.ts`).
  const unusual = Buffer.from("X-Unusual: \xe4\r\n", "latin1");
  const read = CORPUS.flatMap((bytes) => {
    const end = bytes.indexOf("\r\n\r\n") + 2;
    const both = [bytes, spliced(bytes, end, end, unusual)].map((octets) =>
      readOrError(() => parseSip(octets)),
    );
    const [plain, other] = both;
    return plain instanceof SipParseError || other instanceof SipParseError || !plain || !other
      ? []
      : [{ plain: plain.headers, other: other.headers.slice(0, -1) }];
  });
  expect(read.length).toBeGreaterThan(45);
  expect(read.map(({ other }) => other)).toEqual(read.map(({ plain }) => plain));
});

/** `readOrError` lets other errors through: they are faults. */
function attempt(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

/** One after the other, what a hostile sender would repeat. */
const REPEATED = [
  " ",
  "\t",
  ";",
  ",",
  ";a",
  ";a=b",
  ",a",
  '"',
  '\\"',
  '"a",',
  "(",
  "(a)",
  "<",
  ">",
  "<sip:a@b>,",
  "\\",
  "\\\\",
  "a",
  "1",
  ".",
  "1.",
  "a.",
  "a-",
  ":",
  "::",
  "@",
  "=",
  "%41",
  "%",
  "?",
  "&a=b",
  "/",
  "[",
  "]",
  "*",
  "\xff",
  "\xc3\xa4",
  "a b ",
  "\r\n ",
  "\r\n\t a",
  "-",
  "_",
  "'",
];
/** What may stand before it in a value: a beginning of each construct. */
const BEGINNINGS = [
  "",
  '"',
  "<sip:",
  "sip:a@b",
  "<sip:a@b>",
  "SIP/2.0/UDP h",
  "Digest a=",
  "* ;",
  "a/b",
  "(",
  "1 a",
];
const FIELDS = [
  "Via",
  "To",
  "Contact",
  "Route",
  "Warning",
  "Server",
  "Authorization",
  "Accept",
  "Accept-Contact",
  "Content-Type",
  "Call-ID",
  "P-Asserted-Identity",
  "Privacy",
  "Retry-After",
  "X-Unknown",
];
const WIDE = { headBytes: 4_194_304, headerBytes: 4_194_304, headers: 65_536 };

describe("time is linear in what is repeated", () => {
  const SMALL = 6000;

  function read(text: string): void {
    const bytes = Buffer.from(text, "latin1");
    const message = readOrError(() => parseSip(bytes, { limits: WIDE }));
    if (!(message instanceof SipParseError)) violations(message);
    createSipFramer(WIDE).push(bytes);
  }

  const tooSlow = (make: (count: number) => string, piece: string): boolean =>
    growsTooFast(make, read, Math.ceil(SMALL / piece.length));

  const messageOf = (field: string, value: string): string =>
    `OPTIONS sip:b@example.com SIP/2.0\r\n${field}: ${value}\r\nContent-Length: 0\r\n\r\n`;

  test.each(FIELDS.map((field, index) => [field, randomFrom(SEED + index)] as const))(
    "in %s",
    (field, random) => {
      const tries = Array.from({ length: ROUNDS / 300 }, () => [
        pick(BEGINNINGS, random),
        pick(REPEATED, random),
      ]);
      const slow = tries.filter(([beginning = "", piece = ""]) =>
        tooSlow((count) => messageOf(field, beginning + piece.repeat(count)), piece),
      );
      expect(slow).toEqual([]);
    },
  );

  test.each([
    ["header fields", "A: b\r\n"],
    ["wrong header fields", "Via: \r\n"],
    ["repeated header fields", "Call-ID: a\r\n"],
    ["Content-Lengths", "l: 0\r\n"],
    ["folds", "A: b\r\n c\r\n\td\r\n"],
  ])("in %s", (_name, piece) => {
    const make = (count: number): string => `OPTIONS sip:b@example.com SIP/2.0\r\n${piece.repeat(count)}\r\n`;
    expect(tooSlow(make, piece)).toBe(false);
  });

  test("in line ends, octet by octet", () => {
    const framer = createSipFramer();
    const start = performance.now();
    for (let count = 0; count < 200_000; count += 1) framer.push(Buffer.from("\r\n"));
    expect(performance.now() - start).toBeLessThan(5000);
    expect(framer.pending).toBe(0);
  });
});

test("a framer that is fed without end keeps no more than its limits", () => {
  const framer = createSipFramer();
  const piece = Buffer.from(`X: ${"a".repeat(4093)}\r\n`);
  framer.push(Buffer.from("OPTIONS sip:b@example.com SIP/2.0\r\n"));
  const kept = Array.from({ length: 200 }, () => {
    framer.push(piece);
    return framer.pending;
  });
  expect(Math.max(...kept)).toBeLessThanOrEqual(DEFAULT_SIP_LIMITS.headBytes + piece.length);
  expect(framer.broken?.code).toBe("head-too-large");
});
