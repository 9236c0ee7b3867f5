/**
 * Bytes of a message as they stand in the record. Text stays readable, other bytes are base64, and of a message whose body is above the
 * limit only its ends are kept, with digest and length of the whole.
 */
import { createHash } from "node:crypto";
import type { RecordedBytes } from "./event.ts";

/** Bodies (and header sections) above so many bytes are cut. */
export const DEFAULT_BODY_LIMIT = 64 * 1024;

/** How many bytes of a cut body are kept at each end. */
const KEPT_END = 2 * 1024;

/** A restored message is never longer than this, whatever length a record claims. */
const RESTORE_LIMIT = 64 * 1024 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `limit` is in bytes and holds for the body; a header section above it is cut as well. */
export function encodeBytes(bytes: Uint8Array, limit: number = DEFAULT_BODY_LIMIT): RecordedBytes {
  const bodyStart = endOfHeaders(bytes);
  const tooLong = bodyStart > limit || bytes.length - bodyStart > limit;
  if (tooLong) return cut(bytes, bodyStart, limit);
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { base64: Buffer.from(bytes).toString("base64") };
  }
}

/**
 * The bytes as they were; the lost middle of a cut message reads as NUL bytes, so that lengths and offsets stay true. Above 64 MiB the
 * middle is left out.
 */
export function decodeBytes(recorded: RecordedBytes): Uint8Array {
  if ("text" in recorded) return new Uint8Array(Buffer.from(recorded.text, "utf8"));
  if ("base64" in recorded) return new Uint8Array(Buffer.from(recorded.base64, "base64"));
  const { head, tail } = endsOf(recorded);
  const gap = recorded.length - head.length - tail.length;
  const length = recorded.length <= RESTORE_LIMIT && gap > 0 ? recorded.length : head.length + tail.length;
  const whole = new Uint8Array(length);
  whole.set(head, 0);
  whole.set(tail, length - tail.length);
  return whole;
}

/** Length of the message in bytes, also where it was cut. */
export function lengthOf(recorded: RecordedBytes): number {
  if ("length" in recorded) return recorded.length;
  return "text" in recorded
    ? Buffer.byteLength(recorded.text, "utf8")
    : Buffer.byteLength(recorded.base64, "base64");
}

/** How many characters the record keeps of it, about as many as bytes. */
export function keptLength(recorded: RecordedBytes): number {
  if ("text" in recorded) return recorded.text.length;
  return "base64" in recorded ? recorded.base64.length : recorded.head.length + recorded.tail.length;
}

/** Whether the middle of the message is lost. */
export function isCut(recorded: RecordedBytes): recorded is Extract<RecordedBytes, { sha256: string }> {
  return "sha256" in recorded;
}

/** The ends that are kept of a cut message. They stand in the record with one character a byte. */
export function endsOf(cut: Extract<RecordedBytes, { sha256: string }>): {
  head: Uint8Array;
  tail: Uint8Array;
} {
  return {
    head: new Uint8Array(Buffer.from(cut.head, "latin1")),
    tail: new Uint8Array(Buffer.from(cut.tail, "latin1")),
  };
}

function cut(bytes: Uint8Array, bodyStart: number, limit: number): RecordedBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The whole header section stays, so that the message can still be judged by its header fields.
  const headEnd = Math.min(bodyStart > limit ? KEPT_END : bodyStart + KEPT_END, bytes.length);
  const tailStart = Math.max(headEnd, bytes.length - KEPT_END);
  return {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    length: bytes.length,
    head: buffer.toString("latin1", 0, headEnd),
    tail: buffer.toString("latin1", tailStart),
  };
}

/** Offset of the first byte of the body; 0 where there is no empty line, so that all of it counts as body. */
function endOfHeaders(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("\r\n\r\n");
  return at < 0 ? 0 : at + 4;
}
