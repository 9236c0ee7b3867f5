/** Message to bytes (RFC 3261 7, 25.1 `SIP-message`). */
import type { SipMessage } from "./message.ts";
import { encodeText } from "./text.ts";

/** The bytes of a message: those received, as they were, unless it was edited since (then `edit.ts` dropped them). */
export function serializeSip(message: SipMessage): Uint8Array {
  return message.received ?? written(headOf(message), message.body);
}

function written(head: string, body: Uint8Array): Uint8Array {
  // As many bytes as characters: ASCII, which needs no second look.
  if (Buffer.byteLength(head, "utf8") !== head.length) return Buffer.concat([encodeText(head), body]);
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

function headOf(message: SipMessage): string {
  let head = `${startLineOf(message)}\r\n`;
  for (const { name, value } of message.headers) head += `${name}: ${value}\r\n`;
  return `${head}\r\n`;
}
