/** HTTP messages of a trace (XCAP). Split only as far as checks need it; a message that is no HTTP has its first line and nothing else. */
import { decodeBytes } from "./bytes.ts";
import type { Crossed } from "./event.ts";
import type { HttpRecord } from "./scenario-trace.ts";

export function readHttpRecord(event: Crossed): HttpRecord {
  const { seq, at, node, peer, peerIsSut, direction } = event;
  return { seq, at, node, peer, peerIsSut, direction, ...splitHttp(decodeBytes(event.bytes)) };
}

export interface HttpParts {
  readonly startLine: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** Never fails: what cannot be read is left out. A chunked body is put together (RFC 9112 7.1). */
export function splitHttp(bytes: Uint8Array): HttpParts {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf("\r\n\r\n");
  const head = buffer.toString("latin1", 0, end < 0 ? buffer.length : end);
  const [startLine = "", ...lines] = head.split("\r\n");
  if (end < 0) return { startLine, headers: [], body: new Uint8Array() };
  const headers = lines.flatMap(readHeader);
  const body = new Uint8Array(buffer.subarray(end + 4));
  return { startLine, headers, body: isChunked(headers) ? joinChunks(body) : body };
}

function readHeader(line: string): readonly (readonly [string, string])[] {
  const colon = line.indexOf(":");
  return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
}

function isChunked(headers: HttpParts["headers"]): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === "transfer-encoding" && /\bchunked\s*$/i.test(value),
  );
}

function joinChunks(body: Uint8Array): Uint8Array {
  const buffer = Buffer.from(body);
  const chunks: Buffer[] = [];
  for (let at = 0; at < buffer.length;) {
    const lineEnd = buffer.indexOf("\r\n", at);
    const size = /^[0-9a-fA-F]{1,8}/.exec(buffer.toString("latin1", at, lineEnd < 0 ? at : lineEnd))?.[0];
    const length = size === undefined ? 0 : Number.parseInt(size, 16);
    if (length === 0) break;
    chunks.push(buffer.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return new Uint8Array(Buffer.concat(chunks));
}
