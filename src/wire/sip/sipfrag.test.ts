import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sipRequest } from "./build.ts";
import { SipParseError } from "./error.ts";
import { formatSipfrag, fragOf, parseSipfrag, statusFrag } from "./sipfrag.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const text = (octets: Uint8Array): string => Buffer.from(octets).toString("utf8");

/** Whether what is a fragment has as many fields when it was written; what is none throws SipParseError. */
function fieldsWrittenAgain(octets: Uint8Array): boolean {
  try {
    const read = parseSipfrag(octets);
    return parseSipfrag(formatSipfrag(read)).headers.length === read.headers.length;
  } catch (error) {
    return error instanceof SipParseError;
  }
}

describe("a part of a message (RFC 3420)", () => {
  it.each([
    ["SIP/2.0 100 Trying\r\n", { start: { kind: "response", status: 100, reason: "Trying" }, headers: [] }],
    ["SIP/2.0 603 Declined", { start: { status: 603, reason: "Declined" } }],
    ["SIP/2.0 200 \r\n", { start: { status: 200, reason: "" } }],
    [
      "INVITE sip:alice@atlanta.com SIP/2.0\r\nFrom: Bob <sip:bob@biloxi.com>;tag=1\n",
      {
        start: { kind: "request", method: "INVITE", uri: "sip:alice@atlanta.com" },
        headers: [{ name: "From", value: "Bob <sip:bob@biloxi.com>;tag=1", offset: 38 }],
      },
    ],
    [
      "From: Alice\r\nSubject: a\r\n  b\r\n\r\nbody\r\n\r\nmore",
      { headers: [{ value: "Alice" }, { name: "Subject", value: "a b" }], body: bytes("body\r\n\r\nmore") },
    ],
    ["\r\nFrom: Alice", { headers: [], body: bytes("From: Alice") }],
    ["Subject: \u00e4\r\n", { headers: [{ value: "\u00e4" }] }],
  ])("%j", (given, expected) => expect(parseSipfrag(bytes(given))).toMatchObject(expected));

  it.each([
    ["", "empty"],
    ["\r\n", "empty"],
    ["SIP/2.0 OK\r\n", "start-line"],
    ["200 OK\r\n", "header-colon"],
    ["SIP/2.0 200 OK\r\nno colon\r\n", "header-colon"],
  ])("%j is none: %s", (given, code) => {
    expect(() => parseSipfrag(bytes(given))).toThrow(expect.objectContaining({ code }));
  });

  it("throws nothing but its error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect(fieldsWrittenAgain(octets)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is written", () => {
    expect(text(statusFrag(200))).toBe("SIP/2.0 200 OK\r\n");
    const request = sipRequest({
      method: "INVITE",
      uri: "sip:a@b",
      headers: [
        ["From", "<sip:c@d>"],
        ["Authorization", "secret"],
      ],
    });
    expect(text(fragOf(request, ["from", "to"]))).toBe("INVITE sip:a@b SIP/2.0\r\nFrom: <sip:c@d>\r\n");
    expect(text(formatSipfrag({ headers: [], body: bytes("x") }))).toBe("\r\nx");
  });
});
