import { describe, expect, it } from "vitest";
import { withHeader } from "../wire/sip/edit.ts";
import { headerValues } from "../wire/sip/headers.ts";
import { serializeSip } from "../wire/sip/serialize.ts";
import { ackFor, cancelFor } from "./hop-by-hop.ts";
import { acknowledges, clientKeyOf, serverKeyOf } from "./matching.ts";
import { requestWith, responseTo } from "./testdata.ts";
import { formatVia, responseTarget, withoutTopVia, withSource } from "./via.ts";

const VIA = "SIP/2.0/UDP a.example.org:5060;branch=z9hG4bKone";

describe("matching (RFC 3261 17.1.3, 17.2.3)", () => {
  const message = requestWith("MESSAGE", [VIA]);
  it.each([
    ["the response", responseTo(message, 200), true],
    ["a branch in other case", responseTo(requestWith("MESSAGE", [VIA.replace("one", "ONE")]), 200), true],
    ["the default port left out", responseTo(requestWith("MESSAGE", [VIA.replace(":5060", "")]), 200), true],
    ["another branch", responseTo(requestWith("MESSAGE", [VIA.replace("one", "two")]), 200), false],
    ["another method", responseTo(requestWith("CANCEL", [VIA]), 200), false],
    ["another sent-by (18.1.2)", responseTo(requestWith("MESSAGE", [VIA.replace("a.", "b.")]), 200), false],
  ])("client: %s", (_name, response, same) => {
    expect(clientKeyOf(response) === clientKeyOf(message)).toBe(same);
  });

  const invite = requestWith("INVITE", [VIA]);
  const old = requestWith("INVITE", ["SIP/2.0/UDP a.example.org"]);
  it.each([
    ["ACK of the INVITE", invite, requestWith("ACK", [VIA]), true],
    ["CANCEL is a transaction of its own", invite, requestWith("CANCEL", [VIA]), false],
    ["another branch", invite, requestWith("INVITE", [VIA.replace("one", "two")]), false],
    ["the same branch from elsewhere", invite, requestWith("INVITE", [VIA.replace("a.", "b.")]), false],
    ["RFC 2543: the same again", old, requestWith("INVITE", ["SIP/2.0/UDP a.example.org"]), true],
    ["RFC 2543: its ACK", old, requestWith("ACK", ["SIP/2.0/UDP a.example.org"]), true],
    ["RFC 2543: another CSeq", old, withHeader(old, "CSeq", "8 INVITE"), false],
    ["RFC 2543: another Call-ID", old, withHeader(old, "Call-ID", "other"), false],
  ])("server: %s", (_name, first, second, same) => {
    expect(serverKeyOf(first) === serverKeyOf(second)).toBe(same);
  });

  it("finds the INVITE that a CANCEL is for", () => {
    expect(serverKeyOf(requestWith("CANCEL", [VIA]), "INVITE")).toBe(serverKeyOf(invite));
  });

  it("has no key without a Via that can be read", () => {
    expect([
      serverKeyOf(requestWith("MESSAGE", [])),
      serverKeyOf(requestWith("MESSAGE", ["nonsense"])),
    ]).toEqual([undefined, undefined]);
  });

  it.each([
    ["any To tag with a branch of RFC 3261", VIA, "<sip:bob@example.org>;tag=other", true],
    ["the To tag of the response, RFC 2543", "SIP/2.0/UDP a", "<sip:bob@example.org>;tag=bob", true],
    ["another To tag, RFC 2543", "SIP/2.0/UDP a", "<sip:bob@example.org>;tag=other", false],
  ])("an ACK with %s", (_name, via, to, expected) => {
    expect(acknowledges(withHeader(requestWith("ACK", [via]), "To", to), responseTo(invite, 486))).toBe(
      expected,
    );
  });
});

