/** Descriptions for tests. */
import { parseSdp } from "./parse.ts";
import type { SdpDescription } from "./description.ts";

const SESSION: readonly string[] = [
  "v=0",
  "o=alice 2890844526 2890844527 IN IP4 alice.example.com",
  "s= ",
  "c=IN IP4 alice.example.com",
  "t=0 0",
];

export const OFFER_MEDIA: readonly [string, string, string] = [
  "m=message 7394 TCP/MSRP *",
  "a=accept-types:message/cpim text/plain text/html",
  "a=path:msrp://alice.example.com:7394/2s93i93idj;tcp",
];

const ANSWER_SESSION: readonly string[] = [
  "v=0",
  "o=bob 2890844530 2890844532 IN IP4 bob.example.com",
  "s= ",
  "c=IN IP4 bob.example.com",
  "t=0 0",
];

export const ANSWER_MEDIA: readonly [string, string, string] = [
  "m=message 8493 TCP/MSRP *",
  "a=accept-types:message/cpim text/plain",
  "a=path:msrp://bob.example.com:8493/si438dsaodes;tcp",
];

export function sdpBytes(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(""));
}

export const offerLines = (media: readonly string[] = OFFER_MEDIA): string[] => [...SESSION, ...media];
export const answerLines = (media: readonly string[] = ANSWER_MEDIA): string[] => [
  ...ANSWER_SESSION,
  ...media,
];

export const offer = (media?: readonly string[]): SdpDescription => parseSdp(sdpBytes(offerLines(media)));
export const answer = (media?: readonly string[]): SdpDescription => parseSdp(sdpBytes(answerLines(media)));
