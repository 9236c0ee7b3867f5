import type { HttpMessage } from "./message.ts";

/** The bytes of a message: those received, if it came from the wire; else its head and its body as they are. */
export function serializeHttp(message: HttpMessage): Uint8Array {
  if (message.received !== undefined) return message.received;
  const start =
    message.kind === "request"
      ? `${message.method} ${message.target} HTTP/${message.version}`
      : `HTTP/${message.version} ${message.status} ${message.reason}`;
  const lines = message.headers.map(({ name, value }) => `${name}: ${value}\r\n`).join("");
  return new Uint8Array(Buffer.concat([Buffer.from(`${start}\r\n${lines}\r\n`, "utf8"), message.body]));
}
