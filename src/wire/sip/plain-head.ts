/**
 * The way of most messages through the parser: one look over the whole head, in which nothing unusual may come. Whatever is, a fold, a
 * character beyond ASCII, a control character, a bare line end, a line without colon, no empty line, sends the caller to `head.ts`, which
 * reads it or names the error. What both read they read alike.
 */
import { trimmed } from "./head.ts";
import type { StartLine } from "./head.ts";
import { sharedName } from "./header-names.ts";
import type { SipLimits } from "./limits.ts";
import type { HeaderField } from "./message.ts";

/**
 * `start-line *( message-header )` of RFC 3261 25.1 as far as it is plain: names that are tokens up to the colon, values of printable ASCII, so
 * that no line begins with white space. One pattern for all lines costs less than a loop over them; each character fits in one place of it
 * only, so it is linear.
 */
const PLAIN_HEAD = /[ -~]*\r\n(?:[!%'*+\-.0-9A-Z_`a-z~]+:[ -~]*\r\n)*/y;

/** Whether the text from `start` to its end is a plain start line and plain fields, each with its line end. */
export function isPlainHead(text: string, start: number): boolean {
  PLAIN_HEAD.lastIndex = start;
  return PLAIN_HEAD.test(text) && PLAIN_HEAD.lastIndex === text.length;
}

const REQUEST_LINE = /([!%'*+\-.0-9A-Z_`a-z~]+) ([!-~]+) SIP\/2\.0\r/y;
const STATUS_LINE = /SIP\/2\.0 ([0-9]{3}) ([ -~]*)\r/y;

/** The start line of a plain head as every sender writes it; undefined when it is another, right or wrong. */
export function readPlainStartLine(text: string, start: number): StartLine | undefined {
  const version = "SIP/2.0";
  const isResponse = text.startsWith("SIP/", start);
  const pattern = isResponse ? STATUS_LINE : REQUEST_LINE;
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, first = "", second = ""] = found;
  return isResponse
    ? { kind: "response", version, status: Number(first), reason: second }
    : { kind: "request", method: first, uri: second, version };
}

/** The fields of a plain head from `start`, where the first one begins, to the end of the text; undefined where there are too many, or one is too large. */
export function readPlainFields(text: string, start: number, limits: SipLimits): HeaderField[] | undefined {
  const fields: HeaderField[] = [];
  for (let at = start; at < text.length;) {
    const end = text.indexOf("\r\n", at);
    if (fields.length >= limits.headers || end + 2 - at > limits.headerBytes) return undefined;
    const colon = text.indexOf(":", at);
    const name = sharedName(text.slice(at, colon));
    fields.push({ name, value: trimmed(text, colon + 1, end), offset: at });
    at = end + 2;
  }
  return fields;
}
