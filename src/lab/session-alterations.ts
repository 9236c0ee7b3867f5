/** How a message of a session is made to differ from what the specification asks for: rows of a table in a feature. */
import type { RequestChanges } from "../peer/im-client/requesting.ts";
import type { MessageAlteration } from "./alterations.ts";

type SessionMessage = Parameters<NonNullable<RequestChanges["message"]>>[0];

/** Fields of the SEND; all others are of the Message/CPIM wrapper. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set(["content-type", "message-id"]);

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** `Content-Type` and `Message-ID` are those of the SEND, other names those of the wrapper; an empty value takes a field of the wrapper away. */
export function alteredMessage(
  message: SessionMessage,
  { headers, body }: MessageAlteration,
): SessionMessage {
  const field = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const wrapper = headers.filter(([name]) => !OF_THE_REQUEST.has(name.toLowerCase()));
  const octets = body === undefined ? rewrapped(message.body, wrapper) : encoder.encode(body);
  const messageId = field("message-id") ?? message.messageId;
  return {
    ...message,
    contentType: field("content-type") ?? message.contentType,
    ...(messageId === undefined ? {} : { messageId }),
    body: octets,
  };
}

/** The wrapper's fields with these in their places; what it does not have comes last. */
function rewrapped(body: Uint8Array, fields: readonly (readonly [string, string])[]): Uint8Array {
  if (fields.length === 0) return body;
  const text = decoder.decode(body);
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, end).split("\r\n");
  const isOf = (line: string, name: string): boolean =>
    line.toLowerCase().startsWith(`${name.toLowerCase()}:`);
  const names = [...new Set(fields.map(([name]) => name))];
  const kept = lines.filter((line) => !names.some((name) => isOf(line, name)));
  const set = fields.flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`]));
  return encoder.encode([...kept, ...set].join("\r\n") + text.slice(end));
}
