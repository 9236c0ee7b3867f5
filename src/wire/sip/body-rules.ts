/** How the body and the header fields that describe it agree. */
import { excerpt, readOrError, SipParseError } from "./error.ts";
import { parseMediaType } from "./fields.ts";
import { cseqOf, header, headerFields } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { skipLineEnds } from "./parse.ts";
import { inField, inFirst, inMessage } from "./violation.ts";
import type { Violation } from "./violation.ts";

/** RFC 3261 20.14: the length of the body; 20.15: its type, whenever there is one; RFC 2046 5.1.1: boundary. */
export function bodyViolations(message: SipMessage): Violation[] {
  const found = [...contentLength(message), ...forbiddenBody(message)];
  const [type] = headerFields(message, "Content-Type");
  if (type === undefined) {
    if (message.body.length > 0) {
      found.push(
        inMessage(
          "content-type-missing",
          "RFC 3261 20.15",
          "expected Content-Type with a body",
          bodyOffset(message),
        ),
      );
    }
    return found;
  }
  const media = readOrError(() => parseMediaType(type.value));
  if (
    !(media instanceof SipParseError) &&
    media.type.startsWith("multipart/") &&
    !media.params.has("boundary")
  ) {
    found.push(
      inField(message, type, "content-type-boundary", "RFC 2046 5.1.1", "expected a boundary of multipart"),
    );
  }
  return found;
}

function contentLength(message: SipMessage): Violation[] {
  const stated = header(message, "Content-Length");
  const actual =
    message.received === undefined ? message.body.length : message.received.length - bodyOffset(message);
  if (stated === undefined || Number(stated) === actual) return [];
  // A receiver drops what stands behind the body (18.3); a sender has no business sending it.
  const what = `expected ${actual}, which follow the header fields in the datagram, got ${excerpt(stated)}`;
  return inFirst(message, "Content-Length", "content-length", "RFC 3261 18.3, 20.14", what);
}

/** RFC 3428 7: "A 2xx response to a MESSAGE request MUST NOT contain a body." */
function forbiddenBody(message: SipMessage): Violation[] {
  const success = message.kind === "response" && message.status >= 200 && message.status < 300;
  if (!success || message.body.length === 0 || cseqOf(message)?.method !== "MESSAGE") return [];
  return [
    inMessage("body-forbidden", "RFC 3428 7", "expected no body in a 2xx to MESSAGE", bodyOffset(message)),
  ];
}

/** Where the body begins; -1 in a message that was not received. */
function bodyOffset(message: SipMessage): number {
  const { received } = message;
  if (received === undefined) return -1;
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  const lastField = message.headers.at(-1)?.offset ?? skipLineEnds(bytes);
  return bytes.indexOf("\r\n\r\n", lastField) + 4;
}
