import { describe, expect, test } from "vitest";
import { SipParseError } from "./error.ts";
import {
  escapeUser,
  formatSipUri,
  parseSipUri,
  parseTelUri,
  sameAddressOfRecord,
  sameUri,
  sipUriOf,
  telUriOf,
  unescapeUri,
  uriScheme,
} from "./uri.ts";

describe("SIP URIs are read", () => {
  test.each([
    ["sip:alice@example.com", { scheme: "sip", user: "alice", host: "example.com" }],
    ["SIPS:example.com", { scheme: "sips", host: "example.com" }],
    ["sip:a:b@h", { user: "a", password: "b", host: "h" }],
    ["sip:a:@h", { user: "a", password: "" }],
    ["sip:user;par=u%40example.net@example.com", { user: "user;par=u%40example.net", host: "example.com" }],
    ["sip:?&/=+$,@h", { user: "?&/=+$," }],
    ["sip:a@192.0.2.1:5060", { host: "192.0.2.1", port: 5060 }],
    [
      "sip:a@[2001:db8::10]:5070;lr",
      { host: "[2001:db8::10]", port: 5070, params: new Map([["lr", undefined]]) },
    ],
    ["sip:h.", { host: "h." }],
    [
      "sip:h;Transport=TCP;x=%20",
      {
        params: new Map([
          ["transport", "TCP"],
          ["x", "%20"],
        ]),
      },
    ],
    [
      "sip:h?Subject=a%20b&Priority=",
      {
        headers: [
          { name: "subject", value: "a%20b" },
          { name: "priority", value: "" },
        ],
      },
    ],
    ["sip:h;a=b?c=d", { params: new Map([["a", "b"]]), headers: [{ name: "c", value: "d" }] }],
  ])("%s", (text, expected) => {
    expect(parseSipUri(text)).toMatchObject(expected);
  });
});

test.each(["sip:alice@example.com", "sips:a:b@[::1]:5061;lr;x=y?c=d&e=", "sip:h"])(
  "%s is written as it was",
  (text) => {
    expect(formatSipUri(parseSipUri(text))).toBe(text);
  },
);

describe("bad SIP URIs", () => {
  test.each<[string, number]>([
    ["", 0],
    ["tel:+1", 0],
    ["sip", 0],
    ["sip:", 4],
    ["sip:@h", 4],
    ["sip:a b@h", 4],
    ["sip:ä@h", 4],
    ["sip:a%4@h", 4],
    ["sip:a:b@c@h", 8],
    ["sip:a:b:@h", 6],
    ["sip:a@-h", 6],
    ["sip:a@h-", 6],
    ["sip:a@h..i", 6],
    ["sip:a@h_i", 6],
    ["sip:a@256.1.1.1", 6],
    ["sip:a@[::1", 6],
    ["sip:a@[1:2:3]", 6],
    ["sip:a@::1", 6],
    ["sip:a@h:", 6],
    ["sip:a@h:x", 6],
    ["sip:a@h:65536", 8],
    ["sip:h;", 6],
    ["sip:h;=x", 6],
    ["sip:h;a=", 8],
    ["sip:h;a=b;A=c", 10],
    ["sip:h?", 6],
    ["sip:h?a", 6],
    ["sip:h?=a", 6],
    ["sip:h?a=b&", 10],
    ["<sip:h>", 0],
  ])("%s", (text, offset) => {
    expect(() => parseSipUri(text)).toThrow(SipParseError);
    expect(sipUriOf(text)).toBeUndefined();
    let found = -1;
    try {
      parseSipUri(text);
    } catch (error) {
      found = error instanceof SipParseError ? error.offset : -1;
    }
    expect(found).toBe(offset);
  });
});

