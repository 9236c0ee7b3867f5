import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readOrSdpError, SdpParseError } from "./error.ts";
import { attributesOf, attributeValue, connectionOf, directionOf, mediaLineOf, originOf } from "./lines.ts";
import { parseSdp, sdpErrors } from "./parse.ts";
import { messageMediaOf } from "./message-media.ts";
import { messageMediaViolations } from "./media-rules.ts";
import { serializeSdp, withAttribute, withoutAttribute } from "./serialize.ts";
import { offer, offerLines, sdpBytes } from "./testdata.ts";

const GOOD: readonly [string, string[]][] = [
  ["the offer of RFC 4975 8.7", offerLines()],
  ["no media", offerLines([])],
  [
    "every line that RFC 4566 knows",
    [
      "v=0",
      "o=- 1 18446744073709551615 IN IP6 2001:db8::1",
      "s=-",
      "i=about",
      "u=http://example.com/",
      "e=a@example.com",
      "e=b@example.com",
      "p=+1 617 555-6011",
      "c=IN IP6 2001:db8::1",
      "b=AS:64",
      "t=2873397496 2873404696",
      "r=604800 3600 0 90000",
      "t=0 0",
      "z=2882844526 -1h",
      "k=prompt",
      "a=recvonly",
      "a=x-unknown:kept = as it is: ä",
      "m=audio 49170/2 RTP/AVP 0 96",
      "i=voice",
      "c=IN IP4 224.2.1.1/127",
      "c=IN IP4 224.2.1.2/127",
      "b=X-YZ:128",
      "k=clear:x",
      "a=rtpmap:96 L8/8000",
      "m=message 9 TCP/MSRP *",
    ],
  ],
  [
    "connections with every medium only",
    [...offerLines([]).filter((line) => !line.startsWith("c=")), "m=message 9 TCP/MSRP *", "c=IN IP4 h"],
  ],
];

test.each(GOOD)("%s is read and written again", (_name, lines) => {
  const bytes = sdpBytes(lines);
  const description = parseSdp(bytes);
  expect(Buffer.from(serializeSdp(description)).toString()).toBe(Buffer.from(bytes).toString());
  expect(sdpErrors(bytes)).toEqual([]);
});

