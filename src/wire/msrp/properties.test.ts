/** What holds of any input whatever, however it is cut. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../testdata/mutation.ts";
import { msrpChunks, msrpRequest } from "./build.ts";
import { createMsrpConversation } from "./conversation.ts";
import { MsrpParseError, readOrMsrpError } from "./error.ts";
import { createMsrpCollector, parseMsrp, readMsrpStream } from "./frame.ts";
import type { MsrpOutcome } from "./frame.ts";
import * as headers from "./headers.ts";
import { isIdent } from "./ident.ts";
import { DEFAULT_MSRP_LIMITS } from "./limits.ts";
import { createMsrpParser } from "./parser.ts";
import { serializeMsrp } from "./serialize.ts";
import { formatMsrpUri, parseMsrpPath, parseMsrpUri, sameMsrpUri } from "./uri.ts";
import { msrpViolations } from "./validate.ts";

const CASES = path.join(import.meta.dirname, "testdata", "cases");
const CORPUS = readdirSync(CASES)
  .map((file) => readFileSync(path.join(CASES, file)))
  .filter(({ length }) => length < 4096);

const PIECES = [
  "MSRP abcd SEND\r\n",
  "MSRP abcd 200 OK\r\n",
  "To-Path: msrp://b:1/s;tcp\r\n",
  "From-Path: msrp://a:1/s;tcp\r\n",
  "Message-ID: abcd\r\n",
  "Byte-Range: 1-*/*\r\n",
  "Content-Type: text/plain\r\n",
  "\r\n",
  "\r\n-------abcd$\r\n",
  "-------abcd$\r\n",
  "-------abcd",
  "\r\n-------ab",
  "+",
  "\r",
  "\n",
  "-",
  ":",
  "\0",
  "ä",
];
const almostMsrp = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 6 })), {
    maxLength: 30,
  })
  .map((pieces) => Buffer.from(`MSRP abcd SEND\r\n${pieces.join("")}`));
const anyInput = fc.oneof(fc.uint8Array({ maxLength: 200 }), almostMsrp, fc.constantFrom(...CORPUS));

/** Cuts the bytes at the places, which may be in any order and beyond the end. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

function readPieces(pieces: readonly Uint8Array[]): MsrpOutcome[] {
  const parser = createMsrpParser();
  const collector = createMsrpCollector();
  const found = pieces.flatMap((piece) => collector.push(parser.push(piece)));
  const last = parser.end();
  return last === undefined ? found : [...found, ...collector.push([last])];
}

function comparable(outcomes: readonly MsrpOutcome[]): string {
  return JSON.stringify(
    outcomes.map((outcome) =>
      "error" in outcome
        ? [outcome.at, outcome.transactionId, outcome.error.code, outcome.error.offset, outcome.error.column]
        : [outcome.at, outcome.frame],
    ),
  );
}

const places = fc.array(fc.nat(5000), { maxLength: 12 });

describe("a stream", () => {
  test("gives the same however it is cut", () => {
    fc.assert(
      fc.property(anyInput, places, (bytes, at) => {
        expect(comparable(readPieces(cut(bytes, at)))).toBe(comparable(readMsrpStream(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  test("gives of any beginning what it gives of the whole, but for the last", () => {
    fc.assert(
      fc.property(anyInput, fc.nat(5000), (bytes, at) => {
        const before = bytes.subarray(0, at % (bytes.length + 1));
        const [events, all] = [before, bytes].map((one) => createMsrpParser().push(one));
        const shape = (list = events): string[] =>
          (list ?? [])
            .filter(({ kind }) => kind !== "body")
            .map((event) => JSON.stringify(event, errorCodes));
        expect(shape(all).slice(0, shape().length)).toEqual(shape());
      }),
      { numRuns: 1000 },
    );
  });

  test("is given back byte by byte by the messages that it gives", () => {
    fc.assert(
      fc.property(anyInput, (bytes) => {
        for (const outcome of readMsrpStream(bytes)) {
          const written = "error" in outcome ? new Uint8Array() : serializeMsrp(outcome.frame);
          expect(Buffer.compare(written, bytes.subarray(outcome.at, outcome.at + written.length))).toBe(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("can be looked at, validated and followed", () => {
    const {
      msrpHeaderFields: _fields,
      msrpHeader: _header,
      formatByteRange: _range,
      formatMsrpStatus: _status,
      ...rest
    } = headers;
    const views = Object.entries(rest).filter(([name]) => name.endsWith("Of"));
    fc.assert(
      fc.property(anyInput, (bytes) => {
        const conversation = createMsrpConversation();
        for (const outcome of readMsrpStream(bytes)) {
          if ("error" in outcome) continue;
          const { frame } = outcome;
          for (const [, view] of views) readOrMsrpError(() => Reflect.apply(view, undefined, [frame.head]));
          const found = [
            ...msrpViolations(frame),
            ...conversation.observe("a", frame),
            ...conversation.observe("b", frame),
          ];
          for (const { offset, clause } of found) {
            expect(offset).toBeLessThanOrEqual(bytes.length);
            expect(clause).not.toBe("");
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** An error quotes what came, which depends on how much had come. */
function errorCodes(_key: string, value: unknown): unknown {
  return value instanceof MsrpParseError ? [value.code, value.offset] : value;
}