describe("Via (RFC 3261 18, RFC 3581)", () => {
  const source = { host: "192.0.2.9", port: 4711, transport: "udp" } as const;
  it.each([
    [
      "same address",
      "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1",
      "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1",
      "192.0.2.9",
      5060,
    ],
    [
      "another address",
      "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
      "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;received=192.0.2.9",
      "192.0.2.9",
      5060,
    ],
    [
      "a name",
      "SIP/2.0/UDP a.example.org:5070;branch=z9hG4bK1",
      "SIP/2.0/UDP a.example.org:5070;branch=z9hG4bK1;received=192.0.2.9",
      "192.0.2.9",
      5070,
    ],
    [
      "rport asked for",
      "SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK1",
      "SIP/2.0/UDP 192.0.2.9:5060;rport=4711;branch=z9hG4bK1;received=192.0.2.9",
      "192.0.2.9",
      4711,
    ],
    [
      "rport asked for at the end",
      "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1;rport",
      "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1;rport=4711;received=192.0.2.9",
      "192.0.2.9",
      4711,
    ],
    [
      "a received that lies",
      "SIP/2.0/UDP a.example.org;received=192.0.2.66;branch=z9hG4bK1",
      "SIP/2.0/UDP a.example.org;received=192.0.2.9;branch=z9hG4bK1",
      "192.0.2.9",
      5060,
    ],
    [
      "maddr",
      "SIP/2.0/UDP 192.0.2.9:5070;maddr=192.0.2.50;branch=z9hG4bK1",
      "SIP/2.0/UDP 192.0.2.9:5070;maddr=192.0.2.50;branch=z9hG4bK1",
      "192.0.2.50",
      5070,
    ],
    [
      "several values in one field",
      "SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2",
      "SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.9, SIP/2.0/UDP b;branch=z9hG4bK2",
      "192.0.2.9",
      5060,
    ],
  ])("%s", (_name, via, noted, host, port) => {
    const request = withSource(requestWith("MESSAGE", [via]), source);
    expect(request.headers[0]?.value).toBe(noted);
    expect(responseTarget(request, source)).toEqual({ host, port, transport: "udp" });
  });

  it("leads to sent-by when a connection is gone", () => {
    const request = withSource(
      requestWith("MESSAGE", ["SIP/2.0/TCP a.example.org:5070;rport;branch=z9hG4bK1"]),
      source,
    );
    expect(responseTarget(request, { ...source, transport: "tcp" })).toEqual({
      host: "192.0.2.9",
      port: 5070,
      transport: "tcp",
    });
  });

  it("knows IPv6", () => {
    const request = requestWith("MESSAGE", [
      formatVia("udp", { host: "2001:db8::1", port: 5060 }, "z9hG4bK1"),
    ]);
    const noted = withSource(request, { host: "2001:db8::1", port: 5070 });
    expect(headerValues(noted, "Via")).toEqual([
      "SIP/2.0/UDP [2001:db8::1]:5060;rport=5070;branch=z9hG4bK1;received=2001:db8::1",
    ]);
    expect(responseTarget(noted, { ...source, host: "2001:db8::1" })).toEqual({
      host: "2001:db8::1",
      port: 5070,
      transport: "udp",
    });
  });

  it("comes off a response, one value at a time", () => {
    const response = responseTo(
      requestWith("MESSAGE", ["SIP/2.0/UDP a, SIP/2.0/UDP b", "SIP/2.0/UDP c"]),
      200,
    );
    const once = withoutTopVia(response);
    const twice = once && withoutTopVia(once);
    expect(once && headerValues(once, "Via")).toEqual(["SIP/2.0/UDP b", "SIP/2.0/UDP c"]);
    expect(twice && headerValues(twice, "Via")).toEqual(["SIP/2.0/UDP c"]);
    expect(twice && withoutTopVia(twice)).toBeUndefined();
  });
});

describe("requests of the INVITE's transaction", () => {
  const invite = requestWith(
    "INVITE",
    [VIA, "SIP/2.0/UDP before"],
    [
      ["Route", "<sip:one;lr>"],
      ["Route", "<sip:two;lr>"],
    ],
  );
  const head = (message: Parameters<typeof serializeSip>[0]): string[] =>
    Buffer.from(serializeSip(message))
      .toString()
      .split("\r\n")
      .filter((line) => line !== "");

  it("ACK (RFC 3261 17.1.1.3)", () => {
    expect(head(ackFor(invite, responseTo(invite, 486)))).toEqual([
      "ACK sip:bob@example.org SIP/2.0",
      `Via: ${VIA}`,
      "Max-Forwards: 70",
      "Route: <sip:one;lr>",
      "Route: <sip:two;lr>",
      "From: <sip:alice@example.org>;tag=alice",
      "To: <sip:bob@example.org>;tag=bob",
      "Call-ID: call",
      "CSeq: 7 ACK",
      "Content-Length: 0",
    ]);
  });

  it("CANCEL (RFC 3261 9.1)", () => {
    expect(head(cancelFor(invite)).slice(5)).toEqual([
      "From: <sip:alice@example.org>;tag=alice",
      "To: <sip:bob@example.org>",
      "Call-ID: call",
      "CSeq: 7 CANCEL",
      "Content-Length: 0",
    ]);
  });
});