/** Lines, and the code, line and column of the error that reading them gives. */
const BAD: readonly [string, string[], string, number, number][] = [
  ["a letter that RFC 4566 does not know", [...offerLines(), "x=1"], "line-type", 9, 1],
  ["no equals sign", [...offerLines(), "attribute"], "line-syntax", 9, 1],
  ["a space before the equals sign", [...offerLines(), "a =x"], "line-syntax", 9, 1],
  ["an empty line", [...offerLines(), ""], "line-syntax", 9, 1],
  ["another version", ["v=1", ...offerLines().slice(1)], "version", 1, 3],
  ["no version", offerLines().slice(1), "line-missing", 1, 1],
  ["no origin", offerLines().filter((line) => !line.startsWith("o=")), "line-missing", 2, 1],
  ["no time", offerLines().filter((line) => !line.startsWith("t=")), "line-missing", 5, 1],
  ["no name", offerLines().filter((line) => !line.startsWith("s=")), "line-missing", 3, 1],
  ["an empty name", offerLines().map((line) => (line.startsWith("s=") ? "s=" : line)), "session-name", 3, 3],
  [
    "five fields in the origin",
    offerLines().map((line) => (line.startsWith("o=") ? "o=- 1 1 IN IP4" : line)),
    "origin",
    2,
    3,
  ],
  [
    "letters as session version",
    offerLines().map((line) => (line.startsWith("o=") ? "o=- 1 v IN IP4 h" : line)),
    "origin",
    2,
    3,
  ],
  [
    "no connection at all",
    offerLines().filter((line) => !line.startsWith("c=")),
    "connection-missing",
    7,
    1 + "a=path:msrp://alice.example.com:7394/2s93i93idj;tcp".length,
  ],
  [
    "the time before the connection",
    ["v=0", "o=- 1 1 IN IP4 h", "s=-", "t=0 0", "c=IN IP4 h"],
    "line-order",
    5,
    1,
  ],
  ["the name twice", ["v=0", "o=- 1 1 IN IP4 h", "s=-", "s=-", "t=0 0"], "line-repeated", 4, 1],
  [
    "two connections for the session",
    ["v=0", "o=- 1 1 IN IP4 h", "s=-", "c=IN IP4 h", "c=IN IP4 h", "t=0 0"],
    "line-repeated",
    5,
    1,
  ],
  ["a repetition without time", ["v=0", "o=- 1 1 IN IP4 h", "s=-", "r=1 1 0", "t=0 0"], "line-order", 4, 1],
  ["a time for a medium", offerLines(["m=message 9 TCP/MSRP *", "t=0 0"]), "line-order", 7, 1],
  [
    "an attribute before the connection of a medium",
    offerLines(["m=message 9 TCP/MSRP *", "a=x", "c=IN IP4 h"]),
    "line-order",
    8,
    1,
  ],
  ["no format", offerLines(["m=message 9 TCP/MSRP"]), "media", 6, 3],
  ["a port above 65535", offerLines(["m=message 65536 TCP/MSRP *"]), "media", 6, 11],
  ["two spaces in the media line", offerLines(["m=message  9 TCP/MSRP *"]), "media", 6, 3],
  ["an attribute without name", offerLines(["m=message 9 TCP/MSRP *", "a=:x"]), "attribute", 7, 3],
  ["an attribute with an empty value", offerLines(["m=message 9 TCP/MSRP *", "a=path:"]), "attribute", 7, 8],
  ["a bandwidth without number", offerLines([]).toSpliced(4, 0, "b=AS"), "bandwidth", 5, 3],
  ["a time of one number", offerLines([]).with(4, "t=0"), "time", 5, 3],
  ["NUL in a line", offerLines(["m=message 9 TCP/MSRP *", "a=x:a\0b"]), "control-character", 7, 6],
  ["an empty subject", offerLines([]).toSpliced(3, 0, "i="), "value-empty", 4, 3],
];

describe("what is wrong has a code and a place", () => {
  test.each(BAD)("%s", (_name, lines, code, line, column) => {
    const error = readOrSdpError(() => parseSdp(sdpBytes(lines)));
    expect(error).toMatchObject({ code, line, column });
    const [first] = sdpErrors(sdpBytes(lines));
    expect(first).toMatchObject({ code, line, column });
    const text = Buffer.from(sdpBytes(lines)).toString();
    expect(first?.offset).toBe(
      text
        .split("\r\n")
        .slice(0, line - 1)
        .join("\r\n").length +
        (line > 1 ? 2 : 0) +
        column -
        1,
    );
  });

  test.each([
    ["LF alone", Buffer.from(sdpBytes(offerLines())).toString().replaceAll("\r\n", "\n"), 8],
    ["nothing at the end", Buffer.from(sdpBytes(offerLines())).toString().slice(0, -2), 1],
  ])("%s is a departure that can be tolerated", (_name, text, count) => {
    expect(sdpErrors(Buffer.from(text)).map(({ code }) => code)).toEqual(Array(count).fill("line-end"));
    const description = parseSdp(Buffer.from(text), { tolerate: ["line-end"] });
    expect(attributesOf(description.media[0]!)).toHaveLength(2);
  });

  test("all departures are listed in the order of the lines", () => {
    const lines = ["v=1", "s=-", "foo", "m=message 9 TCP/MSRP *", "a=path:"];
    expect(sdpErrors(sdpBytes(lines)).map(({ code, line }) => [line, code])).toEqual([
      [1, "version"],
      [2, "line-missing"],
      [3, "line-syntax"],
      [4, "line-missing"],
      [5, "attribute"],
      [5, "connection-missing"],
    ]);
  });

  test.each([
    ["empty", "", {}],
    ["too-large", "v=0\r\n".repeat(5), { bytes: 20 }],
    ["too-many-lines", "v=0\r\n".repeat(5), { lines: 4 }],
  ])("%s cannot be tolerated", (code, text, limits) => {
    const tolerate = ["line-repeated", "line-missing"] as const;
    expect(readOrSdpError(() => parseSdp(Buffer.from(text), { tolerate, limits }))).toMatchObject({ code });
    expect(sdpErrors(Buffer.from(text), limits).at(-1)).toMatchObject({ code });
  });
});

