/** Credentials in a message: what must not leave the lab with a report. The trace itself stays complete. */
import { decodeBytes, encodeBytes, isCut } from "../trace/bytes.ts";
import type { RecordedBytes } from "../trace/event.ts";

/** Offsets in bytes; `to` is the byte after the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const CREDENTIAL_LINE =
  /^(?:proxy-)?authoriz?ation[ \t]*:|^authentication-info[ \t]*:|^(?:set-)?cookie[ \t]*:/i;
const DIGEST_SECRET = /\b(?:response|rspauth|auts)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"?|[^\s,]+)/gi;
const OTHER_SCHEME = /:[ \t]*(?:(?!digest\b)[\w-]+[ \t]+)?(.+)$/i;

/** What to hide in a header section. */
export function credentialRanges(headers: Uint8Array): readonly ByteRange[] {
  // One character a byte, so that positions in the text are offsets.
  const text = Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength).toString("latin1");
  const ranges: ByteRange[] = [];
  for (const line of text.matchAll(/[^\r\n]+(?:\r?\n[ \t][^\r\n]*)*/g)) {
    if (CREDENTIAL_LINE.test(line[0]))
      ranges.push(
        ...secretsOf(line[0]).map(({ from, to }) => ({ from: line.index + from, to: line.index + to })),
      );
  }
  return ranges;
}

function secretsOf(line: string): readonly ByteRange[] {
  if (/:[ \t]*digest\b/i.test(line) || /^authentication-info/i.test(line)) {
    return [...line.matchAll(DIGEST_SECRET)].map((found) => endingOf(found, found[1] ?? ""));
  }
  const other = OTHER_SCHEME.exec(line);
  return other === null ? [] : [endingOf(other, other[1] ?? "")];
}

function endingOf(found: RegExpMatchArray, secret: string): ByteRange {
  const to = (found.index ?? 0) + found[0].length;
  return { from: to - secret.length, to };
}

/** The same message with credentials (and the body, if so wished) overwritten. Length and all offsets stay. */
export function withoutCredentials(recorded: RecordedBytes, hideBody = false): RecordedBytes {
  if (isCut(recorded)) {
    const head = Buffer.from(recorded.head, "latin1");
    const tail = hideBody ? "x".repeat(recorded.tail.length) : recorded.tail;
    return { ...recorded, head: overwritten(head, hideBody).toString("latin1"), tail };
  }
  return encodeBytes(overwritten(Buffer.from(decodeBytes(recorded)), hideBody), Number.POSITIVE_INFINITY);
}

function overwritten(bytes: Buffer, hideBody: boolean): Buffer {
  const end = bytes.indexOf("\r\n\r\n");
  const bodyFrom = end < 0 ? bytes.length : end + 4;
  for (const { from, to } of credentialRanges(bytes.subarray(0, bodyFrom))) bytes.fill("x", from, to);
  return hideBody ? bytes.fill("x", bodyFrom) : bytes;
}
