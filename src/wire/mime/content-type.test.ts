import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatContentType, parseContentType, parseDisposition } from "./content-type.ts";
import { MimeError } from "./mime-error.ts";

describe("Content-Type", () => {
  it.each([
    ["text/plain", "text/plain", {}],
    ["Text/PLAIN; Charset=UTF-8", "text/plain", { charset: "UTF-8" }],
    ['multipart/mixed;boundary="a b:c"', "multipart/mixed", { boundary: "a b:c" }],
    ["message/sipfrag ; version = 2.0", "message/sipfrag", { version: "2.0" }],
    [String.raw`text/plain;name="a\"b\\c"`, "text/plain", { name: String.raw`a"b\c` }],
    ["application/resource-lists+xml", "application/resource-lists+xml", {}],
    ["text/plain;__proto__=x;constructor=y", "text/plain", { ["__proto__"]: "x", constructor: "y" }],
  ])("%s", (value, type, params) => {
    const read = parseContentType(value);
    expect(read.type).toBe(type);
    expect(Object.entries(read.params)).toEqual(Object.entries(params));
  });

  it.each([
    ["", "bad-media-type", 0],
    ["text", "bad-media-type", 0],
    ["text /plain", "bad-media-type", 0],
    ["text/plain;", "bad-parameter", 10],
    ["text/plain;charset", "bad-parameter", 10],
    ["text/plain;charset=", "bad-parameter", 10],
    ['text/plain;charset="utf-8', "bad-parameter", 10],
    ["text/plain;a=b;A=c", "bad-parameter", 14],
    ["text/plain (comment)", "bad-parameter", 10],
  ])("%j is refused", (value, code, offset) => {
    expect(() => parseContentType(value)).toThrow(expect.objectContaining({ code, offset }));
    expect(() => parseContentType(value)).toThrow(MimeError);
  });

  it("comes back as it was written", () => {
    const token = fc.stringMatching(/^[a-z0-9!#$%&'*+.^_`|~-]{1,10}$/);
    fc.assert(
      fc.property(token, token, fc.dictionary(token, fc.string({ unit: "grapheme" })), (a, b, params) => {
        const written = { type: `${a}/${b}`, params };
        const read = parseContentType(formatContentType(written));
        expect(read.type).toBe(written.type);
        expect(Object.entries(read.params)).toEqual(Object.entries(params));
      }),
    );
  });
});

describe("Content-Disposition", () => {
  it.each([
    ["recipient-list", "recipient-list", {}],
    ["recipient-list-history; handling=optional", "recipient-list-history", { handling: "optional" }],
    ["Notification", "notification", {}],
  ])("%s", (value, type, params) => {
    const read = parseDisposition(value);
    expect([read.type, { ...read.params }]).toEqual([type, params]);
  });

  it("wants a token", () => {
    expect(() => parseDisposition("=x")).toThrow(expect.objectContaining({ code: "bad-media-type" }));
  });
});