describe("memory and time", () => {
  const start = "MSRP abcd SEND\r\nTo-Path: msrp://b:1/s;tcp\r\nContent-Type: a/b\r\n\r\n";

  test("a body of 64 MiB goes through with next to nothing held", () => {
    const parser = createMsrpParser();
    parser.push(Buffer.from(start));
    const piece = Buffer.alloc(65_536, "\r\n-------abc");
    let [bytes, held] = [0, 0];
    for (let count = 0; count < 1024; count += 1) {
      for (const event of parser.push(piece)) bytes += event.kind === "body" ? event.bytes.length : 0;
      held = Math.max(held, parser.held);
    }
    expect(held).toBeLessThan(20);
    expect(bytes + parser.held).toBe(1024 * 65_536);
    expect(parser.push(Buffer.from("\r\n-------abcd$\r\n")).at(-1)).toMatchObject({ kind: "end", flag: "$" });
  });

  test.each([
    ["a line without end", "MSRP abcd SEND\r\nX: ", "y"],
    ["header fields without end", "MSRP abcd SEND\r\n", "X: y\r\n"],
    ["a start line without end", "MSRP ", "a"],
    ["empty lines without end", "", "\r\n"],
    ["a message that is dropped", "MSRP abcd SEND\r\nbroken\r\n", "\r\n-------abc"],
    ["rubbish", "rubbish", "rubbish"],
  ])("%s holds no more than a line", (_name, begin, more) => {
    const parser = createMsrpParser();
    parser.push(Buffer.from(begin));
    const piece = Buffer.from(more.repeat(1000));
    for (let count = 0; count < 300; count += 1) {
      parser.push(piece);
      expect(parser.held).toBeLessThanOrEqual(DEFAULT_MSRP_LIMITS.lineBytes + 2);
    }
  });

  test.each([
    "\r",
    "\r\n",
    "\r\n-------",
    "\r\n-------abcd",
    "\r\n-------abcd$",
    "\r\n-------abcd$\r",
    "-",
    "\r\n-------abcd$\r\r\n-------abcd",
  ])("a body of %j takes linear time, whole and byte by byte", (text) => {
    const bytes = Buffer.from(start + text.repeat(Math.ceil(400_000 / text.length)));
    const began = performance.now();
    createMsrpParser().push(bytes);
    const parser = createMsrpParser();
    for (const byte of bytes) parser.push(Uint8Array.of(byte));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

const token = fc.stringMatching(/^[a-z0-9]{4,20}$/);

test("chunks put together give the message, and conform", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(),
      (body, size, seed) => {
        const random = randomFrom(seed);
        const source = (length: number): string =>
          Array.from({ length }, () => random(36).toString(36)).join("");
        const message = {
          messageId: "mess",
          toPath: "msrp://b:1/s;tcp",
          fromPath: "msrp://a:1/s;tcp",
          contentType: "a/b",
          body,
        };
        const chunks = [...msrpChunks(message, source, size)];
        const outcomes = readMsrpStream(Buffer.concat(chunks.map(serializeMsrp)));
        const frames = outcomes.flatMap((outcome) => ("frame" in outcome ? [outcome.frame] : []));
        const conversation = createMsrpConversation();
        expect(frames).toHaveLength(Math.max(1, Math.ceil(body.length / size)));
        expect(
          frames.flatMap((frame) => [...msrpViolations(frame), ...conversation.observe("a", frame)]),
        ).toEqual([]);
        expect(Buffer.concat(frames.map((frame) => frame.body ?? Buffer.of()))).toEqual(Buffer.from(body));
        expect(frames.map(({ flag }) => flag).join("")).toMatch(/^\+*\$$/);
      },
    ),
    { numRuns: 500 },
  );
});

test("a message that was made survives being written and read", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/);
  const value = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\p{Cc}\s]/gu, ""));
  fc.assert(
    fc.property(token, fc.array(fc.tuple(name, value)), fc.uint8Array(), (transactionId, pairs, body) => {
      fc.pre(!Buffer.from(body).includes(transactionId));
      const head = msrpRequest({ method: "SEND", transactionId, toPath: "a", fromPath: "b", headers: pairs });
      const frame = { head, content: "body", body, flag: "+" } as const;
      const read = parseMsrp(serializeMsrp(frame));
      expect(read.head.headers.slice(2).map((one) => [one.name, one.value])).toEqual(pairs);
      expect(read).toMatchObject({ content: "body", flag: "+", bodyBytes: body.length });
      expect(Buffer.from(read.body ?? [])).toEqual(Buffer.from(body));
    }),
  );
});

