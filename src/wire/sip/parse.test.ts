import { describe, expect, test } from "vitest";
import { readOrError, SipParseError } from "./error.ts";
import { header } from "./headers.ts";
import { parseSip } from "./parse.ts";
import type { ParseSipOptions } from "./parse.ts";
import { serializeSip } from "./serialize.ts";

const LINE = "MESSAGE sip:bob@example.com SIP/2.0\r\n";

function parse(text: string, options?: ParseSipOptions) {
  return parseSip(Buffer.from(text, "latin1"), options);
}

function failure(bytes: Uint8Array, options?: ParseSipOptions): SipParseError {
  try {
    parseSip(bytes, options);
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("start lines", () => {
  test.each([
    [
      "MESSAGE sip:bob@example.com SIP/2.0",
      { kind: "request", method: "MESSAGE", uri: "sip:bob@example.com", version: "SIP/2.0" },
    ],
    [
      "!interesting-Method0123456789_*+`.%indeed'~ tel:+1 sip/2.0",
      { method: "!interesting-Method0123456789_*+`.%indeed'~", uri: "tel:+1", version: "sip/2.0" },
    ],
    ["SIP/2.0 200 OK", { kind: "response", status: 200, reason: "OK" }],
    ["SIP/2.0 200 ", { kind: "response", status: 200, reason: "" }],
    ["SIP/2.0 099 = 2**3 * 9 \xc3\xa4", { status: 99, reason: "= 2**3 * 9 ä" }],
    ["SIP/2.0 100 a  b\t", { reason: "a  b\t" }],
  ])("%s", (line, expected) => {
    const message = parse(`${line}\r\n\r\n`);
    expect(message).toMatchObject(expected);
    expect(message.headers).toEqual([]);
  });
});

describe("header fields", () => {
  test.each([
    ["a value as sent", "Subject: I  know", "Subject", "I  know"],
    ["no space after the colon", "Subject:x", "Subject", "x"],
    ["space before the colon", "Subject \t :  x \t", "Subject", "x"],
    ["a compact form", "s: x", "s", "x"],
    ["an unknown field", "X-a.b!%*_+`'~: {<>}@,;:\\\"/[]?=", "X-a.b!%*_+`'~", '{<>}@,;:\\"/[]?='],
    ["an empty value", "Subject:", "Subject", ""],
    ["UTF-8", "Subject: \xc3\xa4\xf0\x9f\x98\x80", "Subject", "ä😀"],
    ["what is not UTF-8", "Subject: \xe4\xc3\xa4", "Subject", "\udce4ä"],
    ["one fold", "Subject: a\r\n b", "Subject", "a b"],
    ["many folds and spaces", "Subject: a \t\r\n\t  b \r\n c", "Subject", "a b c"],
    ["a fold before the value", "Subject:\r\n x", "Subject", "x"],
    ["a line of white space", "Subject: x\r\n \t", "Subject", "x"],
    ["a fold before the colon's value only", "Subject :\r\n\t\r\n x", "Subject", "x"],
    ["escaped control characters", 'Subject: "\\\x07\\\x00\\\x7f"', "Subject", '"\\\x07\\\x00\\\x7f"'],
  ])("%s", (_name, line, name, value) => {
    const text = `${LINE}${line}\r\nVia: z\r\n\r\n`;
    const message = parse(text);
    expect(message.headers).toEqual([
      { name, value, offset: LINE.length },
      { name: "Via", value: "z", offset: text.indexOf("Via") },
    ]);
    expect(serializeSip(message)).toEqual(Buffer.from(text, "latin1"));
  });

  test("order, case and repetition stay", () => {
    const message = parse(`${LINE}b: 1\r\nA: 2\r\nb: 3\r\n\r\n`);
    expect(message.headers.map(({ name, value }) => `${name}=${value}`)).toEqual(["b=1", "A=2", "b=3"]);
  });

  test("text that is not UTF-8 goes back to its bytes", () => {
    const { received, ...parts } = parse(`${LINE}Subject: \xe4\xff\xc3\xa4\xed\xa0\x80\r\n\r\n`);
    expect(serializeSip(parts)).toEqual(received);
  });
});

describe("bodies in datagrams", () => {
  test.each([
    ["ends with the datagram without Content-Length", "\r\n\r\nhi", "hi"],
    ["ends where Content-Length says", "\r\nContent-Length: 1\r\n\r\nhi", "h"],
    ["compact length", "\r\nl: 2\r\n\r\nhi", "hi"],
    ["length with zeros", "\r\nl: 0002\r\n\r\nhi", "hi"],
    ["the same length twice", "\r\nl: 2\r\nContent-Length: 02\r\n\r\nhi", "hi"],
    ["none", "\r\nl: 0\r\n\r\n", ""],
    ["line ends", "\r\nl: 4\r\n\r\n\r\n\r\n", "\r\n\r\n"],
  ])("%s", (_name, rest, body) => {
    const text = LINE.trimEnd() + rest;
    const message = parse(text);
    expect(Buffer.from(message.body).toString()).toBe(body);
    expect(serializeSip(message)).toEqual(Buffer.from(text));
  });

  test("line ends before the start line are skipped, and kept in the original bytes", () => {
    const message = parse(`\r\n\r\n${LINE}Subject: x\r\n\r\n`);
    expect(message.headers[0]?.offset).toBe(4 + LINE.length);
    expect(message.received?.[0]).toBe(13);
  });
});

describe("bad messages", () => {
  test.each<[string, string, string, number, number]>([
    ["nothing", "", "empty", 1, 1],
    ["line ends only", "\r\n\r\n", "empty", 3, 1],
    ["binary rubbish", "\x00\xff\x01", "head-incomplete", 1, 4],
    ["another protocol", "GET / HTTP/1.1\r\n\r\n", "start-line", 1, 7],
    ["one word", "MESSAGE\r\n\r\n", "start-line", 1, 1],
    ["no version", "MESSAGE sip:b\r\n\r\n", "start-line", 1, 1],
    ["two spaces", "MESSAGE  sip:b SIP/2.0\r\n\r\n", "request-uri", 1, 9],
    ["space at the end", "MESSAGE sip:b SIP/2.0 \r\n\r\n", "version", 1, 15],
    ["space in the URI", 'MESSAGE "sip:b c" SIP/2.0\r\n\r\n', "start-line", 1, 16],
    ["control character in the URI", "MESSAGE sip:\x01 SIP/2.0\r\n\r\n", "request-uri", 1, 9],
    ["method that is no token", "MESS@GE sip:b SIP/2.0\r\n\r\n", "method", 1, 1],
    ["later version", "MESSAGE sip:b SIP/7.0\r\n\r\n", "version", 1, 15],
    ["later version in a response", "SIP/7.0 200 OK\r\n\r\n", "version", 1, 1],
    ["status of ten digits", "SIP/2.0 4294967301 better not\r\n\r\n", "status-code", 1, 9],
    ["status of two digits", "SIP/2.0 20 OK\r\n\r\n", "status-code", 1, 9],
    ["response without the second space", "SIP/2.0 200\r\n\r\n", "start-line", 1, 1],
    ["control character in the reason", "SIP/2.0 200 \x00\r\n\r\n", "reason-phrase", 1, 13],
    ["no end of the head", `${LINE}Subject: x\r\n`, "head-incomplete", 3, 1],
    ["end in the middle of a line", `${LINE}Subj`, "head-incomplete", 2, 5],
    ["end in the middle of a line end", `${LINE}Subject: x\r`, "head-incomplete", 2, 12],
    ["bare line feeds", "MESSAGE sip:b SIP/2.0\nSubject: x\n\n", "line-end", 1, 22],
    ["a bare line feed", `${LINE}Subject: a\nb\r\n\r\n`, "line-end", 2, 11],
    ["a bare carriage return", `${LINE}Subject: a\rb\r\n\r\n`, "line-end", 2, 11],
    ["no colon", `${LINE}Subject\r\n\r\n`, "header-colon", 2, 1],
    ["no name", `${LINE}: x\r\n\r\n`, "header-name", 2, 1],
    ["space in the name", `${LINE}Sub ject: x\r\n\r\n`, "header-name", 2, 1],
    ["UTF-8 in the name", `${LINE}S\xc3\xa4: x\r\n\r\n`, "header-name", 2, 1],
    ["fold before the first field", `${LINE} Subject: x\r\n\r\n`, "header-name", 2, 1],
    ["fold before the colon", `${LINE}Subject\r\n : x\r\n\r\n`, "header-name", 2, 1],
    ["control character in a value", `${LINE}Subject: a\x07b\r\n\r\n`, "header-value", 2, 11],
    [
      "control character after an escaped backslash",
      `${LINE}Subject: \\\\\x07\r\n\r\n`,
      "header-value",
      2,
      12,
    ],
    ["control character in a folded line", `${LINE}Subject: a\r\n \x07b\r\n\r\n`, "header-value", 3, 2],
    ["negative length", `${LINE}Content-Length: -1\r\n\r\n`, "content-length-syntax", 2, 1],
    ["length that is no number", `${LINE}l: 1a\r\n\r\n`, "content-length-syntax", 2, 1],
    ["two lengths", `${LINE}l: 1\r\nContent-Length: 2\r\n\r\nab`, "content-length-conflict", 3, 1],
    ["body shorter than its length", `${LINE}l: 9\r\n\r\nhi`, "body-incomplete", 4, 1],
    ["length beyond every bound", `${LINE}l: ${"9".repeat(400)}\r\n\r\nhi`, "body-too-large", 2, 1],
  ])("%s", (_name, text, code, line, column) => {
    const error = failure(Buffer.from(text, "latin1"));
    expect(error).toMatchObject({ code, line, column });
    const before = text.slice(0, error.offset).split("\n");
    expect([before.length, (before.at(-1)?.length ?? 0) + 1]).toEqual([line, column]);
    expect(error.message).toMatch(/^\(\d+:\d+\) expected .+, got .+; .+/);
    expect(error.clause).not.toBe("");
  });

  test("a stream needs Content-Length", () => {
    expect(failure(Buffer.from(`${LINE}\r\n`), { stream: true }).code).toBe("content-length-missing");
  });
});

describe("limits", () => {
  test.each([
    ["head", `${LINE}Subject: ${"x".repeat(50)}\r\n\r\n`, { headBytes: 60 }, "head-too-large"],
    ["header field", `${LINE}Subject: ${"x".repeat(50)}\r\n\r\n`, { headerBytes: 60 }, "header-too-large"],
    [
      "folded header field",
      `${LINE}Subject: x\r\n${" y\r\n".repeat(20)}\r\n`,
      { headerBytes: 60 },
      "header-too-large",
    ],
    ["header fields", `${LINE}${"a: b\r\n".repeat(4)}\r\n`, { headers: 3 }, "too-many-headers"],
    ["stated body", `${LINE}l: 6\r\n\r\n123456`, { bodyBytes: 5 }, "body-too-large"],
    ["body", `${LINE}\r\n123456`, { bodyBytes: 5 }, "body-too-large"],
  ])("of the %s", (_name, text, limits, code) => {
    expect(failure(Buffer.from(text), { limits }).code).toBe(code);
    expect(parse(text).kind).toBe("request");
  });
});

/** Inputs on which a reader that is not linear would take minutes. */
describe("hostile sizes end in bounded time", () => {
  const large = { headBytes: 2e7, headerBytes: 2e7, headers: 1e7, bodyBytes: 2e7 };
  const million = 1_000_000;
  test.each<[string, string, ParseSipOptions["limits"], string | undefined]>([
    ["a header field of 10 MB", `${LINE}Subject: ${"x".repeat(10 * million)}\r\n\r\n`, {}, "head-too-large"],
    ["10 MB without a line end", "x".repeat(10 * million), {}, "head-too-large"],
    ["10 MB of line ends", "\r\n".repeat(5 * million), {}, "empty"],
    ["a million spaces", `${LINE}Subject: ${" ".repeat(million)}x\r\n\r\n`, large, undefined],
    [
      "a million spaces before the colon",
      `${LINE}Subject${" ".repeat(million)}x: y\r\n\r\n`,
      large,
      "header-name",
    ],
    [
      "a million backslashes, then a control character",
      `${LINE}a: ${"\\".repeat(million)}\x01\x01\r\n\r\n`,
      large,
      "header-value",
    ],
    ["a million folds", `${LINE}a: ${"b\r\n ".repeat(million)}\r\n\r\n`, large, undefined],
    ["a million fields", `${LINE}${"a:b\r\n".repeat(million)}\r\n`, large, undefined],
  ])("%s", (_name, text, limits = {}, code) => {
    const bytes = Buffer.from(text, "latin1");
    const started = performance.now();
    const outcome = readOrError(() => parseSip(bytes, { limits }));
    expect(outcome instanceof SipParseError ? outcome.code : undefined).toBe(code);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test("a compact and a long form are one field", () => {
  const message = parse(`${LINE}v: one\r\nVIA: two\r\n\r\n`);
  expect([header(message, "Via"), header(message, "v"), header(message, "via")]).toEqual([
    "one",
    "one",
    "one",
  ]);
});
