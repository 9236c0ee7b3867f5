import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerDescription,
  answeredDirection,
  answeredSetup,
  answerMessageMedia,
  offerDescription,
} from "./answer.ts";
import type { MessageCapabilities } from "./answer.ts";
import { checkAnswer, checkUpdate } from "./check-answer.ts";
import { parseSdp } from "./parse.ts";
import { serializeSdp } from "./serialize.ts";
import { answer, answerLines, ANSWER_MEDIA, offer, offerLines, OFFER_MEDIA, sdpBytes } from "./testdata.ts";

const BOB: MessageCapabilities = {
  path: "msrp://bob.example.com:8493/si438dsaodes;tcp",
  acceptTypes: ["message/cpim", "text/plain"],
};
const SESSION = {
  origin: {
    username: "bob",
    sessionId: "1",
    sessionVersion: "1",
    netType: "IN",
    addrType: "IP4",
    address: "bob.example.com",
  },
  connection: { netType: "IN", addrType: "IP4", address: "bob.example.com" },
};
const [M, TYPES, PATH] = OFFER_MEDIA;

function lines(media: readonly string[], able: MessageCapabilities): string[] {
  const { media: answered } = answerMessageMedia(offer(media), able);
  return answered.flatMap((section) => section.lines.map(({ type, value }) => `${type}=${value}`));
}

const ACCEPTED = [
  "m=message 8493 TCP/MSRP *",
  "a=accept-types:message/cpim text/plain",
  `a=path:${BOB.path}`,
];

describe("an answer", () => {
  test.each<[string, readonly string[], MessageCapabilities, readonly string[]]>([
    ["to RFC 4975", OFFER_MEDIA, { ...BOB, setup: "none" }, ACCEPTED],
    ["with COMEDIA", OFFER_MEDIA, BOB, [...ACCEPTED, "a=setup:passive"]],
    [
      "to actpass, preferring active",
      [M, TYPES, PATH, "a=setup:actpass"],
      { ...BOB, setup: "active" },
      [...ACCEPTED, "a=setup:active"],
    ],
    [
      "to active, preferring active",
      [M, TYPES, PATH, "a=setup:active"],
      { ...BOB, setup: "active" },
      [...ACCEPTED, "a=setup:passive"],
    ],
    ["to holdconn", [M, TYPES, PATH, "a=setup:holdconn"], BOB, [...ACCEPTED, "a=setup:passive"]],
    ["to sendonly", [M, TYPES, PATH, "a=sendonly"], { ...BOB, setup: "none" }, [...ACCEPTED, "a=recvonly"]],
    ["to inactive", [M, TYPES, PATH, "a=inactive"], { ...BOB, setup: "none" }, [...ACCEPTED, "a=inactive"]],
    [
      "willing to receive only",
      OFFER_MEDIA,
      { ...BOB, setup: "none", direction: "recvonly" },
      [...ACCEPTED, "a=recvonly"],
    ],
    [
      "with wrapped types and a size",
      OFFER_MEDIA,
      { ...BOB, setup: "none", acceptWrappedTypes: ["*"], maxSize: 9 },
      [ACCEPTED[0]!, ACCEPTED[1]!, "a=accept-wrapped-types:*", ACCEPTED[2]!, "a=max-size:9"],
    ],
    ["to types with a wildcard", [M, "a=accept-types:*", PATH], { ...BOB, setup: "none" }, ACCEPTED],
    ["to no common type", [M, "a=accept-types:image/*", PATH], BOB, ["m=message 0 TCP/MSRP *"]],
    ["to no path", [M, TYPES], BOB, ["m=message 0 TCP/MSRP *"]],
    ["to a medium that was given up", [M.replace("7394", "0"), TYPES, PATH], BOB, ["m=message 0 TCP/MSRP *"]],
    [
      "to TLS without it",
      [M.replace("TCP/", "TCP/TLS/"), TYPES, PATH.replace("msrp:", "msrps:")],
      BOB,
      ["m=message 0 TCP/TLS/MSRP *"],
    ],
    [
      "to audio first",
      ["m=audio 5 RTP/AVP 0 8", "a=rtpmap:0 PCMU/8000", ...OFFER_MEDIA],
      { ...BOB, setup: "none" },
      ["m=audio 0 RTP/AVP 0 8", ...ACCEPTED],
    ],
    [
      "to two, of which one is taken",
      [...OFFER_MEDIA, ...OFFER_MEDIA],
      { ...BOB, setup: "none" },
      [...ACCEPTED, "m=message 0 TCP/MSRP *"],
    ],
    [
      "to a file",
      [...OFFER_MEDIA, 'a=file-selector:name:"a" size:3', "a=file-transfer-id:x1"],
      { ...BOB, setup: "none" },
      [...ACCEPTED, 'a=file-selector:name:"a" size:3', "a=file-transfer-id:x1"],
    ],
  ])("%s", (_name, media, able, expected) => {
    expect(lines(media, able)).toEqual(expected);
    const asked = offer(media);
    const whole = parseSdp(serializeSdp(answerDescription(asked, SESSION, able)));
    expect(checkAnswer(asked, whole, { comedia: able.setup !== "none" })).toEqual([]);
  });

  test("gives each session its own capabilities", () => {
    const { accepted, media } = answerMessageMedia(
      offer([...OFFER_MEDIA, ...OFFER_MEDIA, ...OFFER_MEDIA]),
      ({ index }) =>
        index === 1 ? undefined : { ...BOB, path: `msrp://bob.example.com:8493/s${index};tcp` },
    );
    expect(accepted).toEqual([0, 2]);
    expect(media.map((one) => one.lines[2]?.value)).toEqual([
      "path:msrp://bob.example.com:8493/s0;tcp",
      undefined,
      "path:msrp://bob.example.com:8493/s2;tcp",
    ]);
  });
});

