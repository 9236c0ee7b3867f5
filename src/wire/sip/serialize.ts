/** Message to bytes (RFC 3261 7, 25.1 `SIP-message`). */
import type { SipMessage } from "./message.ts";
import { encodeText } from "./text.ts";

/** The bytes of a message: those received, as they were, unless it was edited since (then `edit.ts` dropped them). */
export function serializeSip(message: SipMessage): Uint8Array {
  return message.received ?? Buffer.concat([encodeText(headOf(message)), message.body]);
}

/** The first line of a message, without its line end. */
export function startLineOf(message: SipMessage): string {
  return message.kind === "request"
    ? `${message.method} ${message.uri} ${message.version}`
    : `${message.version} ${String(message.status).padStart(3, "0")} ${message.reason}`;
}

function headOf(message: SipMessage): string {
  let head = `${startLineOf(message)}\r\n`;
  for (const { name, value } of message.headers) head += `${name}: ${value}\r\n`;
  return `${head}\r\n`;
}
