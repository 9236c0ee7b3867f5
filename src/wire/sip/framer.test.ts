import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sipRequest } from "./build.ts";
import { SipParseError } from "./error.ts";
import { createSipFramer } from "./framer.ts";
import type { SipFramer } from "./framer.ts";
import type { SipMessage } from "./message.ts";
import { serializeSip } from "./serialize.ts";

const HEADERS: [string, string][] = [
  ["Via", "SIP/2.0/TCP client.example.com;branch=z9hG4bKa"],
  ["Subject", "ä"],
];

function bytesOf(method: string, body: string): Uint8Array {
  return serializeSip(
    sipRequest({ method, uri: "sip:bob@example.com", headers: HEADERS, body: Buffer.from(body) }),
  );
}

function feed(framer: SipFramer, bytes: Uint8Array, size: number): (SipMessage | SipParseError)[] {
  const found = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...framer.push(bytes.subarray(at, at + size)));
  return found;
}

function summary(found: readonly (SipMessage | SipParseError)[]): string[] {
  return found.map((item) => {
    if (item instanceof SipParseError) return item.code;
    return `${item.kind === "request" ? item.method : item.status} ${Buffer.from(item.body).toString()}`;
  });
}

const HEAD = "MESSAGE sip:a@b SIP/2.0\r\n";
const CASES: {
  name: string;
  input: string;
  found: string[];
  broken?: string;
  pings?: number;
  end?: string;
}[] = [
  { name: "one message", input: `${HEAD}l: 2\r\n\r\nhi`, found: ["MESSAGE hi"] },
  { name: "no header but the length", input: `${HEAD}Content-Length: 0\r\n\r\n`, found: ["MESSAGE "] },
  {
    name: "two messages",
    input: `${HEAD}l: 2\r\n\r\nhi${HEAD}l: 0\r\n\r\n`,
    found: ["MESSAGE hi", "MESSAGE "],
  },
  {
    name: "body that looks like an end",
    input: `${HEAD}l: 8\r\n\r\n\r\n\r\n\r\n\r\n`,
    found: ["MESSAGE \r\n\r\n\r\n\r\n"],
  },
  { name: "body with a bare line feed", input: `${HEAD}l: 1\r\n\r\n\n`, found: ["MESSAGE \n"] },
  {
    name: "pings around messages",
    input: `\r\n\r\n${HEAD}l: 0\r\n\r\n\r\n\r\n\r\n\r\n`,
    found: ["MESSAGE "],
    pings: 3,
  },
  { name: "one line end is no ping", input: `\r\n${HEAD}l: 0\r\n\r\n`, found: ["MESSAGE "], pings: 0 },
  {
    name: "wrong header, then a good message",
    input: `${HEAD}a b: 1\r\nl: 2\r\n\r\nhi${HEAD}l: 0\r\n\r\n`,
    found: ["header-name", "MESSAGE "],
  },
  {
    name: "wrong version, then a good message",
    input: `A sip:b SIP/3.0\r\nl: 2\r\n\r\nhi${HEAD}l: 0\r\n\r\n`,
    found: ["version", "MESSAGE "],
  },
  {
    name: "no Content-Length",
    input: `${HEAD}Subject: x\r\n\r\n`,
    found: ["content-length-missing"],
    broken: "content-length-missing",
  },
  {
    name: "two lengths",
    input: `${HEAD}l: 1\r\nl: 2\r\n\r\nab`,
    found: ["content-length-conflict"],
    broken: "content-length-conflict",
  },
  {
    name: "length that is no number",
    input: `${HEAD}l: -1\r\n\r\n`,
    found: ["content-length-syntax"],
    broken: "content-length-syntax",
  },
  {
    name: "length beyond every bound",
    input: `${HEAD}l: ${"9".repeat(300)}\r\n\r\n`,
    found: ["body-too-large"],
    broken: "body-too-large",
  },
  {
    name: "bare line feed",
    input: `MESSAGE sip:a@b SIP/2.0\nl: 0\n\n`,
    found: ["line-end"],
    broken: "line-end",
  },
  {
    name: "bare carriage return",
    input: `${HEAD}a: x\ry\r\nb: 1\r\n\r\n`,
    found: ["line-end"],
    broken: "line-end",
  },
  { name: "body cut off", input: `${HEAD}l: 5\r\n\r\nhi`, found: [], end: "body-incomplete" },
  { name: "head cut off", input: `${HEAD}l: 5`, found: [], end: "head-incomplete" },
  { name: "head cut off in a line end", input: `${HEAD}l: 5\r`, found: [], end: "head-incomplete" },
];

describe.each([1, 2, 7, 100_000])("in pieces of %i bytes", (size) => {
  test.each(CASES)("$name", ({ input, found, broken, pings, end }) => {
    const framer = createSipFramer();
    expect(summary(feed(framer, Buffer.from(input), size))).toEqual(found);
    expect(framer.broken?.code).toBe(broken);
    expect(framer.pings).toBe(pings ?? 0);
    expect(framer.end()?.code).toBe(end);
    const later = summary(framer.push(Buffer.from(`${HEAD}l: 0\r\n\r\n`)));
    expect(later).toEqual(broken === undefined ? ["MESSAGE "] : []);
  });
});

test("what comes out has its own bytes", () => {
  const framer = createSipFramer();
  const [first, second] = [bytesOf("MESSAGE", "one"), bytesOf("PUBLISH", "two")];
  const found = framer.push(Buffer.concat([first, second]));
  framer.push(Buffer.alloc(5000, "x"));
  expect(found.map((item) => (item instanceof SipParseError ? item : serializeSip(item)))).toEqual([
    Buffer.from(first),
    Buffer.from(second),
  ]);
});

test("any cutting gives the same messages", () => {
  const stream = Buffer.concat([
    bytesOf("MESSAGE", "one\r\n\r\n"),
    Buffer.from("\r\n\r\n"),
    bytesOf("PUBLISH", ""),
    bytesOf("BYE", "x"),
  ]);
  const whole = summary(createSipFramer().push(stream));
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const framer = createSipFramer();
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const found = places.flatMap((place, index) => framer.push(stream.subarray(place, places[index + 1])));
      expect(summary(found)).toEqual(whole);
      expect(framer.pending).toBe(0);
    }),
  );
});

test("any bytes give messages or typed errors", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(HEAD, "\r\n", "l: 3\r\n", "l: x\r\n", "\n", " ", ":", "SIP/2.0 200 OK\r\n")
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const framer = createSipFramer();
      for (const item of pieces.flatMap((bytes) => framer.push(bytes))) {
        expect(item instanceof SipParseError || item.kind === "request" || item.kind === "response").toBe(
          true,
        );
      }
      const end = framer.end();
      expect(end === undefined || end instanceof SipParseError).toBe(true);
    }),
  );
});

test("a head of 10 MB is given up at the limit, in linear time", () => {
  const framer = createSipFramer();
  const chunk = Buffer.from(`X-Filler: ${"x".repeat(1000)}\r\n`);
  framer.push(Buffer.from(HEAD));
  const found = [];
  let sent = 0;
  for (; sent < 10_000_000; sent += chunk.length) found.push(...framer.push(chunk));
  expect(summary(found)).toEqual(["head-too-large"]);
  expect(framer.pending).toBe(0);
});
