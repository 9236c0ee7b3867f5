/** Whatever a SUT sends, the view of sessions can be read: what is wrong is in it as a value. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { UnplacedEvent } from "../recorder.ts";
import { ladderOf } from "../ladder.ts";
import { renderLadderText } from "../ladder-text.ts";
import { readScenarioTrace } from "../scenario-trace-reader.ts";
import { isOngoingAt } from "./invite-sessions.ts";
import { mediumOf } from "./media-sessions.ts";
import { opening, sutFile, traceEvents } from "../testdata/events.ts";

const SDP = [
  "v=0",
  "o=- 1 1 IN IP4 192.0.2.1",
  "s=-",
  "c=IN IP4 192.0.2.1",
  "t=0 0",
  "m=message 2855 TCP/MSRP *",
  "a=accept-types:message/cpim",
  "a=path:msrp://192.0.2.1:2855/near;tcp",
  "",
].join("\r\n");

function sip(startLine: string, fields: readonly string[], body = ""): string {
  const head = ["Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "Max-Forwards: 70", ...fields];
  return [startLine, ...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n");
}

const DIALOG = ["From: <sip:alice@home.test>;tag=a", "Call-ID: c1"];
const DOCUMENT =
  '<?xml version="1.0"?><conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:c@home.test" state="full" version="1"><users><user entity="sip:alice@home.test"/></users></conference-info>';
const CPIM =
  "From: <sip:alice@home.test>\r\nTo: <sip:c@home.test>\r\n\r\nContent-Type: text/plain\r\n\r\nhello";

const STORY: readonly (readonly ["sip" | "msrp", "in" | "out", string])[] = [
  [
    "sip",
    "out",
    sip(
      "INVITE sip:c@home.test SIP/2.0",
      [...DIALOG, "To: <sip:c@home.test>", "CSeq: 1 INVITE", "Content-Type: application/sdp"],
      SDP,
    ),
  ],
  [
    "sip",
    "in",
    sip(
      "SIP/2.0 200 OK",
      [...DIALOG, "To: <sip:c@home.test>;tag=b", "CSeq: 1 INVITE", "Content-Type: application/sdp"],
      SDP.replace("near", "far"),
    ),
  ],
  [
    "sip",
    "out",
    sip("SUBSCRIBE sip:c@home.test SIP/2.0", [
      ...DIALOG,
      "To: <sip:c@home.test>;tag=b",
      "CSeq: 2 SUBSCRIBE",
      "Event: conference",
    ]),
  ],
  [
    "sip",
    "in",
    sip(
      "NOTIFY sip:alice@home.test SIP/2.0",
      [
        "From: <sip:c@home.test>;tag=b",
        "To: <sip:alice@home.test>;tag=a",
        "Call-ID: c1",
        "CSeq: 1 NOTIFY",
        "Event: conference",
        "Subscription-State: active",
        "Content-Type: application/conference-info+xml",
      ],
      DOCUMENT,
    ),
  ],
  [
    "msrp",
    "in",
    `MSRP tid12345 SEND\r\nTo-Path: msrp://192.0.2.1:2855/near;tcp\r\nFrom-Path: msrp://192.0.2.1:2855/far;tcp\r\nMessage-ID: m1\r\nByte-Range: 1-${CPIM.length}/${CPIM.length}\r\nContent-Type: message/cpim\r\n\r\n${CPIM}\r\n-------tid12345$\r\n`,
  ],
  [
    "msrp",
    "out",
    "MSRP tid12345 200 OK\r\nTo-Path: msrp://192.0.2.1:2855/far;tcp\r\nFrom-Path: msrp://192.0.2.1:2855/near;tcp\r\n-------tid12345$\r\n",
  ],
];

function eventOf([protocol, direction]: (typeof STORY)[number], text: string): UnplacedEvent {
  return {
    type: "crossed",
    scenario: "s1",
    node: "alice",
    nodeKind: "client",
    direction,
    peer: "server",
    peerIsSut: true,
    protocol,
    transport: protocol === "sip" ? "udp" : "tcp",
    local: "192.0.2.1:5060",
    remote: "192.0.2.9:5060",
    bytes: { text },
  };
}

function lookAtEverything(events: readonly UnplacedEvent[]): void {
  const trace = readScenarioTrace(traceEvents([...opening(), ...events]), sutFile);
  const { sessionMode } = trace;
  const { invites, media, messages, subscriptions, malformedMsrp, msrp } = sessionMode;
  for (const invite of invites) {
    isOngoingAt(invite, 5);
    for (const one of sessionMode.messagesIn(invite)) expect(sessionMode.mediaOf(one)).toBeDefined();
  }
  for (const message of messages) {
    const { body, cpim } = message;
    expect(cpim === undefined || body !== undefined).toBe(true);
  }
  for (const one of media) for (const end of one.ends) mediumOf(one, end);
  expect(
    subscriptions.flatMap(({ notifications }) => notifications).length + malformedMsrp.length + msrp.length,
  ).toBeLessThan(100);
  renderLadderText(ladderOf(trace));
}

it("reads the story as it is", () => {
  const events = STORY.map((step) => eventOf(step, step[2]));
  const { sessionMode } = readScenarioTrace(traceEvents([...opening(), ...events]), sutFile);
  const [session] = sessionMode.invites;
  expect(session === undefined ? [] : sessionMode.messagesIn(session).map(({ status }) => status)).toEqual([
    200,
  ]);
  expect(sessionMode.subscriptions[0]?.notifications[0]?.known?.users.size).toBe(1);
});

it("reads it with any part replaced, doubled or cut", () => {
  const change = fc.record({
    step: fc.nat({ max: STORY.length - 1 }),
    at: fc.nat({ max: 700 }),
    length: fc.nat({ max: 40 }),
    put: fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom("\r\n", ";tag=", "a=path:", "Byte-Range: 9-*/*", "<", "\u0000", "-1"),
    ),
  });
  const property = fc.property(
    fc.array(change, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    (changes, again) => {
      const texts = STORY.map(([, , text]) => text);
      for (const { step, at, length, put } of changes) {
        const text = texts[step] ?? "";
        texts[step] = text.slice(0, at) + put + text.slice(at + length);
      }
      const events = STORY.map((step, index) => eventOf(step, texts[index] ?? ""));
      lookAtEverything(again ? [...events, ...events] : events);
    },
  );
  expect(() => fc.assert(property, { numRuns: 400 })).not.toThrow();
});

it("does not put together what claims to be enormous", () => {
  const step = STORY[4];
  if (step === undefined) throw new Error("the story has a SEND");
  const text = step[2].replace(/Byte-Range: .*/u, "Byte-Range: 4000000000000-4000000000100/4000000000100");
  const { sessionMode } = readScenarioTrace(traceEvents([...opening(), eventOf(step, text)]), sutFile);
  expect(sessionMode.messages.map(({ body, flag }) => [body, flag])).toEqual([[undefined, "$"]]);
});
