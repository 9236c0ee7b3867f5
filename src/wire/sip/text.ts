/**
 * Between the bytes of a header and the text of its value, without loss.
 *
 * RFC 3261 25.1 writes header values in UTF-8 but lets stray continuation bytes through (`header-value`). A byte that is not part of
 * valid UTF-8 becomes the lone surrogate U+DC80..U+DCFF, and goes back to what it was when the text is written.
 */
import { isUtf8 } from "node:buffer";

const SURROGATE_ESCAPE = 0xdc00;

/** Decodes a string that holds one byte per character (`latin1`). */
export function decodeBytes(binary: string): string {
  const bytes = Buffer.from(binary, "latin1");
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    text +=
      length === 0
        ? String.fromCharCode(SURROGATE_ESCAPE | (bytes[at] ?? 0))
        : bytes.toString("utf8", at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at`; 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Encodes text in UTF-8, escaped bytes as they were. */
export function encodeText(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const escaped = code >= 0xdc80 && code <= 0xdcff;
    parts.push(escaped ? Buffer.of(code & 0xff) : Buffer.from(character, "utf8"));
  }
  return Buffer.concat(parts);
}
