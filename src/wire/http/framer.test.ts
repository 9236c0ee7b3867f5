import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHttpFramer } from "./framer.ts";
import { HttpParseError } from "./http-error.ts";
import { httpHeader, httpRequest, httpResponse } from "./message.ts";
import type { HttpMessage } from "./message.ts";
import { serializeHttp } from "./serialize.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
type Got = readonly (HttpMessage | HttpParseError)[];
const messages = (got: Got): readonly HttpMessage[] =>
  got.flatMap((each) => (each instanceof HttpParseError ? [] : [each]));
const bodiesOf = (got: Got): string[] => messages(got).map(({ body }) => Buffer.from(body).toString("utf8"));
const codes = (got: Got): string[] =>
  got.map((each) => (each instanceof HttpParseError ? each.code : each.kind));

describe("a request", () => {
  it.each([
    ["whole", 1_000_000],
    ["byte by byte", 1],
    ["in sevens", 7],
  ])("is read %s", (_, size) => {
    const wire = bytes(
      "PUT /groups/users/sip:a@example.com/index HTTP/1.1\r\nHost: xcap.example.com\r\n" +
        'X-XCAP-Asserted-Identity: "sip:a@example.com"\r\nContent-Length: 5\r\n\r\nhello' +
        "GET /next HTTP/1.1\r\nHost: xcap.example.com\r\n\r\n",
    );
    const framer = createHttpFramer({ reads: "requests" });
    const got: (HttpMessage | HttpParseError)[] = [];
    for (let at = 0; at < wire.length; at += size) got.push(...framer.push(wire.subarray(at, at + size)));
    expect(got).toMatchObject([
      { kind: "request", method: "PUT", target: "/groups/users/sip:a@example.com/index", version: "1.1" },
      { kind: "request", method: "GET", target: "/next" },
    ]);
    expect(bodiesOf(got)).toEqual(["hello", ""]);
    expect(httpHeader(messages(got)[0] ?? { headers: [] }, "x-xcap-asserted-identity")).toBe(
      '"sip:a@example.com"',
    );
    expect(Buffer.concat(messages(got).map((each) => each.received!)).equals(Buffer.from(wire))).toBe(true);
    expect(framer.end()).toEqual([]);
  });

  it("may follow empty lines, and loses its chunks' framing", () => {
    const framer = createHttpFramer({ reads: "requests" });
    const got = framer.push(
      bytes(
        "\r\n\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, chunked!\r\n0\r\nT: 1\r\n\r\n",
      ),
    );
    expect(bodiesOf(got)).toEqual(["hello, chunked!"]);
  });
});

describe("a response", () => {
  it.each([
    ["without length, at the end of the connection", "HTTP/1.1 200 OK\r\n\r\nrest", "GET", ["rest"]],
    ["to HEAD, which has no body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD", [""]],
    ["204, which has no body", "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "DELETE", [""]],
    [
      "behind 100 Continue",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
      "PUT",
      ["", "ok"],
    ],
    ["without reason phrase", "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", "GET", [""]],
  ])("is read %s", (_, wire, method, bodies) => {
    const framer = createHttpFramer({ reads: "responses" });
    framer.expectResponseTo(method);
    expect(bodiesOf([...framer.push(bytes(wire)), ...framer.end()])).toEqual(bodies);
  });
});

const head = (headers: string): string => `POST / HTTP/1.1\r\n${headers}\r\n\r\n`;

describe("what is refused", () => {
  it.each([
    ["garbage", "\u0000\u0001\u0002\r\n\r\n", "start-line", 400],
    ["SIP", "OPTIONS sip:a@b SIP/2.0\r\n\r\n", "start-line", 400],
    ["another version", "GET / HTTP/2.0\r\n\r\n", "version", 505],
    ["lines ended by LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", "line-end", 400],
    ["a space before the colon", head("Host : a"), "header", 400],
    ["a folded header", head("X: a\r\n b"), "header", 400],
    ["a control character", head("X: a\u0000b"), "header", 400],
    ["a negative length", head("Content-Length: -1"), "content-length", 400],
    ["two lengths", head("Content-Length: 1\r\nContent-Length: 2"), "content-length", 400],
    ["length and chunks", head("Content-Length: 1\r\nTransfer-Encoding: chunked"), "content-length", 400],
    ["another coding", head("Transfer-Encoding: gzip, chunked"), "transfer-encoding", 501],
    ["a body above the limit", head("Content-Length: 1001"), "body-too-large", 413],
    ["a chunk size of letters", `${head("Transfer-Encoding: chunked")}xyz\r\n`, "chunk", 400],
    ["a chunk above the limit", `${head("Transfer-Encoding: chunked")}FFFFFFFFFF\r\n`, "body-too-large", 413],
    ["a chunk that does not end", `${head("Transfer-Encoding: chunked")}1\r\nab\r\n`, "chunk", 400],
    ["a head without end", `GET / HTTP/1.1\r\nX: ${"a".repeat(3000)}`, "headers-too-large", 431],
  ])("%s", (_, wire, code, status) => {
    const framer = createHttpFramer({
      reads: "requests",
      limits: { maxHeadBytes: 2000, maxBodyBytes: 1000 },
    });
    const got = framer.push(bytes(wire));
    expect(codes(got)).toEqual([code]);
    expect(got[0]).toMatchObject({ status });
    expect(framer.push(bytes("GET / HTTP/1.1\r\n\r\n"))).toEqual([]);
    expect(framer.end()).toEqual([]);
  });

  it.each([
    ["GET / HT"],
    [head("Content-Length: 5") + "abc"],
    [head("Transfer-Encoding: chunked") + "3\r\nab"],
  ])("an end in the middle of %j", (wire) => {
    const framer = createHttpFramer({ reads: "requests" });
    expect(framer.push(bytes(wire))).toEqual([]);
    expect(codes(framer.end())).toEqual(["cut-short"]);
  });

  it("keeps the messages in front of an error", () => {
    const framer = createHttpFramer({ reads: "requests" });
    expect(codes(framer.push(bytes("GET / HTTP/1.1\r\n\r\nnonsense\r\n\r\n")))).toEqual([
      "request",
      "start-line",
    ]);
  });
});

describe("written messages", () => {
  it.each([
    ["request without body", httpRequest({ method: "GET", target: "/" }), undefined],
    ["request with body", httpRequest({ method: "PUT", target: "/", body: "grüße" }), "7"],
    ["response", httpResponse(200, { body: "x" }), "1"],
    ["response without content", httpResponse(404), "0"],
    ["bodiless response", httpResponse(304), undefined],
  ])("%s carries the right length", (_, message, length) => {
    expect(httpHeader(message, "content-length")).toBe(length);
  });

  it("come back as they were, in any segmentation", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (bodies, size) => {
          const wire = Buffer.concat(
            bodies.map((body) => serializeHttp(httpRequest({ method: "PUT", target: "/x", body }))),
          );
          const framer = createHttpFramer({ reads: "requests" });
          const got: (HttpMessage | HttpParseError)[] = [];
          for (let at = 0; at < wire.length; at += size)
            got.push(...framer.push(wire.subarray(at, at + size)));
          expect(messages(got).map((each) => Buffer.from(each.body))).toEqual(
            bodies.map((body) => Buffer.from(body)),
          );
        },
      ),
    );
  });

  it("never throws on any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom("requests", "responses"),
        (wire, reads) => {
          const framer = createHttpFramer({ reads });
          const got = [...framer.push(wire), ...framer.end()];
          expect(got.filter((each) => each instanceof HttpParseError).length).toBeLessThan(2);
        },
      ),
    );
  });
});
