/**
 * The way of most messages through the parser: one look over the whole head, in which nothing unusual may come. Whatever is, a fold, a
 * character beyond ASCII, a control character, a bare line end, a line without colon, no empty line, sends the caller to `head.ts`, which
 * reads it or names the error. What both read they read alike.
 */
import { endOfText, trimmed } from "./head.ts";
import type { StartLine } from "./head.ts";
import { headerName } from "./header-names.ts";
import type { SipLimits } from "./limits.ts";
import type { HeaderField } from "./message.ts";

/**
 * `start-line *( message-header )` of RFC 3261 25.1 as far as it is plain: names that are tokens, values of printable ASCII, no line begins
 * with white space. One pattern for all lines costs less than a loop over them; each character fits in one place of it only, so it is linear.
 */
const PLAIN_HEAD = /[\t -~]*\r\n(?![\t ])(?:[!%'*+\-.0-9A-Z_`a-z~]+[\t ]*:[\t -~]*\r\n(?![\t ]))*/y;

/** Whether the text from `start` to its end is a plain start line and plain fields, each with its line end. */
export function isPlainHead(text: string, start: number): boolean {
  PLAIN_HEAD.lastIndex = start;
  return PLAIN_HEAD.test(text) && PLAIN_HEAD.lastIndex === text.length;
}

const REQUEST_LINE = /([!%'*+\-.0-9A-Z_`a-z~]+) ([!-~]+) SIP\/2\.0\r/y;
const STATUS_LINE = /SIP\/2\.0 ([0-9]{3}) ([\t -~]*)\r/y;

/** The start line of a plain head as every sender writes it; undefined when it is another, right or wrong. */
export function readPlainStartLine(text: string, start: number): StartLine | undefined {
  const version = "SIP/2.0";
  STATUS_LINE.lastIndex = start;
  const response = STATUS_LINE.exec(text);
  if (response !== null)
    return { kind: "response", version, status: Number(response[1]), reason: response[2] ?? "" };
  REQUEST_LINE.lastIndex = start;
  const request = REQUEST_LINE.exec(text);
  if (request === null) return undefined;
  return { kind: "request", method: request[1] ?? "", uri: request[2] ?? "", version };
}

/** The fields of which a plain head; `start` is that of the first one; undefined where there are too many, or one is too large. */
export function readPlainFields(text: string, start: number, limits: SipLimits): HeaderField[] | undefined {
  const fields: HeaderField[] = [];
  for (let at = start; at < text.length;) {
    const end = text.indexOf("\r\n", at);
    if (fields.length >= limits.headers || end + 2 - at > limits.headerBytes) return undefined;
    const colon = text.indexOf(":", at);
    const name = headerName(text.slice(at, endOfText(text, at, colon))).sent;
    fields.push({ name, value: trimmed(text, colon + 1, end), offset: at });
    at = end + 2;
  }
  return fields;
}
