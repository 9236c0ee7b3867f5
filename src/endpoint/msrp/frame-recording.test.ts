import { expect, it } from "vitest";
import { encodeBytes, isCut, lengthOf } from "../../trace/bytes.ts";
import { createFrameRecording } from "./frame-recording.ts";

const HEAD = "MSRP abcd1234 SEND\r\nTo-Path: msrp://a;tcp\r\n\r\n";
const END = "\r\n-------abcd1234$\r\n";

const LIMIT = 10_000;

it.each([
  [0, 7],
  [100, 7],
  [10_000, 700],
  [10_001, 100],
  [10_001, 20_000],
  [50_000, 4000],
])(
  "records a body of %d octets as the recorder of the trace would have, in pieces of %d",
  (octets, piece) => {
    const body = Buffer.from(Array.from({ length: octets }, (_, at) => 0x21 + (at % 90)));
    const recording = createFrameRecording(LIMIT);
    recording.head(Buffer.from(HEAD));
    for (let at = 0; at < octets; at += piece) recording.body(body.subarray(at, at + piece));
    const kept = recording.keptBody;
    const recorded = recording.end(Buffer.from(END));
    const whole = Buffer.concat([Buffer.from(HEAD), body, Buffer.from(END)]);
    expect(recorded).toEqual(encodeBytes(whole, octets > LIMIT ? LIMIT : Infinity));
    expect([lengthOf(recorded), isCut(recorded)]).toEqual([whole.length, octets > LIMIT]);
    expect(kept === undefined ? undefined : Buffer.from(kept)).toEqual(octets > LIMIT ? undefined : body);
  },
);
