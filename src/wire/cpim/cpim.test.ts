import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCpimAddress, parseCpimAddress } from "./address.ts";
import { buildCpim } from "./build.ts";
import { CpimError } from "./cpim-error.ts";
import { cpimHeader, cpimHeaders } from "./cpim.ts";
import { escapeCpim, unescapeCpim } from "./escape.ts";
import { IMDN_DECLARATION, IMDN_NAMESPACE, imdnHeadersOf } from "./imdn-headers.ts";
import { parseCpim } from "./parse.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const wire = (headers: string, content = "Content-Type: text/plain\r\n\r\nhi"): Uint8Array =>
  bytes(`${headers}\r\n${content}`);

const REQUEST = wire(
  "From: Ann <im:ann@example.com>\r\nTo: <im:ben@example.org>\r\n" +
    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 4711\r\nDateTime: 2008-04-04T12:16:49Z\r\n" +
    "imdn.Disposition-Notification: positive-delivery, negative-delivery;x=y\r\nSubject:;lang=de Grüße\r\n",
);

describe("parseCpim", () => {
  it("reads headers in order, with namespaces, parameters and positions", () => {
    const message = parseCpim(REQUEST);
    expect(message.headers.map(({ name }) => name)).toEqual([
      "From",
      "To",
      "NS",
      "imdn.Message-ID",
      "DateTime",
      "imdn.Disposition-Notification",
      "Subject",
    ]);
    expect(cpimHeader(message, "Message-ID", IMDN_NAMESPACE)).toMatchObject({
      name: "imdn.Message-ID",
      value: "4711",
    });
    expect(cpimHeader(message, "Message-ID")).toBeUndefined();
    expect(cpimHeader(message, "from")).toBeUndefined();
    expect({ ...cpimHeader(message, "Subject")?.params }).toEqual({ lang: "de" });
    expect(cpimHeader(message, "To")?.offset).toBe(Buffer.from(REQUEST).indexOf("To:"));
    expect(message.contentType.type).toBe("text/plain");
    expect(Buffer.from(message.body).toString()).toBe("hi");
    expect(message.bodyOffset).toBe(REQUEST.length - 2);
  });

  it("reads the requests for notifications, whatever the prefix", () => {
    expect(imdnHeadersOf(parseCpim(REQUEST))).toEqual({
      messageId: "4711",
      dateTime: "2008-04-04T12:16:49Z",
      dispositionNotification: ["positive-delivery", "negative-delivery"],
      recordRoutes: [],
      routes: [],
    });
    const other = wire("NS: q <urn:ietf:params:imdn>\r\nq.Message-ID: 1\r\nq.IMDN-Record-Route: <sip:a>\r\n");
    expect(imdnHeadersOf(parseCpim(other))).toMatchObject({ messageId: "1", recordRoutes: ["<sip:a>"] });
  });

  it("lets a default namespace be declared", () => {
    const message = parseCpim(wire("A: 1\r\nNS: <urn:x:y>\r\nA: 2\r\n"));
    expect(cpimHeaders(message, "A").map(({ value }) => value)).toEqual(["1"]);
    expect(cpimHeaders(message, "A", "urn:x:y").map(({ value }) => value)).toEqual(["2"]);
  });

  it.each([
    ["no space behind the colon", "From:<im:a@b>\r\n", "bad-header", 0],
    ["two spaces", "A: b\r\nFrom:  <im:a@b>\r\n", "bad-header", 6],
    ["a space at the end", "From: <im:a@b> \r\n", "bad-header", 0],
    ["a folded line", "From: <im:a@b>\r\n ;x=y\r\n", "bad-header", 16],
    ["a control character", "A: b\tc\r\n", "control-character", 4],
    ["a line ended by LF", "A: b\n", "bad-line-end", 4],
    ["a prefix without NS", "imdn.Message-ID: 1\r\n", "undeclared-prefix", 0],
    ["a prefix declared too late", "x.A: 1\r\nNS: x <urn:x:y>\r\n", "undeclared-prefix", 0],
    ["a namespace without brackets", "NS: imdn urn:ietf:params:imdn\r\n", "bad-namespace", 0],
    ["a relative namespace", "NS: imdn <imdn>\r\n", "bad-namespace", 0],
    [
      "MIME headers among the message headers",
      "A: b\r\nContent-type: text/plain\r\n",
      "missing-blank-line",
      6,
    ],
    ["headers of 20 kB", `A: ${"b".repeat(20_000)}\r\n`, "headers-too-large", 0],
  ])("refuses %s", (_, headers, code, offset) => {
    expect(() => parseCpim(wire(headers))).toThrow(expect.objectContaining({ code, offset }));
  });

  it.each([
    ["nothing", "", "missing-blank-line"],
    ["headers without end", "A: b\r\n", "missing-blank-line"],
    ["no content headers", "A: b\r\n\r\n", "missing-content-type"],
    ["content without headers", "A: b\r\n\r\n\r\nhello", "missing-content-type"],
    [
      "content headers without Content-Type",
      "A: b\r\n\r\nContent-ID: <x>\r\n\r\nhello",
      "missing-content-type",
    ],
    ["text where content headers should be", "A: b\r\n\r\nhello\r\n\r\n", "bad-content-headers"],
    ["a wrong Content-Type", "A: b\r\n\r\nContent-Type: x\r\n\r\n", "bad-content-headers"],
  ])("refuses %s", (_, text, code) => {
    expect(() => parseCpim(bytes(text))).toThrow(expect.objectContaining({ code }));
  });

  it("refuses headers that are not UTF-8", () => {
    const latin1 = new Uint8Array(
      Buffer.from("Subject: gr\u00fcn\r\n\r\nContent-Type: a/b\r\n\r\n", "latin1"),
    );
    expect(() => parseCpim(latin1)).toThrow(expect.objectContaining({ code: "not-utf8" }));
  });

  it("reads the form printed in RFC 5438, and undeclared prefixes, only when told to", () => {
    const printed = bytes("A: b\r\nContent-type: text/plain\r\nContent-length: 2\r\n\r\nhi");
    const message = parseCpim(printed, { acceptMissingBlankLine: true });
    expect([
      message.headers.length,
      message.contentHeaders.length,
      Buffer.from(message.body).toString(),
    ]).toEqual([1, 2, "hi"]);
    const undeclared = parseCpim(wire("imdn.Message-ID: 1\r\n"), { acceptUndeclaredPrefix: true });
    expect(undeclared.headers[0]).toMatchObject({ name: "imdn.Message-ID", localName: "Message-ID" });
    expect(undeclared.headers[0]?.namespace).toBeUndefined();
  });

  it("reads any bytes, or refuses them with its error", () => {
    const piece = fc.constantFrom(
      "From: a",
      "NS: a <urn:b>",
      "a.b: c",
      "\r\n",
      "\n",
      "Content-Type: text/plain",
      ":",
      "é",
      "\\u00",
    );
    const outcome = (text: string): unknown => {
      try {
        return parseCpim(bytes(text)).contentType.type;
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        expect(outcome(pieces.join(""))).toSatisfy((got) => got === "text/plain" || got instanceof CpimError);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("buildCpim", () => {
  it("writes what the reader reads", () => {
    const value = fc.string({ unit: "grapheme" }).map((text) => escapeCpim(text).trim());
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 50 }), (subject, body) => {
        const message = parseCpim(
          buildCpim({
            headers: [
              ["NS", IMDN_DECLARATION],
              ["imdn.Message-ID", "x"],
              ["Subject", subject],
            ],
            contentType: "application/octet-stream",
            contentHeaders: [["Content-Disposition", "notification"]],
            body,
          }),
        );
        expect(cpimHeader(message, "Subject")?.value).toBe(subject);
        expect(message.contentHeaders.map(({ name }) => name)).toEqual([
          "Content-Type",
          "Content-Disposition",
        ]);
        expect(Buffer.from(message.body).equals(Buffer.from(body))).toBe(true);
      }),
    );
  });

  it("refuses a value that would end the line", () => {
    expect(() => buildCpim({ headers: [["A", "b\r\nC: d"]], contentType: "a/b", body: "" })).toThrow(
      expect.objectContaining({ code: "control-character" }),
    );
  });
});

describe("escapes", () => {
  it.each([
    [String.raw`a\\b`, String.raw`a\b`],
    [String.raw`\t\n\r\b`, "\t\n\r\b"],
    [String.raw`\u00e4\u0000`, "\u00e4\u0000"],
    [String.raw`\"\'`, `"'`],
    [String.raw`\q\u12`, "qu12"],
    ["end\\", "end"],
  ])("%s", (escaped, text) => {
    expect(unescapeCpim(escaped)).toBe(text);
  });

  it("come back, and leave no control character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(unescapeCpim(escapeCpim(text))).toBe(text);
        expect(escapeCpim(text)).not.toMatch(/\p{Cc}(?<![\u0080-\u009f])/u);
      }),
    );
  });
});

