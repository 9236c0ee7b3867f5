import { describe, expect, it, test } from "vitest";
import { sipRequest, type HeaderPair } from "./build.ts";
import { chargingVectorOf, formatChargingVector, parseChargingVector } from "./charging-vector.ts";
import { SipParseError } from "./error.ts";
import {
  eventTypeOf,
  formatEvent,
  formatSubscriptionState,
  minExpiresOf,
  parseEvent,
  parseSubscriptionState,
  sameEvent,
  subscriptionStateValueOf,
} from "./event-fields.ts";
import { parsePrivacy, privacyIn, formatPrivacy } from "./privacy.ts";
import { entityTagOf, ifMatchOf } from "./publication-fields.ts";
import {
  formatReferredBy,
  formatReferTo,
  parseReferTo,
  referSubOf,
  referredByOf,
  referToOf,
  referUri,
  targetOf,
} from "./refer-fields.ts";
import { asksFor, requestDispositionOf } from "./request-disposition.ts";

function message(...headers: readonly HeaderPair[]) {
  return sipRequest({ method: "REFER", uri: "sip:b@x", headers });
}

describe("Event", () => {
  it.each([
    ["conference", { type: "conference" }],
    ["presence.winfo;id=7", { type: "presence.winfo", id: "7" }],
    ["reg ; x=y", { type: "reg" }],
  ])("%s", (value, expected) => expect(parseEvent(value)).toMatchObject(expected));

  it.each(["", "a b", "pres;id=1;id=2", "pres.", ";id=1"])("%j is none", (value) => {
    expect(() => parseEvent(value)).toThrow(SipParseError);
  });

  it.each([
    ["refer", "refer", true],
    ["refer;id=1", "refer;id=1", true],
    ["refer;id=1", "refer", false],
    ["refer;id=1", "refer;id=2", false],
    ["refer", "REFER", false],
    ["refer;x=1", "refer;x=2", true],
  ])("%s and %s are the same: %s", (a, b, same) => {
    expect(sameEvent(parseEvent(a), parseEvent(b))).toBe(same);
  });

  it("is written as it is read", () => {
    expect(formatEvent(parseEvent("refer;id=93809824;x"))).toBe("refer;id=93809824;x");
    expect(formatEvent({ type: "refer", id: "4" })).toBe("refer;id=4");
    expect(eventTypeOf(message(["o", "refer"]))?.type).toBe("refer");
  });
});

describe("Subscription-State", () => {
  it.each([
    ["active;expires=3600", { state: "active", expires: 3600 }],
    ["Pending", { state: "pending" }],
    [
      "terminated;reason=Probation;retry-after=30",
      { state: "terminated", reason: "probation", retryAfter: 30 },
    ],
    ["waiting;x=y", { state: "waiting" }],
  ])("%s", (value, expected) => expect(parseSubscriptionState(value)).toMatchObject(expected));

  it.each(["", "active;expires", "active;expires=soon", "active expires=1", "terminated;retry-after=-1"])(
    "%j is none",
    (value) => expect(() => parseSubscriptionState(value)).toThrow(SipParseError),
  );

  it("is written", () => {
    const state = { state: "terminated", reason: "giveup", retryAfter: 5 };
    expect(formatSubscriptionState(state)).toBe("terminated;reason=giveup;retry-after=5");
    expect(subscriptionStateValueOf(message(["Subscription-State", "active;expires=1"]))?.expires).toBe(1);
    expect(minExpiresOf(message(["Min-Expires", "60"]))).toBe(60);
    expect(minExpiresOf(message(["Min-Expires", "soon"]))).toBeUndefined();
  });
});

describe("Refer-To", () => {
  it.each([
    [
      "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>",
      {
        requestUri: "sip:dave@denver.example.org",
        method: "INVITE",
        headers: [["Replaces", "12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994"]],
      },
    ],
    [
      "<sip:carol@cleveland.example.org;method=SUBSCRIBE>",
      { requestUri: "sip:carol@cleveland.example.org", method: "SUBSCRIBE" },
    ],
    [
      "Bob <sip:bob@home.example;user=phone;method=BYE?X=1&Y=a%20b>",
      {
        requestUri: "sip:bob@home.example;user=phone",
        method: "BYE",
        displayName: "Bob",
        headers: [
          ["X", "1"],
          ["Y", "a b"],
        ],
      },
    ],
    ["<cid:cn35t8jf02@example.com>", { contentId: "cn35t8jf02@example.com" }],
    ["http://www.ietf.org", { requestUri: "http://www.ietf.org", method: "INVITE" }],
    ["<sip:a?b@h;method=BYE>", { requestUri: "sip:a?b@h", method: "BYE", headers: [] }],
  ])("%s", (value, expected) => expect(parseReferTo(value)).toMatchObject(expected));

  it("is made of what is asked", () => {
    const headers = [["Replaces", "a@b;to-tag=1;from-tag=ä"]] as const;
    const uri = referUri("sip:bob@h", { method: "BYE", headers });
    expect(uri).toBe("sip:bob@h;method=BYE?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D%C3%A4");
    expect(targetOf(uri)).toMatchObject({ requestUri: "sip:bob@h", method: "BYE", headers });
    expect(parseReferTo(formatReferTo({ uri, displayName: "B" })).uri).toBe(uri);
  });

  it.each<[string, readonly HeaderPair[], unknown]>([
    ["missing", [], undefined],
    [
      "twice",
      [
        ["Refer-To", "<sip:a@b>"],
        ["r", "<sip:c@d>"],
      ],
      "malformed",
    ],
    ["two in one", [["Refer-To", "<sip:a@b>, <sip:c@d>"]], "malformed"],
    ["none", [["Refer-To", "<>"]], "malformed"],
  ])("%s", (_what, headers, expected) => expect(referToOf(message(...headers))).toEqual(expected));
});

