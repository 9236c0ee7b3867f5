/** Message to bytes (RFC 3261 7, 25.1 `SIP-message`). */
import { headerName } from "./header-names.ts";
import type { HeaderField, ReceivedMessage, SipMessage } from "./message.ts";
import { encodeText } from "./text.ts";

/**
 * The bytes of a message: those received, as they were, unless it was edited since (then `edit.ts` dropped them); of an edited one those of the
 * fields that were not touched.
 */
export function serializeSip(message: SipMessage): Uint8Array {
  if (message.received !== undefined) return message.received;
  if (message.origin !== undefined) return serializeEdited(message, message.origin);
  return serializeMade(message);
}

function serializeMade(message: SipMessage): Uint8Array {
  const { headers, body } = message;
  let head = startLineOf(message);
  for (const { name, value } of headers) head += headerName(name).opening + value;
  head += "\r\n\r\n";
  if (Buffer.byteLength(head, "utf8") !== head.length) return Buffer.concat([encodeText(head), body]);
  // As many bytes as characters: ASCII, which needs no second look.
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 0, "latin1");
  bytes.set(body, head.length);
  return bytes;
}

/** The first line of a message, without its line end. */
export function startLineOf(message: SipMessage): string {
  return message.kind === "request"
    ? `${message.method} ${message.uri} ${message.version}`
    : `${message.version} ${statusText(message.status)} ${message.reason}`;
}

function statusText(status: number): string {
  return status > 99 ? String(status) : String(status).padStart(3, "0");
}

/** Made text, or octets of the message that was read, `from` one offset `to` another. */
type Piece = string | { readonly from: number; readonly to: number };

/** Fields that stand one after the other as they were received are copied in one piece, with the body if it follows as it was. */
function serializeEdited(message: SipMessage, origin: ReceivedMessage): Uint8Array {
  const { headers, body } = message;
  const pieces: Piece[] = [];
  let made = `${startLineOf(message)}\r\n`;
  for (let at = 0; at < headers.length;) {
    const field = headers[at] ?? NO_FIELD;
    const first = origin.headers.indexOf(field);
    const count = first === -1 ? 1 : countSame(headers, at, origin.headers, first);
    at += count;
    if (first === -1) {
      made += `${field.name}: ${field.value}\r\n`;
      continue;
    }
    const isRest = at === headers.length && first + count === origin.headers.length && body === origin.body;
    const to = isRest ? endOfBody(origin) : endOfFields(origin, first + count);
    pieces.push(made, { from: field.offset, to });
    if (isRest) return written(pieces, origin.received, NO_BODY);
    made = "";
  }
  pieces.push(`${made}\r\n`);
  return written(pieces, origin.received, body);
}

const NO_BODY = new Uint8Array(0);
const NO_FIELD: HeaderField = { name: "", value: "", offset: -1 };

/** How many fields from `at` on are those of the other list from `first` on. */
function countSame(
  headers: readonly HeaderField[],
  at: number,
  others: readonly HeaderField[],
  first: number,
): number {
  let count = 1;
  while (at + count < headers.length && headers[at + count] === others[first + count]) count += 1;
  return count;
}

function endOfBody({ body, received }: ReceivedMessage): number {
  return body.byteOffset - received.byteOffset + body.length;
}

/** Where the line of the field before `end` ends: where the next one begins, or the empty line. */
function endOfFields({ headers, body, received }: ReceivedMessage, end: number): number {
  return headers[end]?.offset ?? body.byteOffset - received.byteOffset - 2;
}

/** The pieces, those of octets out of `octets`, and the body. */
function written(pieces: readonly Piece[], octets: Uint8Array, body: Uint8Array): Uint8Array {
  let length = body.length;
  for (const piece of pieces) {
    length += typeof piece === "string" ? piece.length : piece.to - piece.from;
    // As many bytes as characters: ASCII, which needs no second look.
    if (typeof piece === "string" && Buffer.byteLength(piece, "utf8") !== piece.length)
      return encoded(pieces, octets, body);
  }
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") at += bytes.write(piece, at, "latin1");
    else {
      bytes.set(octets.subarray(piece.from, piece.to), at);
      at += piece.to - piece.from;
    }
  }
  if (body.length > 0) bytes.set(body, at);
  return bytes;
}

function encoded(pieces: readonly Piece[], octets: Uint8Array, body: Uint8Array): Uint8Array {
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? encodeText(piece) : octets.subarray(piece.from, piece.to),
  );
  return Buffer.concat([...parts, body]);
}
