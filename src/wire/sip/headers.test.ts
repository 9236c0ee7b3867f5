import { describe, expect, test } from "vitest";
import { sipRequest, sipResponse } from "./build.ts";
import type { HeaderPair } from "./build.ts";
import { SipParseError } from "./error.ts";
import { parseCSeq, parseMediaType, parseProducts, parseVia, parseWarning } from "./fields.ts";
import * as fields from "./headers.ts";
import type { SipRequest } from "./message.ts";
import { formatNameAddr, nameAddrOf, parseNameAddr } from "./name-addr.ts";

function request(...headers: HeaderPair[]): SipRequest {
  return sipRequest({ method: "MESSAGE", uri: "sip:b@h", headers });
}

describe("addresses", () => {
  test.each([
    ["<sip:a@h>", { uri: "sip:a@h" }],
    ["Alice <sip:a@h>", { displayName: "Alice", uri: "sip:a@h" }],
    ["Alice  B.\t<sip:a@h>", { displayName: "Alice  B.", uri: "sip:a@h" }],
    ["caller<sip:a@h>;tag=1", { displayName: "caller", uri: "sip:a@h", params: new Map([["tag", "1"]]) }],
    ['"A \\"B\\" \\\\" <sip:a@h>', { displayName: 'A "B" \\', uri: "sip:a@h" }],
    ['"Ä, <x>; y" <sip:a@h>', { displayName: "Ä, <x>; y" }],
    ['"" <sip:a@h>', { displayName: "" }],
    ["sip:a@h;tag=1", { uri: "sip:a@h", params: new Map([["tag", "1"]]) }],
    ["<sip:a@h;lr;x=y?c=d>;e", { uri: "sip:a@h;lr;x=y?c=d", params: new Map([["e", undefined]]) }],
    [
      '<sip:a@h> ; +g.oma.sip-im ; x = "1,2"',
      {
        params: new Map([
          ["+g.oma.sip-im", undefined],
          ["x", '"1,2"'],
        ]),
      },
    ],
    ["tel:+1-2", { uri: "tel:+1-2" }],
    ["<urn:x:y>", { uri: "urn:x:y" }],
  ])("%s", (text, expected) => {
    const address = parseNameAddr(text);
    expect(address).toMatchObject(expected);
    expect(parseNameAddr(formatNameAddr(address))).toEqual(address);
  });

  test.each([
    "",
    "sip",
    "<sip:a@h",
    "sip:a@h>",
    "<>",
    "< sip:a@h >",
    '"Alice <sip:a@h>',
    '"Alice" sip:a@h',
    "Alice, Bob <sip:a@h>",
    "Ä <sip:a@h>",
    "Alice sip:a@h",
    "sip:a@h?x=y",
    "sip:a@h,sip:b@h",
    "<sip:a@h> x",
    "<sip:a@h>;",
    "<sip:a@h>;a=",
    "<sip:a@h>;a=b;A=c",
    "<sip:a@h>;a=\u0001",
  ])("%j is refused", (text) => {
    expect(() => parseNameAddr(text)).toThrow(SipParseError);
    expect(nameAddrOf(text)).toBeUndefined();
  });
});

describe("lists", () => {
  test.each<[string, string[], string[]]>([
    [
      "Contact",
      ['"a, b" <sip:a@h;x=1,2>;q=1 , <sip:b@h>', "sip:c@h"],
      ['"a, b" <sip:a@h;x=1,2>;q=1', "<sip:b@h>", "sip:c@h"],
    ],
    ["Supported", ["a,b ,\tc"], ["a", "b", "c"]],
    ["Supported", [""], []],
    ["Subject", ["a, b"], ["a, b"]],
    ["X-Unknown", ["a, b"], ["a, b"]],
    ["Date", ["Sat, 13 Nov 2010 23:29:00 GMT"], ["Sat, 13 Nov 2010 23:29:00 GMT"]],
    ["Warning", ['399 a "x, \\" y", 300 b "z"'], ['399 a "x, \\" y"', '300 b "z"']],
  ])("%s of %j", (name, lines, values) => {
    expect(fields.headerValues(request(...lines.map((line): HeaderPair => [name, line])), name)).toEqual(
      values,
    );
  });
});

