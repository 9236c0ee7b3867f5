import { describe, expect, test } from "vitest";
import { IM_FEATURE_TAG, meansIm, sameFeatureTag } from "./feature-tags.ts";
import { editDistance, nearest } from "./nearest.ts";
import {
  CLIENT_RELEASE,
  SERVER_RELEASE,
  hasDeviceToken,
  isRelease1,
  isSupportedRelease,
  parseReleaseToken,
  tellsRelease,
} from "./release-token.ts";
import { serviceFunctionOf, serviceUri } from "./service-names.ts";
import { WARNING_TEXTS, hasWarningCode, parseWarningText, warningTextOf } from "./warning-codes.ts";

describe("release tokens (F.1)", () => {
  test.each([
    ["IM-client/OMA1.0", { device: "client", version: "OMA1.0", rest: "" }],
    [
      "IM-client/OMA1.0 Acme-Talk5000/v1.01",
      { device: "client", version: "OMA1.0", rest: "Acme-Talk5000/v1.01" },
    ],
    ["im-SERV/oma1.0 (a comment)", { device: "SERV", version: "oma1.0", rest: "(a comment)" }],
    ["IM-relay/OMA2.0", { device: "relay", version: "OMA2.0", rest: "" }],
    ["  IM-serv/OMA1.0  ", { device: "serv", version: "OMA1.0", rest: "" }],
    ["Acme/1 IM-client/OMA1.0", undefined],
    ["IM-client", undefined],
    ["IM-client/", undefined],
    ["IM-/OMA1.0", undefined],
    ["IM-client/OMA1.0,Acme/1", undefined],
    ["(IM-client/OMA1.0)", undefined],
    ["", undefined],
  ])("%j", (value, expected) => {
    expect(parseReleaseToken(value)).toEqual(expected);
  });

  test.each([
    [CLIENT_RELEASE, "client", true],
    [SERVER_RELEASE, "server", true],
    [CLIENT_RELEASE, "server", false],
    [SERVER_RELEASE, "client", false],
    ["IM-CLIENT/oma1.0 x", "client", true],
    ["IM-client/OMA1.1", "client", false],
    ["IM-server/OMA1.0", "server", false],
    ["Acme/1", "client", false],
  ] as const)("%j tells the release of a %s: %j", (value, kind, expected) => {
    expect(tellsRelease(value, kind)).toBe(expected);
  });

  test("device and version are judged apart", () => {
    const token = parseReleaseToken("IM-serv/OMA0.9")!;
    expect([hasDeviceToken(token, "server"), isRelease1(token)]).toEqual([true, false]);
  });

  test.each([
    ["IM-client/OMA1.0 Acme/1", ["IM-client/OMA1.0"], true],
    ["im-client/oma1.0", ["IM-client/OMA1.0"], true],
    ["IM-client/OMA0.9", ["IM-client/OMA1.0"], false],
    ["IM-client/OMA0.9", ["IM-client/OMA1.0", "IM-client/OMA0.9"], true],
    ["", ["IM-client/OMA1.0"], false],
  ])("%j is supported by %j: %j", (value, supported, expected) => {
    expect(isSupportedRelease(value, supported)).toBe(expected);
  });
});

describe("warning texts (5.6.2)", () => {
  test.each([
    ["102 Too many participants", { code: "102", explanation: "Too many participants" }],
    ["127  Service not authorized", { code: "127", explanation: "Service not authorized" }],
    ["12 short", undefined],
    ["1270 long", undefined],
    ["Service not authorised 127", undefined],
    ["127", undefined],
    ["127 ", undefined],
  ])("%j", (text, expected) => {
    expect(parseWarningText(text)).toEqual(expected);
  });

  test("the code decides, not the words", () => {
    expect(hasWarningCode("127 Nicht berechtigt", WARNING_TEXTS.serviceNotAuthorised)).toBe(true);
    expect(hasWarningCode("122 Service not authorised", WARNING_TEXTS.serviceNotAuthorised)).toBe(false);
  });

  test("each text is read as it is written, and its code is its own", () => {
    const texts = Object.values(WARNING_TEXTS);
    expect(texts.map((text) => parseWarningText(warningTextOf(text))?.code)).toEqual(
      texts.map(({ code }) => code),
    );
    expect(new Set(texts.map(({ code }) => code)).size).toBe(texts.length);
  });
});

describe("feature tags", () => {
  test.each([
    ["+g.oma.sip-im", true],
    ["+G.OMA.SIP-IM", true],
    ["+g.oma-sip-im", true],
    ["+g.oma-im-sip", true],
    ["+g.oma.sip-im.system-message", false],
    ["+g.poc.talkburst", false],
  ])("a rule for %s is for IM: %j", (tag, expected) => {
    expect(meansIm(tag)).toBe(expected);
  });

  test("one spelling goes on the wire", () => {
    expect(sameFeatureTag("+G.oma.sip-im", IM_FEATURE_TAG)).toBe(true);
    expect(sameFeatureTag("+g.oma-sip-im", IM_FEATURE_TAG)).toBe(false);
  });
});

describe("URIs of functions (F.2)", () => {
  test.each([
    ["sip:History@historyfunction1.example.com", "history"],
    ["sip:history@h", "history"],
    ["SIP:DEFERRED@h", "deferred"],
    ["sips:Delete@h;x=y", "delete"],
    ["sip:alice@h", undefined],
    ["sip:history", undefined],
    ["tel:+1", undefined],
  ])("%s names %j", (uri, expected) => {
    expect(serviceFunctionOf(uri)).toBe(expected);
  });

  test("is written with a capital", () => {
    expect(serviceUri("delete", "h.example")).toBe("sip:Delete@h.example");
  });
});

describe("nearest words", () => {
  test.each([
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["same", "same", 0],
  ])("%s and %s differ by %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test.each([
    ["prot", ["port", "root", "bind"], ["port", "root"]],
    ["PMM-S-003", ["IMSpec-PMM-S-003", "IMSpec-PMM-S-004"], ["IMSpec-PMM-S-003"]],
    ["zzzzzz", ["port"], []],
  ])("to %s of %j: %j", (word, known, expected) => {
    expect(nearest(word, known)).toEqual(expected);
  });
});