describe("tel URIs", () => {
  test.each([
    ["tel:+1-201-555-0123", "+1-201-555-0123", []],
    ["TEL:7042;phone-context=example.com", "7042", [["phone-context", "example.com"]]],
    ["tel:*#a;phone-context=+1-914", "*#a", [["phone-context", "+1-914"]]],
    [
      "tel:+1;ext=12;isub=a",
      "+1",
      [
        ["ext", "12"],
        ["isub", "a"],
      ],
    ],
  ])("%s is read", (text, number, params) => {
    const uri = parseTelUri(text);
    expect([uri.number, [...uri.params]]).toEqual([number, params]);
  });

  test.each([
    "tel:",
    "tel:+",
    "tel:7042",
    "tel:+1 2",
    "tel:+1a",
    "tel:x;phone-context=a.b",
    "tel:+1;ext=1;ext=2",
    "sip:+1@h",
    "tel:+--",
  ])("%s is refused", (text) => {
    expect(() => parseTelUri(text)).toThrow(SipParseError);
    expect(telUriOf(text)).toBeUndefined();
  });
});

describe("RFC 3261 19.1.4 and RFC 3966 4", () => {
  test.each<[boolean, string, string]>([
    [true, "sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
    [true, "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    [true, "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"],
    [
      true,
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      true,
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
    [false, "SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    [false, "sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    [false, "sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    [false, "sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
    [false, "sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    [false, "sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    [false, "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    [false, "sip:a@h", "sips:a@h"],
    [false, "sip:a@h", "sip:h"],
    [false, "sip:a@h", "sip:a:@h"],
    [false, "sip:a@h;user=phone", "sip:a@h"],
    [false, "sip:a@h;ttl=1", "sip:a@h"],
    [false, "sip:a@h;maddr=h", "sip:a@h"],
    [false, "sip:a%40b@h", "sip:a%41b@h"],
    [false, "sip:a%3bb@h", "sip:a;b@h"],
    [true, "sip:a%3bb@h", "sip:a%3Bb@h"],
    [true, "sip:a@h;x", "sip:a@h;X"],
    [false, "sip:a@h;x", "sip:a@h;x=1"],
    [true, "urn:service:sos", "urn:service:sos"],
    [false, "urn:service:sos", "URN:service:sos"],
    [true, "sip:not valid", "sip:not valid"],
    [true, "tel:+1-201-555-0123", "tel:+12015550123"],
    [false, "tel:+12015550123", "tel:+12015550124"],
    [false, "tel:+12015550123", "tel:+12015550123;ext=1"],
    [true, "tel:+1;ext=1;isub=2", "tel:+1;isub=2;ext=1"],
    [true, "tel:70;phone-context=+1-9", "tel:7-0;phone-context=+19"],
    [true, "tel:a0;phone-context=EXAMPLE.com", "tel:A0;phone-context=example.com"],
    [false, "tel:70;phone-context=a.com", "tel:70;phone-context=b.com"],
    [false, "tel:+1", "sip:+1@h;user=phone"],
  ])("%s: %s and %s", (same, a, b) => {
    expect([sameUri(a, b), sameUri(b, a)]).toEqual([same, same]);
  });
});

test.each<[boolean, string, string]>([
  [true, "sip:alice@EXAMPLE.com;user=phone?a=b", "sip:%61lice:secret@example.com;gr=x"],
  [false, "sip:Alice@example.com", "sip:alice@example.com"],
  [false, "sip:alice@example.com:5060", "sip:alice@example.com"],
  [false, "sip:alice@example.com", "sips:alice@example.com"],
  [true, "tel:+1-2;ext=3", "tel:+12"],
  [false, "tel:12;phone-context=a.b", "tel:12;phone-context=a.c"],
])("the same user, %s: %s and %s", (same, a, b) => {
  expect(sameAddressOfRecord(a, b)).toBe(same);
});

test.each([
  ["a b@c", "a%20b%40c"],
  ["ä", "%C3%A4"],
  ["+1-2;x=y&/?,$", "+1-2;x=y&/?,$"],
  ["100%", "100%25"],
])("user %s is escaped", (text, escaped) => {
  expect(escapeUser(text)).toBe(escaped);
  expect(unescapeUri(escaped)).toBe(text);
  expect(sipUriOf(`sip:${escaped}@h`)?.user).toBe(escaped);
});

test.each([
  ["sip:a", "sip"],
  ["TEL:+1", "tel"],
  ["a", ""],
  ["1a:b", ""],
])("scheme of %s", (text, scheme) => {
  expect(uriScheme(text)).toBe(scheme);
});