const uriText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "msrp://",
        "msrps://",
        "a",
        ":",
        "1",
        "/",
        ";tcp",
        ";",
        "[::1]",
        "@",
        "%41",
        "=",
        " ",
        ".",
      ),
      fc.string({ maxLength: 2 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => `msrp://${parts.join("")}`);

test("a URI that can be read is written so that it is the same", () => {
  fc.assert(
    fc.property(uriText, (text) => {
      const uri = readOrMsrpError(() => parseMsrpUri(text));
      const written = uri instanceof MsrpParseError ? text : formatMsrpUri(uri);
      expect(sameMsrpUri(text, written)).toBe(true);
      const again = uri instanceof MsrpParseError ? uri : parseMsrpUri(written);
      expect(again).toEqual(uri);
    }),
    { numRuns: 2000 },
  );
});

test.each(["a", ":", "/", ";a", ";tcp", "%41", "[", "@", " ", "msrp://a:1/b;tcp "])(
  "readers of %j are linear",
  (piece) => {
    const text = piece.repeat(20_000);
    const began = performance.now();
    readOrMsrpError(() => parseMsrpUri(`msrp://${text}`));
    readOrMsrpError(() => parseMsrpPath(text));
    readOrMsrpError(() => headers.parseNickname(`"${text}`));
    readOrMsrpError(() => headers.parseMsrpStatus(text));
    isIdent(text);
    const head = msrpRequest({
      method: "SEND",
      transactionId: "abcd",
      toPath: text,
      fromPath: text,
      headers: [["Content-Type", `a/b;${text}`]],
    });
    msrpViolations({ head, content: "none", bodyBytes: 0, flag: "$" });
    expect(performance.now() - began).toBeLessThan(2000);
  },
);