describe("addresses", () => {
  it.each([
    ["<im:a@b.example>", undefined, "im:a@b.example"],
    ["Ann B <im:a@b.example>", "Ann B", "im:a@b.example"],
    [String.raw`"Ann \"B\" <x>" <sip:a@b.example>`, 'Ann "B" <x>', "sip:a@b.example"],
    ['"" <im:a@b.example>', undefined, "im:a@b.example"],
  ])("%s", (value, displayName, uri) => {
    expect(parseCpimAddress(value)).toEqual(displayName === undefined ? { uri } : { displayName, uri });
  });

  it.each([["im:a@b.example"], ["<>"], ['"Ann <im:a@b>'], ["<im:a b>"], ["<im:a> x"]])(
    "%s is refused",
    (value) => {
      expect(() => parseCpimAddress(value)).toThrow(expect.objectContaining({ code: "bad-address" }));
    },
  );

  it("of many blanks take no time", () => {
    expect(() => parseCpimAddress(" ".repeat(200_000))).toThrow(
      expect.objectContaining({ code: "bad-address" }),
    );
  });

  it("come back, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (displayName) => {
        const address = { displayName, uri: "im:a@b.example" };
        expect(parseCpimAddress(formatCpimAddress(address))).toEqual(address);
      }),
    );
  });
});
