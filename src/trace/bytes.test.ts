import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBytes, encodeBytes, isCut, lengthOf } from "./bytes.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("recorded bytes", () => {
  it.each([
    ["text stays text", utf8("MESSAGE sip:b SIP/2.0\r\n\r\nhé"), "text"],
    ["nothing is text", utf8(""), "text"],
    ["a byte order mark is kept", new Uint8Array([0xef, 0xbb, 0xbf, 0x41]), "text"],
    ["other bytes are base64", new Uint8Array([0xff, 0xfe, 0]), "base64"],
    ["a surrogate in CESU-8 is not UTF-8", new Uint8Array([0xed, 0xa0, 0x80]), "base64"],
  ])("%s", (_name, bytes, member) => {
    const recorded = encodeBytes(bytes);
    expect(Object.keys(recorded)).toEqual([member]);
    expect(decodeBytes(recorded)).toEqual(bytes);
    expect(lengthOf(recorded)).toBe(bytes.length);
  });

  it("gives any bytes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(decodeBytes(encodeBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  it("survives JSON, cut or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 300 }), (bytes, limit) => {
        const recorded = encodeBytes(bytes, limit);
        expect(JSON.parse(JSON.stringify(recorded))).toEqual(recorded);
        expect(lengthOf(recorded)).toBe(bytes.length);
        expect(decodeBytes(recorded)).toHaveLength(bytes.length);
      }),
    );
  });

  it("keeps all header fields and both ends of a body above the limit", () => {
    const head = utf8("MESSAGE sip:b SIP/2.0\r\nContent-Length: 100000\r\n\r\n");
    const body = utf8("start".padEnd(100_000 - 3, "-") + "end");
    const bytes = Buffer.concat([head, body]);
    const recorded = encodeBytes(bytes);
    expect(isCut(recorded) && recorded.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    const restored = Buffer.from(decodeBytes(recorded));
    expect(restored).toHaveLength(bytes.length);
    expect(restored.subarray(0, head.length + 2048)).toEqual(bytes.subarray(0, head.length + 2048));
    expect(restored.subarray(-2048)).toEqual(bytes.subarray(-2048));
    expect(restored[50_000]).toBe(0);
  });

  it("cuts a header section without end", () => {
    const recorded = encodeBytes(utf8("A".repeat(10_000_000)));
    expect(JSON.stringify(recorded).length).toBeLessThan(10_000);
    expect(lengthOf(recorded)).toBe(10_000_000);
  });

  it("does not believe a length beyond all measure", () => {
    const hostile = { sha256: "0".repeat(64), length: Number.MAX_SAFE_INTEGER, head: "ab", tail: "c" };
    expect(decodeBytes(hostile)).toEqual(utf8("abc"));
    expect(decodeBytes({ ...hostile, length: 1 })).toEqual(utf8("abc"));
  });
});