test.each([
  ["true", true],
  ["FALSE", false],
  ["false;x=y", false],
  ["maybe", undefined],
])("Refer-Sub: %s", (value, expected) => expect(referSubOf(message(["Refer-Sub", value]))).toBe(expected));

describe("Referred-By", () => {
  it("of RFC 3892 5", () => {
    const read = referredByOf(
      message(["b", 'sip:referror@referror.example;cid="20398823.2UWQFN309shb3@referror.example"']),
    );
    expect(read).toMatchObject({
      uri: "sip:referror@referror.example",
      contentId: "20398823.2UWQFN309shb3@referror.example",
    });
    if (read === undefined || read === "malformed") throw new Error("not read");
    expect(formatReferredBy(read)).toBe(
      '<sip:referror@referror.example>;cid="20398823.2UWQFN309shb3@referror.example"',
    );
  });

  it("twice is malformed", () => {
    expect(referredByOf(message(["Referred-By", "<sip:a@b>"], ["b", "<sip:a@b>"]))).toBe("malformed");
    expect(referredByOf(message())).toBeUndefined();
  });
});

test.each<[readonly HeaderPair[], unknown]>([
  [[["SIP-If-Match", "12345"]], { tag: "12345" }],
  [[["SIP-If-Match", "a b"]], "malformed"],
  [
    [
      ["SIP-If-Match", "1"],
      ["SIP-If-Match", "2"],
    ],
    "malformed",
  ],
  [[], undefined],
])("SIP-If-Match %j", (headers, expected) => expect(ifMatchOf(message(...headers))).toEqual(expected));

test("SIP-ETag", () => {
  expect(entityTagOf(message(["SIP-ETag", "dx200xyz"]))).toBe("dx200xyz");
  expect(entityTagOf(message(["SIP-ETag", "no tag"]))).toBeUndefined();
});

describe("P-Charging-Vector", () => {
  it.each([
    [
      "icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net",
      { icid: "1234bc9876e", generatedAt: "192.0.6.8", origIoi: "home1.net" },
    ],
    [
      'icid-value="a b" ;icid-generated-at=[2001:db8::1];term-ioi="visited, net";transit-ioi="x.1,y.2";z=1',
      {
        icid: "a b",
        generatedAt: "[2001:db8::1]",
        termIoi: "visited, net",
        transitIoi: "x.1,y.2",
        others: new Map([["z", "1"]]),
      },
    ],
  ])("%s", (value, expected) => {
    expect(parseChargingVector(value)).toEqual(expected);
    expect(parseChargingVector(formatChargingVector(parseChargingVector(value)))).toEqual(expected);
  });

  it.each(["", "orig-ioi=a", "orig-ioi=a;icid-value=1", "icid-value", "icid-value=1;icid-value=2"])(
    "%j is none",
    (value) => {
      expect(() => parseChargingVector(value)).toThrow(SipParseError);
      expect(chargingVectorOf(message(["P-Charging-Vector", value]))).toBeUndefined();
    },
  );
});

describe("Privacy", () => {
  it.each([
    ["id", { values: ["id"], none: false, critical: false }],
    ["Header; session;critical", { values: ["header", "session"], none: false, critical: true }],
    ["none", { values: [], none: true, critical: false }],
  ])("%s", (value, expected) => {
    expect(parsePrivacy(value)).toEqual(expected);
    expect(parsePrivacy(formatPrivacy(expected))).toEqual(expected);
  });

  it.each(["none;id", "critical", "id;id", "", "id,header"])("%j is none", (value) => {
    expect(() => parsePrivacy(value)).toThrow(SipParseError);
    expect(privacyIn(message(["Privacy", value])).values).toEqual([]);
  });

  it("in two fields counts as one", () => {
    expect(privacyIn(message(["Privacy", "id"], ["Privacy", "user"])).values).toEqual(["id", "user"]);
  });
});

test("Request-Disposition", () => {
  const asked = message(["Request-Disposition", "no-fork, Queue"], ["d", "fork, later"]);
  expect(requestDispositionOf(asked)).toEqual({ directives: ["no-fork", "queue"], unknown: ["later"] });
  expect([asksFor(asked, "no-fork"), asksFor(asked, "fork")]).toEqual([true, false]);
});