const directions = fc.constantFrom("sendrecv", "sendonly", "recvonly", "inactive");

test("a direction answered is never more than what both want", () => {
  fc.assert(
    fc.property(directions, directions, (asked, willing) => {
      const given = answeredDirection(asked, willing);
      const found = checkAnswer(
        offer([...OFFER_MEDIA, `a=${asked}`]),
        answer([...ANSWER_MEDIA, `a=${given}`]),
      );
      expect(found).toEqual([]);
      expect(answeredDirection(asked, given)).toBe(given);
    }),
  );
});

test.each([
  [undefined, "active", "passive"],
  ["holdconn", "active", "passive"],
  ["active", "active", "passive"],
  ["passive", "passive", "active"],
  ["actpass", "active", "active"],
  ["actpass", "passive", "passive"],
] as const)("setup %s, preferring %s: %s", (asked, preferred, given) => {
  expect(answeredSetup(asked, preferred)).toBe(given);
});

test("an offer that was made can be read, and conforms", () => {
  const made = offerDescription(SESSION, [
    { path: BOB.path, acceptTypes: BOB.acceptTypes, direction: "recvonly" },
    {
      path: "msrps://[::1]:9/x;tcp",
      acceptTypes: ["*"],
      setup: "active",
      connection: { netType: "IN", addrType: "IP6", address: "::1" },
    },
  ]);
  const read = parseSdp(serializeSdp(made));
  expect(read.media.map((one) => one.lines[0]?.value)).toEqual([
    "message 8493 TCP/MSRP *",
    "message 9 TCP/TLS/MSRP *",
  ]);
  expect(read.media[0]?.lines.map(({ value }) => value).slice(-2)).toEqual(["setup:actpass", "recvonly"]);
});

const [AM, ATYPES, APATH] = ANSWER_MEDIA;