describe("Via", () => {
  test.each([
    [
      "SIP/2.0/UDP h;branch=z9hG4bK1",
      { protocol: "SIP", version: "2.0", transport: "UDP", host: "h", branch: "z9hG4bK1" },
    ],
    [
      "SIP / 2.0 / tcp   h : 5060 ; rport",
      { transport: "TCP", host: "h", port: 5060, params: new Map([["rport", undefined]]) },
    ],
    ["SIP/2.0/TLS [::1]:1;received=::2", { host: "[::1]", port: 1, params: new Map([["received", "::2"]]) }],
    ["SIP/2.0/UDP h;received=192.0.2.1;ttl=1;maddr=224.0.0.1", { host: "h" }],
  ])("%s", (text, expected) => {
    expect(parseVia(text)).toMatchObject(expected);
  });

  test.each([
    "",
    "SIP/2.0 h",
    "SIP/2.0/UDP",
    "SIP/2.0/UDPh;",
    "SIP/2.0/UDP h;branch=",
    "SIP/2.0/UDP h_;a",
    "SIP/2.0/UDP h;a;a",
  ])("%j is refused", (text) => {
    expect(() => parseVia(text)).toThrow(SipParseError);
  });

  test("a malformed topmost Via is not passed over", () => {
    const message = request(["Via", "SIP/2.0, SIP/2.0/UDP h"]);
    expect(fields.viaOf(message)).toBeUndefined();
    expect(fields.vias(message)).toHaveLength(1);
  });
});

test.each([
  ["1 MESSAGE", { number: 1, method: "MESSAGE" }],
  ["0009\t INVITE", { number: 9, method: "INVITE" }],
])("CSeq %s", (text, expected) => {
  expect(parseCSeq(text)).toEqual(expected);
});

test.each(["", "1", "MESSAGE", "1MESSAGE", "-1 A", "1 A B"])("CSeq %j is refused", (text) => {
  expect(() => parseCSeq(text)).toThrow(SipParseError);
});

test.each([
  [
    '399 im.example.com "127 Service not authorised"',
    { code: 399, agent: "im.example.com", text: "127 Service not authorised" },
  ],
  ['301 [::1]:5060 "a \\"b\\""', { code: 301, agent: "[::1]:5060", text: 'a "b"' }],
  ['399 - ""', { code: 399, agent: "-", text: "" }],
])("Warning %s", (text, expected) => {
  expect(parseWarning(text)).toEqual(expected);
});

test.each([
  "",
  "399",
  "399 a",
  "399 a b",
  '39 a "b"',
  '3990 a "b"',
  '399  "b"',
  '399 a "b',
  '399 a "b" c',
  "127 Service",
])("Warning %j is refused", (text) => {
  expect(() => parseWarning(text)).toThrow(SipParseError);
});

test.each([
  ["IM-client/OMA1.0", [{ name: "IM-client", version: "OMA1.0" }]],
  ["IM-serv/OMA1.0 (a (b) \\) c) x", [{ name: "IM-serv", version: "OMA1.0" }, { name: "x" }]],
  ["(only)", []],
  ["a / b c", [{ name: "a", version: "b" }, { name: "c" }]],
])("User-Agent %s", (text, expected) => {
  expect(parseProducts(text)).toEqual(expected);
  expect(fields.userAgentProducts(text)).toEqual(expected);
});

test.each(["", "a/", "a,b", "(open", "a/b/c", "a (b))", '"a"', "a(b)"])(
  "User-Agent %j is refused",
  (text) => {
    expect(() => parseProducts(text)).toThrow(SipParseError);
    expect(fields.userAgentProducts(text)).toEqual([]);
  },
);

test.each([
  ["Text/PLAIN;charset=UTF-8", { type: "text/plain", params: new Map([["charset", "UTF-8"]]) }],
  [
    'multipart / mixed ; boundary="a b"',
    { type: "multipart/mixed", params: new Map([["boundary", '"a b"']]) },
  ],
])("Content-Type %s", (text, expected) => {
  expect(parseMediaType(text)).toEqual(expected);
});

test.each(["", "text", "text/", "/plain", "text/plain;", "text/plain;charset", "text/plain charset=a"])(
  "Content-Type %j is refused",
  (text) => {
    expect(() => parseMediaType(text)).toThrow(SipParseError);
  },
);

