import { describe, expect, test } from "vitest";
import { readOrSdpError } from "./error.ts";
import { formatFileSelector, parseFileRange, parseFileSelector } from "./file-attributes.ts";
import { messageMediaViolations } from "./media-rules.ts";
import {
  acceptsType,
  activeEnd,
  entriesMeet,
  messageMediaOf,
  parseFormatList,
  parseMaxSize,
  parsePath,
  parseSetup,
} from "./message-media.ts";
import { offer, OFFER_MEDIA } from "./testdata.ts";

const HASH = "hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";

test("the medium of a file, in full", () => {
  const [media] = messageMediaOf(
    offer([
      ...OFFER_MEDIA,
      "a=accept-wrapped-types:text/html *",
      "a=max-size:10240",
      "a=setup:actpass",
      "a=sendonly",
      `a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:32349 ${HASH}`,
      "a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd",
      "a=file-disposition:attachment",
      'a=file-date:creation:"Mon, 15 May 2006 15:01:31 +0300"',
      "a=file-icon:cid:id2@alicepc.example.com",
      "a=file-range:1-32349",
    ]),
  );
  expect(media).toMatchObject({
    index: 0,
    port: 7394,
    protocol: "TCP/MSRP",
    direction: "sendonly",
    acceptTypes: ["message/cpim", "text/plain", "text/html"],
    acceptWrappedTypes: ["text/html", "*"],
    maxSize: 10240,
    setup: "actpass",
    path: [{ scheme: "msrp", host: "alice.example.com", port: 7394, sessionId: "2s93i93idj" }],
    file: {
      selector: {
        name: "My cool picture.jpg",
        size: 32349,
        type: "image/jpeg",
        hashes: [{ algorithm: "sha-1" }],
      },
      transferId: "vBnG916bdberum2fFEABR1FR3ExZMUrd",
      disposition: "attachment",
      icon: "cid:id2@alicepc.example.com",
      range: { start: 1, stop: 32349 },
    },
  });
});

test("media that are not MSRP are left out, and counted", () => {
  const media = [
    "m=audio 1 RTP/AVP 0",
    "m=message 2 SIP sip:a@b",
    ...OFFER_MEDIA.with(0, "m=message 7394 tcp/tls/msrp *"),
  ];
  expect(messageMediaOf(offer(media)).map(({ index, protocol }) => [index, protocol])).toEqual([
    [2, "TCP/TLS/MSRP"],
  ]);
});

test("what a peer wrote carelessly can be read with leniency", () => {
  const [m] = OFFER_MEDIA;
  const media = [
    m,
    "a=accept-types: text/plain  * ",
    "a=path:  msrp://alice.example.com:7394/s;tcp ",
    "a=max-size:big",
    "a=setup:both",
    "a=file-selector:x",
  ];
  expect(readOrSdpError(() => messageMediaOf(offer(media)))).toMatchObject({ code: "attribute-syntax" });
  const [read] = messageMediaOf(offer(media), { lenient: true });
  expect(read).toMatchObject({ acceptTypes: ["text/plain", "*"], path: [{ sessionId: "s" }] });
  expect([read?.maxSize, read?.setup, read?.file]).toEqual([undefined, undefined, undefined]);
});

describe("attributes that do not follow their grammar say where", () => {
  test.each<[string, (text: string) => unknown, string, number]>([
    ["path", parsePath, "msrp://a:1/s", 12],
    ["path", parsePath, "msrp://a:1/s;tcp  msrp://b:1/s;tcp", 17],
    ["path", parsePath, "", 0],
    ["accept-types", parseFormatList, "text", 0],
    ["accept-types", parseFormatList, "text/plain  *", 11],
    ["accept-types", parseFormatList, "text/plain ", 11],
    ["accept-types", parseFormatList, "text/plain,text/html", 0],
    ["accept-types", parseFormatList, "", 0],
    ["max-size", parseMaxSize, "10k", 0],
    ["setup", parseSetup, "both", 0],
    ["file-selector", parseFileSelector, 'name:"a', 0],
    ["file-selector", parseFileSelector, 'name:"a" size:x', 9],
    ["file-selector", parseFileSelector, "size:1  size:2", 7],
    ["file-selector", parseFileSelector, "size:1 size:2", 7],
    ["file-selector", parseFileSelector, "size:1 ", 6],
    ["file-selector", parseFileSelector, "hash:sha-1:7a", 0],
    ["file-range", parseFileRange, "0-5", 0],
  ])("%s of %s", (_name, read, text, offset) => {
    const error = readOrSdpError(() => read(text));
    expect(error).toMatchObject({ code: "attribute-syntax", offset });
  });
});

