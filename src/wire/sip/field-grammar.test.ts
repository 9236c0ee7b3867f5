import { describe, expect, test } from "vitest";
import { sipRequest } from "./build.ts";
import { parseSip } from "./parse.ts";
import { changed, found, MESSAGE } from "./testdata/conforming.ts";
import type { Change } from "./testdata/conforming.ts";
import { violations } from "./validate.ts";

/** Each line breaks the grammar of its field, and nothing else. */
describe("field grammar", () => {
  test.each([
    ["field-syntax", "Accept: text"],
    ["field-syntax", "Accept: text/plain;q=1.1"],
    ["field-syntax", "Accept-Contact: +g.oma.sip-im"],
    ["field-syntax", 'Accept-Contact: *;+g.oma.sip-im="x'],
    ["duplicate-parameter", "Accept-Contact: *;require;require"],
    ["field-syntax", "Accept-Language: english-language1"],
    ["field-syntax", "Alert-Info: http://example.com"],
    ["field-syntax", "Allow: INVITE MESSAGE"],
    ["field-syntax", "Allow: INVITE,,MESSAGE"],
    ["field-syntax", "Allow-Events: .reg"],
    ["field-syntax", "Authorization: Digest"],
    ["field-syntax", 'Authorization: Digest realm="r"'],
    ["field-syntax", 'Authorization: Digest username=a, realm="r", nonce="n", uri="u", response=""'],
    ["field-syntax", 'Authorization: Digest username="a", realm="r", nonce="n", uri="u", response="xyz"'],
    ["field-syntax", 'Authorization: Digest username="a", realm="r", nonce="n", uri="u", response="", nc=1'],
    [
      "field-syntax",
      'Authorization: Digest username="a", realm="r", nonce="n", uri="u", response="", qop="auth"',
    ],
    ["field-syntax", "Call-Info: <http://h>;purpose".replace("<http://h>", "http://h")],
    ["field-syntax", "Content-Disposition: ;handling=required"],
    ["field-syntax", "Content-Encoding: "],
    ["field-syntax", "Date: Fri, 01 Jan 2010 16:00:00 EST"],
    ["field-syntax", "Date: 2010-01-01"],
    ["field-syntax", "Event: reg id=1"],
    ["field-syntax", "Expires: soon"],
    ["field-syntax", "Expires: 4294967296"],
    ["field-syntax", "MIME-Version: 1"],
    ["field-syntax", "P-Asserted-Identity: <sip:a@h"],
    ["field-syntax", "P-Asserted-Identity: <sip:a@h>;x=y"],
    ["uri-syntax", "P-Asserted-Identity: <sip:a@h_i>"],
    ["uri-syntax", "P-Asserted-Identity: <tel:12>"],
    ["field-syntax", "P-Charging-Vector: orig-ioi=home.example"],
    ["field-syntax", "P-Charging-Vector: icid-value"],
    ["duplicate-parameter", "P-Charging-Vector: icid-value=1;icid-value=2"],
    ["field-syntax", "Path: sip:p"],
    ["field-syntax", "Privacy: id,header"],
    ["field-syntax", "Privacy: "],
    ["field-syntax", "Refer-Sub: maybe"],
    ["field-syntax", "Require: "],
    ["field-syntax", "Subscription-State: active;expires=soon"],
    ["field-syntax", "Retry-After: 5 minutes"],
    ["field-syntax", "Retry-After: 5 (open"],
    ["field-syntax", "Route: sip:p;lr"],
    ["uri-syntax", "Route: <sip:p;lr=>"],
    ["field-syntax", "Server: a/"],
    ["field-syntax", "Session-Expires: x"],
    ["field-syntax", "SIP-If-Match: "],
    ["utf-8", "Subject: \xe4"],
    ["field-syntax", "Supported: a;b"],
    ["field-syntax", "Timestamp: -1"],
    ["field-syntax", "User-Agent: "],
    ["field-syntax", "User-Agent: IM client; version 1"],
    ["field-syntax", "Warning: 399 a b"],
    ["field-syntax", "Warning: 127 Service not authorised"],
    ["field-syntax", 'Warning: 399 a "open'],
    ["duplicate-parameter", "Route: <sip:p>;a;A"],
  ])("%s in %s", (code, line) => {
    expect(found(changed(MESSAGE, [line]), "hi")).toEqual([`${code} ${line.slice(0, line.indexOf(":"))}`]);
  });

  test("a compact form is the same field", () => {
    expect(found(changed(MESSAGE, [/^Content-Length/, "l: 2", "L: 2"]), "hi")).toContain("header-repeated L");
  });

  test.each<[string, Change, string]>([
    ["From", [/"Alice" </, '"Alice <'], "field-syntax From"],
    ["To", [/<sip:bob@example.com>$/, "sip:bob@example.com?a=b"], "field-syntax To"],
    ["Call-ID", [/^Call-ID: .*/, "Call-ID: a b"], "field-syntax Call-ID"],
    ["Via", [/SIP\/2.0\/UDP client/, "SIP/2.0 client"], "field-syntax Via"],
    ["Via's address", [/;branch/, ";received=h;branch"], "field-syntax Via"],
    ["Via's ttl", [/;branch/, ";ttl=256;branch"], "field-syntax Via"],
    ["CSeq", [/1 MESSAGE/, "MESSAGE"], "field-syntax CSeq"],
    ["Max-Forwards", [/: 70/, ": many"], "field-syntax Max-Forwards"],
    ["Content-Type", [/text\/plain/, "text"], "field-syntax Content-Type"],
  ])("%s", (_name, change, expected) => {
    expect(found(changed(MESSAGE, [change]), "hi")).toEqual([expected]);
  });
});

describe("places", () => {
  const text = (lines: readonly string[]): string => `${lines.join("\r\n")}\r\n\r\nhi`;
  test.each<[string, string, string]>([
    ["in a value", "Expires :  soon", "soon"],
    ["behind an entry", "Supported: a, b c", "c"],
    ["of a URI's value", "Route: <sip:a>, <sip:b_>", "<sip:b_>"],
    ["of a folded field", "Supported: a,\r\n b c", "Supported"],
  ])("%s", (_name, line, place) => {
    const bytes = text(changed(MESSAGE, [line]));
    const [violation] = violations(parseSip(Buffer.from(bytes)));
    expect(bytes.slice(violation?.offset, (violation?.offset ?? 0) + place.length)).toBe(place);
  });

  test("of a made message there are none", () => {
    const made = sipRequest({
      method: "MESSAGE",
      uri: "sip:b@h",
      headers: [["CSeq", "x"]],
      body: Buffer.from("a"),
    });
    expect(new Set(violations(made).map(({ offset }) => offset))).toEqual(new Set([-1]));
  });
});
