/** Conforming messages for tests, and ways to spoil them. */
import { parseSip } from "../parse.ts";
import { violations } from "../validate.ts";
import type { ValidationContext } from "../validate.ts";

/** A conforming request of each kind, as lines; a case changes, adds or removes lines of it. */
const COMMON = [
  "Via: SIP/2.0/UDP client.example.com;branch=z9hG4bKa",
  'From: "Alice" <sip:alice@example.com>;tag=1',
  "To: <sip:bob@example.com>",
  "Call-ID: a84b4c76e66710@client.example.com",
];
export const MESSAGE = [
  "MESSAGE sip:bob@example.com SIP/2.0",
  ...COMMON,
  "CSeq: 1 MESSAGE",
  "Max-Forwards: 70",
  "Content-Type: text/plain",
  "Content-Length: 2",
];
export const REGISTER = [
  "REGISTER sip:example.com SIP/2.0",
  ...COMMON,
  "CSeq: 1 REGISTER",
  "Max-Forwards: 70",
  "Content-Length: 0",
];
export const SUBSCRIBE = [
  "SUBSCRIBE sip:bob@example.com SIP/2.0",
  ...COMMON,
  "CSeq: 1 SUBSCRIBE",
  "Max-Forwards: 70",
  "Content-Length: 0",
];
export const OK = [
  "SIP/2.0 200 OK",
  ...COMMON.with(2, "To: <sip:bob@example.com>;tag=2"),
  "CSeq: 1 MESSAGE",
  "Content-Length: 0",
];

export type Change = string | RegExp | [RegExp, string];

/** A text is a line to add before the last; a pattern removes a line; a pair replaces within lines. */
export function changed(lines: readonly string[], changes: readonly Change[]): string[] {
  let result = [...lines];
  for (const change of changes) {
    if (typeof change === "string") result.splice(-1, 0, change);
    else if (change instanceof RegExp) result = result.filter((line) => !change.test(line));
    else result = result.map((line) => line.replace(change[0], change[1]));
  }
  return result;
}

/** What is found in a message of these lines, as `code header`. */
export function found(lines: readonly string[], body: string, context?: ValidationContext): string[] {
  const message = parseSip(Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "latin1"));
  return violations(message, context).map(({ code, header }) => (header === "" ? code : `${code} ${header}`));
}