test.each([
  [
    'name:"a b" type:text/plain;charset="utf-8" size:3',
    { name: "a b", type: 'text/plain;charset="utf-8"', size: 3, hashes: [] },
  ],
  ['name:"%22%25"', { name: '"%', hashes: [] }],
  [HASH, { hashes: [{ algorithm: "sha-1", value: HASH.slice(11) }] }],
  ["", { hashes: [] }],
])("file-selector %s", (text, selector) => {
  expect(parseFileSelector(text)).toEqual(selector);
  expect(formatFileSelector(selector)).toBe(text);
});

test.each([
  ["1-*", { start: 1, stop: "*" }],
  ["5-10", { start: 5, stop: 10 }],
])("file-range %s", (text, range) => {
  expect(parseFileRange(text)).toEqual(range);
});

test.each([
  ["text/plain", "text/plain", true],
  ["text/plain", "TEXT/Plain", true],
  ["text/plain;charset=utf-8", "text/plain", true],
  ["text/*", "text/html", true],
  ["*", "image/png", true],
  ["image/png", "*", true],
  ["text/*", "image/png", false],
  ["text/plain", "text/html", false],
])("format entries %s and %s", (a, b, meet) => {
  expect(entriesMeet(a, b)).toBe(meet);
  expect(acceptsType([a], b)).toBe(meet);
});

test.each([
  [undefined, undefined, "offerer"],
  ["actpass", "active", "answerer"],
  ["actpass", "passive", "offerer"],
  ["active", "passive", "offerer"],
  ["passive", "active", "answerer"],
  ["actpass", undefined, "offerer"],
  ["actpass", "holdconn", "offerer"],
] as const)("setup %s answered with %s: the %s connects", (asked, given, end) => {
  expect(activeEnd(asked, given)).toBe(end);
});

describe("rules for MSRP media", () => {
  const [m, types, path] = OFFER_MEDIA;
  test.each<[string, string[], string[], "offer" | "answer" | undefined]>([
    ["as RFC 4975 has it", [m, types, path], [], undefined],
    ["no path", [m, types], ["attribute-missing"], undefined],
    ["no accept-types", [m, path], ["attribute-missing"], undefined],
    ["the path twice", [m, types, path, path], ["attribute-repeated"], undefined],
    ["a list of formats", [m.replace("*", "text/plain"), types, path], ["format-list"], undefined],
    ["another port", [m.replace("7394", "7395"), types, path], ["path-port"], undefined],
    ["no port in the path", [m, types, path.replace(":7394", "")], ["path-port"], undefined],
    ["another host", [m, types, path.replace("alice", "bob")], ["path-host"], undefined],
    ["another spelling of the host", [m, types, path.replace("alice", "ALICE")], [], undefined],
    [
      "another spelling of an address",
      [m, "c=IN IP6 2001:db8:0::1", types, "a=path:msrp://[2001:DB8::1]:7394/s;tcp"],
      [],
      undefined,
    ],
    ["msrps without TLS", [m, types, path.replace("msrp:", "msrps:")], ["path-scheme"], undefined],
    ["TLS without msrps", [m.replace("TCP/", "TCP/TLS/"), types, path], ["path-scheme"], undefined],
    [
      "a relay in front",
      [m, types, path.replace("msrp:", "msrp://relay.example.com:2855/r;tcp msrp:")],
      [],
      undefined,
    ],
    ["a path that is none", [m, types, "a=path:sip:alice"], ["attribute-syntax"], undefined],
    ["refused, nothing is asked of it", ["m=message 0 TCP/MSRP *"], [], "answer"],
    ["no setup", [m, types, path], ["attribute-missing"], "offer"],
    ["setup in an offer", [m, types, path, "a=setup:actpass"], [], "offer"],
    ["passive in an offer", [m, types, path, "a=setup:passive"], ["setup-value"], "offer"],
    ["actpass in an answer", [m, types, path, "a=setup:actpass"], ["setup-value"], "answer"],
    ["holdconn", [m, types, path, "a=setup:holdconn"], ["setup-value"], "answer"],
    [
      "a=connection",
      [m, types, path, "a=setup:passive", "a=connection:new"],
      ["attribute-forbidden"],
      "answer",
    ],
  ])("%s", (_name, media, codes, comedia) => {
    const found = messageMediaViolations(offer(media), comedia === undefined ? {} : { comedia });
    expect(found.map(({ code }) => code)).toEqual(codes);
    expect(found.filter(({ clause, message }) => clause === "" || !message.includes("expected"))).toEqual([]);
  });
});