describe("views", () => {
  const media = ["m=message 7394 TCP/MSRP *", "c=IN IP4 192.0.2.1", "a=sendonly", "a=x:1", "a=x:2", "a=flag"];
  const description = offer(media);
  const section = description.media[0]!;
  test("of the origin, the connection, the media line", () => {
    expect(originOf(description)).toMatchObject({ username: "alice", sessionVersion: "2890844527" });
    expect(connectionOf(description)?.address).toBe("alice.example.com");
    expect(connectionOf(description, section)?.address).toBe("192.0.2.1");
    expect(mediaLineOf(section)).toEqual({
      media: "message",
      port: 7394,
      protocol: "TCP/MSRP",
      formats: ["*"],
    });
  });
  test("of attributes and direction", () => {
    expect(["x", "flag", "none"].map((name) => attributeValue(section, name))).toEqual(["1", "", undefined]);
    expect(directionOf(description, section)).toBe("sendonly");
    expect(directionOf(offer(), offer().media[0]!)).toBe("sendrecv");
  });
  test("of changed copies", () => {
    const values = (one: typeof section): string[] => one.lines.slice(2).map(({ value }) => value);
    expect(values(withAttribute(section, "x", "3"))).toEqual(["sendonly", "x:3", "flag"]);
    expect(values(withAttribute(section, "y"))).toEqual(["sendonly", "x:1", "x:2", "flag", "y"]);
    expect(values(withoutAttribute(section, "x"))).toEqual(["sendonly", "flag"]);
  });
});

const PIECES = [
  ...offerLines(),
  "a=setup:actpass",
  'a=file-selector:name:"',
  "\r\n",
  "\n",
  "a=",
  "m=message 1 TCP/MSRP *\r\n",
  "=",
  ":",
  " ",
  "\0",
  "ä",
];
const almostSdp = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 6 })), {
    maxLength: 30,
  })
  .map((pieces) => Buffer.from(`${offerLines().slice(0, 5).join("\r\n")}\r\n${pieces.join("\r\n")}`));

describe("any bytes", () => {
  test.each([
    ["rubbish", fc.uint8Array({ maxLength: 200 })],
    ["what is almost SDP", almostSdp],
  ])("%s gives a description, and the same bytes again, or SdpParseError", (_name, input) => {
    fc.assert(
      fc.property(input, (bytes) => {
        const read = readOrSdpError(() => parseSdp(bytes));
        expect(read instanceof SdpParseError).toBe(sdpErrors(bytes).length > 0);
        const failed = read instanceof SdpParseError;
        expect(failed ? read.offset : 0).toBeLessThanOrEqual(bytes.length);
        expect(Buffer.compare(failed ? bytes : serializeSdp(read), bytes)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test("tolerated, it can be looked at with nothing but SdpParseError", () => {
    const tolerate = [
      "line-end",
      "line-syntax",
      "line-type",
      "line-order",
      "line-repeated",
      "attribute",
      "control-character",
      "connection-missing",
    ] as const;
    fc.assert(
      fc.property(almostSdp, (bytes) => {
        const read = readOrSdpError(() => parseSdp(bytes, { tolerate }));
        if (read instanceof SdpParseError) return;
        readOrSdpError(() => messageMediaOf(read));
        for (const { offset } of messageMediaViolations(read, { comedia: "offer" }))
          expect(offset).toBeLessThan(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});
