/** Messages to bytes (RFC 4975 9). What was read is written as it was read, mistakes and all. */
import { encodeText } from "../sip/text.ts";
import type { MsrpContent, MsrpFlag, MsrpFrame, MsrpHead } from "./message.ts";

const CRLF = Buffer.from("\r\n");

/**
 * Start line and header fields, and the empty line if something follows. A sender of a stream writes this, the body as it comes, and
 * `msrpEndLine`.
 */
export function serializeMsrpHead(head: MsrpHead, content: MsrpContent): Uint8Array {
  const lines = head.headers.map(({ name, separator, value }) => `${name}:${separator}${value}\r\n`);
  const text = `MSRP ${head.transactionId} ${afterIdentifier(head)}\r\n${lines.join("")}`;
  return encodeText(content === "none" ? text : `${text}\r\n`);
}

function afterIdentifier(head: MsrpHead): string {
  if (head.kind === "request") return head.method;
  const status = String(head.status).padStart(3, "0");
  return head.comment === undefined ? status : `${status} ${head.comment}`;
}

/** The end-line, and before it the CRLF that ends a body without being part of it. */
export function msrpEndLine(transactionId: string, flag: MsrpFlag, content: MsrpContent): Uint8Array {
  const line = Buffer.from(`-------${transactionId}${flag}\r\n`, "latin1");
  return content === "body" ? Buffer.concat([CRLF, line]) : line;
}

/** A whole message. `bodyBytes` is not looked at: the body is what `body` holds. */
export function serializeMsrp(frame: Pick<MsrpFrame, "head" | "content" | "body" | "flag">): Uint8Array {
  const { head, content, body = new Uint8Array(), flag } = frame;
  return Buffer.concat([
    serializeMsrpHead(head, content),
    content === "body" ? body : new Uint8Array(),
    msrpEndLine(head.transactionId, flag, content),
  ]);
}
