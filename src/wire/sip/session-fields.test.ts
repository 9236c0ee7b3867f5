import { describe, expect, it } from "vitest";
import { type HeaderPair, sipRequest } from "./build.ts";
import { SipParseError } from "./error.ts";
import type { SipRequest } from "./message.ts";
import {
  formatReplaces,
  formatSessionExpires,
  minSeOf,
  parseMinSe,
  parseRAck,
  parseReplaces,
  parseRetryAfter,
  parseRSeq,
  parseSessionExpires,
  rackOf,
  replacesOf,
  requires,
  retryAfterOf,
  rseqOf,
  sessionExpiresOf,
  understands,
} from "./session-fields.ts";

const withFields = (...headers: HeaderPair[]): SipRequest =>
  sipRequest({ method: "INVITE", uri: "sip:a@b", headers });

describe("fields that can be read", () => {
  it.each<[string, (value: string) => unknown, unknown]>([
    ["1800", parseSessionExpires, { interval: 1800 }],
    ["90;refresher=UAS;x=y", parseSessionExpires, { interval: 90, refresher: "uas" }],
    ["4000 ; refresher = uac", parseSessionExpires, { interval: 4000, refresher: "uac" }],
    ["90;a=b", parseMinSe, 90],
    ["988789", parseRSeq, 988789],
    ["776656 1  INVITE", parseRAck, { response: 776656, sequence: 1, method: "INVITE" }],
    [
      "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff",
      parseReplaces,
      { callId: "98732@sip.example.com", fromTag: "r33th4x0r", toTag: "ff87ff", earlyOnly: false },
    ],
    [
      "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only",
      parseReplaces,
      { callId: "12adf2f34456gs5", toTag: "12345", fromTag: "54321", earlyOnly: true },
    ],
    ["120 (I'm in a (long) meeting)", parseRetryAfter, { after: 120, params: new Map() }],
    ["18000;duration=3600", parseRetryAfter, { after: 18000, params: new Map([["duration", "3600"]]) }],
  ])("%s", (value, parse, expected) => {
    expect(parse(value)).toEqual(expected);
  });
});

describe("fields that cannot", () => {
  it.each<[string, (value: string) => unknown]>([
    ["", parseSessionExpires],
    ["soon", parseSessionExpires],
    ["90;refresher=me", parseSessionExpires],
    ["90 100", parseMinSe],
    ["0", parseRSeq],
    ["4294967296", parseRSeq],
    ["1 INVITE", parseRAck],
    ["1 2 3 4", parseRAck],
    ["a@b;to-tag=1", parseReplaces],
    ["a@b;from-tag=1", parseReplaces],
    ["a@b;to-tag=1;from-tag=2;to-tag=3", parseReplaces],
    ["later", parseRetryAfter],
  ])("%s", (value, parse) => {
    expect(() => parse(value)).toThrow(SipParseError);
  });
});

describe("views of a message", () => {
  const message = withFields(
    ["x", "90;refresher=uac"],
    ["Min-SE", "100"],
    ["RSeq", "3"],
    ["RAck", "3 4 INVITE"],
    ["Retry-After", "5"],
    ["k", "timer, 100rel"],
    ["Require", "Replaces"],
  );
  it("compact forms too", () => {
    expect([
      sessionExpiresOf(message),
      minSeOf(message),
      rseqOf(message),
      rackOf(message)?.sequence,
      retryAfterOf(message)?.after,
    ]).toEqual([{ interval: 90, refresher: "uac" }, 100, 3, 4, 5]);
  });

  it("missing or unreadable is undefined", () => {
    expect([sessionExpiresOf(withFields()), minSeOf(withFields(["Min-SE", "x"]))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("Supported and Require", () => {
    const of = (option: string): boolean[] => [understands(message, option), requires(message, option)];
    expect([of("100REL"), of("replaces"), of("norefersub")]).toEqual([
      [true, false],
      [true, true],
      [false, false],
    ]);
  });

  it("Replaces: none, one, malformed, two (RFC 3891 3)", () => {
    const good: HeaderPair = ["Replaces", "a@b;to-tag=1;from-tag=2"];
    expect(replacesOf(withFields())).toBeUndefined();
    expect(replacesOf(withFields(good))).toMatchObject({ callId: "a@b" });
    expect(replacesOf(withFields(["Replaces", "a@b"]))).toBe("malformed");
    expect(replacesOf(withFields(good, good))).toBe("malformed");
  });
});

it("what is written can be read again", () => {
  expect(formatSessionExpires({ interval: 90, refresher: "uas" })).toBe("90;refresher=uas");
  expect(formatSessionExpires({ interval: 90 })).toBe("90");
  const replaces = { callId: "a@b", toTag: "t", fromTag: "f", earlyOnly: true };
  expect(parseReplaces(formatReplaces(replaces))).toEqual(replaces);
});
