import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseContentType } from "./content-type.ts";
import { MimeError } from "./mime-error.ts";
import { buildMultipart } from "./multipart-build.ts";
import { parseMultipart } from "./multipart.ts";
import type { MimePart } from "./multipart.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const text = (part: MimePart | undefined): string => Buffer.from(part?.body ?? []).toString("utf8");
const refusalOf = (read: () => unknown): unknown => {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
};
const mixed = parseContentType("multipart/mixed;boundary=b1");
const PART = "--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n";

describe("parseMultipart", () => {
  it("reads parts with their headers and positions", () => {
    const wire =
      `preamble\r\n${PART}--b1 \t\r\nContent-Type: application/resource-lists+xml\r\ncontent-disposition: recipient-list;\r\n` +
      " handling=required\r\nContent-ID: <list@example.com>\r\n\r\n<x/>\r\n\r\n--b1--\r\nepilogue";
    const parts = parseMultipart(bytes(wire), mixed);
    expect(parts.map(text)).toEqual(["hello", "<x/>\r\n"]);
    expect(parts[1]).toMatchObject({
      contentType: { type: "application/resource-lists+xml" },
      disposition: { type: "recipient-list", params: { handling: "required" } },
      contentId: "list@example.com",
      bodyOffset: wire.indexOf("<x/>"),
    });
    expect(parts[0]?.offset).toBe(wire.indexOf("Content-Type"));
    expect(parts[1]?.headers.map(({ name }) => name)).toEqual([
      "Content-Type",
      "content-disposition",
      "Content-ID",
    ]);
  });

  it.each([
    ["no headers", "--b1\r\n\r\nhi\r\n--b1--", "text/plain", "hi"],
    ["no body", "--b1\r\nContent-Type: text/html\r\n--b1--\r\n", "text/html", ""],
    ["an empty body", "--b1\r\nContent-Type: text/html\r\n\r\n\r\n--b1--\r\n", "text/html", ""],
    ["binary", "--b1\r\nContent-Type: a/b\r\n\r\n\u0000\r\n--b\r\n--b1--\r\n", "a/b", "\u0000\r\n--b"],
  ])("reads a part with %s", (_, wire, type, body) => {
    const [part] = parseMultipart(bytes(wire), mixed);
    expect([part?.contentType.type, text(part)]).toEqual([type, body]);
  });

  it("takes the boundary from the parameters of a SIP header too", () => {
    const parts = parseMultipart(bytes(`${PART}--b1--`), {
      type: "multipart/mixed",
      params: new Map<string, string | undefined>([["boundary", "b1"]]),
    });
    expect(parts.map(text)).toEqual(["hello"]);
  });

  it.each([
    ["no boundary parameter", PART, "multipart/mixed", "missing-boundary", 0],
    ["a boundary that cannot be one", PART, 'multipart/mixed;boundary="b{"', "bad-boundary", 0],
    ["a boundary of 71 characters", PART, `multipart/mixed;boundary=${"b".repeat(71)}`, "bad-boundary", 0],
    ["another boundary", PART, "multipart/mixed;boundary=b2", "boundary-not-found", 0],
    [
      "a first boundary within a line",
      "x--b1\r\n\r\nhi\r\n--b1--",
      "multipart/mixed;boundary=b1",
      "boundary-not-found",
      0,
    ],
    ["no closing boundary", PART, "multipart/mixed;boundary=b1", "missing-end-boundary", PART.length],
    [
      "a body cut short",
      `${PART}--b`,
      "multipart/mixed;boundary=b1",
      "missing-end-boundary",
      PART.length + 3,
    ],
    [
      "a boundary that goes on",
      `${PART}--b12\r\n`,
      "multipart/mixed;boundary=b1",
      "malformed-delimiter",
      PART.length + 4,
    ],
    ["no part", "--b1--\r\n", "multipart/mixed;boundary=b1", "boundary-not-found", 0],
    ["lines ended by LF", "--b1\n\nhi\n--b1--", "multipart/mixed;boundary=b1", "malformed-delimiter", 4],
    [
      "a header line ended by LF",
      "--b1\r\nA: b\n\r\nhi\r\n--b1--",
      "multipart/mixed;boundary=b1",
      "bad-line-end",
      10,
    ],
    ["no empty line", "--b1\r\nhello\r\n--b1--", "multipart/mixed;boundary=b1", "bad-header", 6],
    [
      "a wrong type of a part",
      "--b1\r\nContent-Type: x\r\n\r\n\r\n--b1--",
      "multipart/mixed;boundary=b1",
      "bad-media-type",
      0,
    ],
  ])("refuses %s", (_, wire, type, code, offset) => {
    expect(() => parseMultipart(bytes(wire), parseContentType(type))).toThrow(
      expect.objectContaining({ code, offset }),
    );
  });

  it("says where, what, and what to do", () => {
    expect(() => parseMultipart(bytes(PART), mixed)).toThrow(
      "MIME (5:1): expected a line --b1--, found the end of the data (RFC 2046 5.1.1). Close the last part",
    );
  });

  it("has limits", () => {
    const many = bytes(`${PART.repeat(4)}--b1--`);
    expect(() => parseMultipart(many, mixed, { limits: { parts: 3 } })).toThrow(
      expect.objectContaining({ code: "too-many-parts" }),
    );
    expect(parseMultipart(many, mixed, { limits: { parts: 4 } })).toHaveLength(4);
    const large = bytes(`--b1\r\n${"X: y\r\n".repeat(4000)}\r\n\r\n--b1--`);
    expect(() => parseMultipart(large, mixed)).toThrow(
      expect.objectContaining({ code: "headers-too-large" }),
    );
  });

  it("takes the end of the data for the end of the last part when told to", () => {
    const parts = parseMultipart(bytes("--b1\r\n\r\nhel"), mixed, { acceptMissingEnd: true });
    expect(parts.map(text)).toEqual(["hel"]);
  });

  it("reads any bytes, or refuses them with its error", () => {
    const piece = fc.constantFrom("--b1", "--b1--", "\r\n", "\n", "\r", "A: b", ":", "--", "b1", " ", "x");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(refusalOf(() => parseMultipart(bytes(pieces.join("")), mixed))).toSatisfy(
          (refusal) => refusal === undefined || refusal instanceof MimeError,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe("buildMultipart", () => {
  it("writes what the reader reads", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
        fc.option(fc.constant("recipient-list"), { nil: undefined }),
        (bodies, disposition) => {
          const built = buildMultipart(
            bodies.map((body, index) => ({
              contentType: "application/octet-stream",
              ...(disposition === undefined ? {} : { disposition }),
              contentId: `${index}@example.com`,
              body,
            })),
            { boundary: "scrim-boundary" },
          );
          const parts = parseMultipart(built.body, parseContentType(built.contentType));
          expect(parts.map((part) => Buffer.from(part.body))).toEqual(
            bodies.map((body) => Buffer.from(body)),
          );
          expect(parts.map((part) => part.contentId)).toEqual(
            bodies.map((_, index) => `${index}@example.com`),
          );
          expect(parts[0]?.disposition?.type).toBe(disposition);
        },
      ),
    );
  });

  it("writes parts that were read without repeating their headers", () => {
    const wire = bytes(
      `${PART}--b1\r\nX-Own: 1\r\nContent-Type: a/b\r\nContent-ID: <c>\r\n\r\nx\r\n--b1--\r\n`,
    );
    const built = buildMultipart(parseMultipart(wire, mixed), {
      boundary: "b1",
      subtype: "related",
      params: { type: "a/b" },
    });
    expect(Buffer.from(built.body).toString()).toBe(Buffer.from(wire).toString());
    expect(built.contentType).toBe('multipart/related;boundary=b1;type="a/b"');
  });

  it("refuses a boundary that a part holds", () => {
    expect(() =>
      buildMultipart([{ contentType: "text/plain", body: "a\r\n--b1" }], { boundary: "b1" }),
    ).toThrow(expect.objectContaining({ code: "boundary-in-part", offset: 3 }));
  });
});
