import { describe, expect, it } from "vitest";
import { readIsComposing, writeIsComposing } from "./is-composing.ts";
import type { IsComposing } from "./is-composing.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const NS = 'xmlns="urn:ietf:params:xml:ns:im-iscomposing"';
const document = (content: string): Uint8Array => bytes(`<isComposing ${NS}>${content}</isComposing>`);
const ACTIVE = "<state>active</state>";

describe("isComposing", () => {
  it.each<IsComposing>([
    { state: "active" },
    { state: "idle", lastActive: "2003-01-27T10:43:00Z", contentType: "audio" },
    { state: "active", contentType: "text/plain", refreshS: 90 },
    { state: "idle", lastActive: "2003-01-27T10:43:00.25-05:00", refreshS: 1 },
  ])("%j is written, valid, and read again", (indication) => {
    const wire = writeIsComposing(indication);
    expect(validateXml("is-composing", wire)).toEqual([]);
    expect(readIsComposing(wire)).toEqual(indication);
  });

  it.each([
    ["an unknown state", "<state>pondering</state>", { state: "idle" }],
    ["white space", "<state>\n active </state><refresh> 60 </refresh>", { state: "active", refreshS: 60 }],
    ["extensions", `${ACTIVE}<x xmlns="urn:x"/>`, { state: "active" }],
  ])("%s: valid, and read as RFC 3994 3.5 says", (_, content, indication) => {
    expect(validateXml("is-composing", document(content))).toEqual([]);
    expect(readIsComposing(document(content))).toEqual(indication);
  });

  it.each([
    ["another namespace", bytes("<isComposing><state>idle</state></isComposing>"), "wrong-root"],
    ["no state", document("<refresh>60</refresh>"), "missing-element"],
    ["a refresh of nothing", document(`${ACTIVE}<refresh>0</refresh>`), "bad-value"],
    ["a refresh that is no number", document(`${ACTIVE}<refresh>soon</refresh>`), "bad-value"],
    ["a time that is none", document(`${ACTIVE}<lastactive>yesterday</lastactive>`), "bad-value"],
  ])("the reader and the schema refuse %s", (_, wire, code) => {
    expect(() => readIsComposing(wire)).toThrow(expect.objectContaining({ code }));
    expect(validateXml("is-composing", wire)).not.toEqual([]);
  });

  it.each([
    ["another order", `<refresh>60</refresh>${ACTIVE}`],
    ["a thirteenth month", `${ACTIVE}<lastactive>2003-13-27T10:43:00Z</lastactive>`],
    ["an element of its own namespace", `${ACTIVE}<mood/>`],
  ])("the schema alone refuses %s", (_, content) => {
    expect(validateXml("is-composing", document(content))).toEqual([
      expect.objectContaining({ code: "schema", clause: "RFC 3994 6.1" }),
    ]);
    expect(readIsComposing(document(content)).state).toBe("active");
  });
});