test("typed views of one message", () => {
  const message = request(
    ["f", '"A" <sip:a@h>;tag=x'],
    ["t", "<sip:b@h>"],
    ["i", "id@h"],
    ["m", "<sip:a@c>;+g.oma.sip-im, <sip:b@c>"],
    ["o", "reg;id=1"],
    ["Max-Forwards", "70"],
    ["Expires", "60"],
    ["Privacy", "ID; header"],
    ["a", '*;+g.oma.sip-im;require;explicit, *;language="en"'],
    ["Route", "<sip:p1;lr>,<sip:p2;lr>"],
    ["Record-Route", "<sip:r;lr>"],
    ["P-Asserted-Identity", "<sip:a@h>, <tel:+1>"],
    ["P-Preferred-Identity", '"N" <sip:a@h>'],
    ["WWW-Authenticate", 'Digest realm="r, s", nonce="n"'],
    ["Allow", "INVITE, MESSAGE"],
    ["Subscription-State", "active;expires=9"],
    ["Content-Disposition", "recipient-list;handling=required"],
  );
  expect(fields.fromOf(message)).toMatchObject({ displayName: "A", uri: "sip:a@h", tag: "x" });
  expect(fields.toOf(message)?.tag).toBeUndefined();
  expect(fields.callIdOf(message)).toBe("id@h");
  expect(fields.contactsOf(message).map((contact) => contact.uri)).toEqual(["sip:a@c", "sip:b@c"]);
  expect(fields.eventOf(message)).toEqual({ type: "reg", params: new Map([["id", "1"]]) });
  expect([fields.maxForwardsOf(message), fields.expiresOf(message)]).toEqual([70, 60]);
  expect(fields.privacyOf(message)).toEqual(["id", "header"]);
  expect(fields.acceptContactOf(message)).toEqual([
    { features: new Map([["+g.oma.sip-im", undefined]]), require: true, explicit: true },
    { features: new Map([["language", "en"]]), require: false, explicit: false },
  ]);
  expect(fields.routesOf(message).map((route) => route.uri)).toEqual(["sip:p1;lr", "sip:p2;lr"]);
  expect(fields.recordRoutesOf(message)).toHaveLength(1);
  expect(fields.assertedIdentities(message).map((identity) => identity.uri)).toEqual(["sip:a@h", "tel:+1"]);
  expect(fields.preferredIdentities(message)[0]?.displayName).toBe("N");
  expect(fields.challengesOf(message)).toEqual([
    {
      scheme: "Digest",
      params: new Map([
        ["realm", "r, s"],
        ["nonce", "n"],
      ]),
    },
  ]);
  expect(fields.tokensOf(message, "Allow")).toEqual(["INVITE", "MESSAGE"]);
  expect(fields.subscriptionStateOf(message)?.type).toBe("active");
  expect(fields.contentDispositionOf(message)?.params.get("handling")).toBe("required");
  expect(fields.cseqOf(message)).toBeUndefined();
});

test("a response copies what RFC 3261 8.2.6.2 names", () => {
  const source = sipRequest({
    method: "INVITE",
    uri: "sip:b@h",
    headers: [
      ["v", "SIP/2.0/UDP a"],
      ["Via", "SIP/2.0/UDP b"],
      ["Record-Route", "<sip:p;lr>"],
      ["To", '"x;tag=1" <sip:b@h;tag=2>'],
      ["From", "<sip:a@h>;tag=3"],
      ["i", "c"],
      ["CSeq", "1 INVITE"],
      ["Subject", "s"],
      ["Timestamp", "5"],
    ],
  });
  const names = (status: number, toTag?: string): string[] =>
    sipResponse(source, status, undefined, toTag === undefined ? {} : { toTag }).headers.map(
      ({ name, value }) => `${name}: ${value}`,
    );
  const copied = ["v: SIP/2.0/UDP a", "Via: SIP/2.0/UDP b"];
  const rest = ["From: <sip:a@h>;tag=3", "i: c", "CSeq: 1 INVITE"];
  const to = 'To: "x;tag=1" <sip:b@h;tag=2>';
  expect(names(100, "t")).toEqual([...copied, to, ...rest, "Timestamp: 5", "Content-Length: 0"]);
  expect(names(200, "t")).toEqual([
    ...copied,
    "Record-Route: <sip:p;lr>",
    `${to};tag=t`,
    ...rest,
    "Content-Length: 0",
  ]);
  expect(names(404)).toEqual([...copied, to, ...rest, "Content-Length: 0"]);
  const tagged = { ...source, headers: [{ name: "To", value: "<sip:b@h>;tag=old", offset: -1 }] };
  expect(sipResponse(tagged, 200, "Fine", { toTag: "t" })).toMatchObject({
    reason: "Fine",
    headers: [{ value: "<sip:b@h>;tag=old" }, {}],
  });
});