describe("what is wrong with an answer", () => {
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ["nothing", OFFER_MEDIA, answerLines(), []],
    ["one medium less", OFFER_MEDIA, answerLines([]), ["media-count"]],
    ["one medium more", OFFER_MEDIA, answerLines([...ANSWER_MEDIA, ...ANSWER_MEDIA]), ["media-count"]],
    ["another time", OFFER_MEDIA, answerLines().with(4, "t=1 2"), ["time"]],
    ["the origin of the offer", OFFER_MEDIA, answerLines().with(1, offerLines()[1]!), ["origin"]],
    ["another medium", OFFER_MEDIA, answerLines(["m=audio 5 RTP/AVP 0"]), ["media-type"]],
    [
      "another protocol",
      OFFER_MEDIA,
      answerLines([AM.replace("TCP/", "TCP/TLS/"), ATYPES, APATH.replace("msrp:", "msrps:")]),
      ["protocol"],
    ],
    ["a medium that was given up is taken", [M.replace("7394", "0")], answerLines(), ["rejected-port"]],
    ["refused", OFFER_MEDIA, answerLines(["m=message 0 TCP/MSRP *"]), []],
    ["sendrecv to sendonly", [...OFFER_MEDIA, "a=sendonly"], answerLines(), ["direction"]],
    [
      "sendonly to sendonly",
      [...OFFER_MEDIA, "a=sendonly"],
      answerLines([...ANSWER_MEDIA, "a=sendonly"]),
      ["direction"],
    ],
    [
      "recvonly to sendonly",
      [...OFFER_MEDIA, "a=sendonly"],
      answerLines([...ANSWER_MEDIA, "a=recvonly"]),
      [],
    ],
    [
      "anything but inactive to inactive",
      [...OFFER_MEDIA, "a=inactive"],
      answerLines([...ANSWER_MEDIA, "a=recvonly"]),
      ["direction"],
    ],
    ["sendonly to recvonly of the session", OFFER_MEDIA, answerLines([...ANSWER_MEDIA, "a=sendonly"]), []],
    [
      "active to active",
      [...OFFER_MEDIA, "a=setup:active"],
      answerLines([...ANSWER_MEDIA, "a=setup:active"]),
      ["setup-answer"],
    ],
    [
      "actpass to actpass",
      [...OFFER_MEDIA, "a=setup:actpass"],
      answerLines([...ANSWER_MEDIA, "a=setup:actpass"]),
      ["setup-answer"],
    ],
    ["no common type", OFFER_MEDIA, answerLines([AM, "a=accept-types:image/png", APATH]), ["no-common-type"]],
    ["no path", OFFER_MEDIA, answerLines([AM, ATYPES]), ["attribute-missing"]],
    [
      "the port not that of the path",
      OFFER_MEDIA,
      answerLines([AM.replace("8493", "9"), ATYPES, APATH]),
      ["path-port"],
    ],
    [
      "another transfer",
      [...OFFER_MEDIA, "a=file-selector:size:1", "a=file-transfer-id:x1"],
      answerLines([...ANSWER_MEDIA, "a=file-selector:size:1", "a=file-transfer-id:x2"]),
      ["file-transfer-id"],
    ],
    [
      "no transfer at all",
      [...OFFER_MEDIA, "a=file-selector:size:1", "a=file-transfer-id:x1"],
      answerLines(),
      [],
    ],
  ])("%s", (_name, media, answered, codes) => {
    const found = checkAnswer(offer(media), parseSdp(sdpBytes(answered)));
    expect(found.map(({ code }) => code)).toEqual(codes);
  });
});

describe("a later description", () => {
  const before = offer();
  const version = (step: string): string => offerLines()[1]!.replace("2890844527", step);
  test.each<[string, readonly string[], readonly string[]]>([
    ["the same again", offerLines(), []],
    ["one more, something changed", [...offerLines().with(1, version("2890844528")), "a=sendonly"], []],
    ["something changed, the version did not", [...offerLines(), "a=sendonly"], ["origin"]],
    ["two more", [...offerLines().with(1, version("2890844529")), "a=sendonly"], ["origin"]],
    ["less", [...offerLines().with(1, version("1")), "a=sendonly"], ["origin"]],
    ["nothing changed but the version", offerLines().with(1, version("2890844528")), ["origin"]],
    [
      "another user",
      [...offerLines().with(1, version("2890844528").replace("alice", "eve")), "a=sendonly"],
      ["origin"],
    ],
    ["a medium less", offerLines([]).with(1, version("2890844528")), ["media-count"]],
    ["a medium more", offerLines([...OFFER_MEDIA, "m=audio 1 RTP/AVP 0"]).with(1, version("2890844528")), []],
  ])("%s", (_name, next, codes) => {
    expect(checkUpdate(before, parseSdp(sdpBytes(next))).map(({ code }) => code)).toEqual(codes);
  });
});
