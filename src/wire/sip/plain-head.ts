/**
 * The way of most messages through the parser: one pass over the octets of the head, in which nothing unusual may come. Whatever is, a
 * fold, a character beyond ASCII, a control character, a bare line end, a line without colon, no empty line, sends the caller to `head.ts`,
 * which reads it or names the error. What both read they read alike.
 */
import { endOfText, trimmed } from "./head.ts";
import { headerName } from "./header-names.ts";
import type { SipLimits } from "./limits.ts";
import type { HeaderField } from "./message.ts";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DELETE = 0x7f;

/**
 * For each line up to the empty one the offsets of its first colon, -1 when it has none, and of its line end: two numbers a line, the start
 * line first. Undefined when the head is not plain.
 */
export function plainLines(bytes: Uint8Array, start: number, end: number): number[] | undefined {
  const marks: number[] = [];
  let colon = -1;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= SPACE && byte < DELETE) {
      if (byte === COLON && colon === -1) colon = at;
    } else if (byte === CR) {
      if (at + 3 >= end || bytes[at + 1] !== LF) return undefined;
      marks.push(colon, at);
      const next = bytes[at + 2];
      if (next === CR) return bytes[at + 3] === LF ? marks : undefined;
      if (next === SPACE || next === TAB) return undefined;
      colon = -1;
      at += 1;
    } else if (byte !== TAB) return undefined;
  }
  return undefined;
}

/** The fields of plain lines; undefined where one is not a field, or is too large. */
export function readPlainFields(
  text: string,
  marks: readonly number[],
  limits: SipLimits,
): HeaderField[] | undefined {
  const fields: HeaderField[] = [];
  let offset = (marks[1] ?? 0) + 2;
  for (let mark = 2; mark < marks.length; mark += 2) {
    const colon = marks[mark] ?? -1;
    const end = marks[mark + 1] ?? 0;
    if (colon === -1 || end + 2 - offset > limits.headerBytes) return undefined;
    const name = headerName(text.slice(offset, endOfText(text, offset, colon)));
    if (!name.isToken) return undefined;
    fields.push({ name: name.sent, value: trimmed(text, colon + 1, end), offset });
    offset = end + 2;
  }
  return fields;
}
