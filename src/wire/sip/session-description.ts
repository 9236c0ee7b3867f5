/** The session description of a message: its body, or the part of a multipart body that is one (RFC 3261 13.2.1, RFC 3264, RFC 5621 3). */
import { parseMultipart } from "../mime/multipart.ts";
import { MimeError } from "../mime/mime-error.ts";
import { unquoted } from "./grammar.ts";
import { contentDispositionOf, contentTypeOf, header } from "./headers.ts";
import type { SipMessage } from "./message.ts";

/** A body and what its headers say of it. */
export interface Body {
  /** The value of Content-Type. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The value of Content-Disposition, where there is one. */
  readonly disposition?: string;
}

const SDP = "application/sdp";

export function sdpBody(text: string | Uint8Array): Body {
  return { contentType: SDP, bytes: typeof text === "string" ? Buffer.from(text) : text };
}

/**
 * The SDP of a message whose disposition is `session`, the default for SDP (RFC 3261 20.11). Undefined when there is none, or when it cannot be
 * found in what claims to be multipart.
 */
export function sessionDescriptionOf(message: SipMessage): Body | undefined {
  if (message.body.length === 0) return undefined;
  const type = contentTypeOf(message);
  const disposition = contentDispositionOf(message)?.type.toLowerCase() ?? "session";
  if (type?.type === SDP)
    return disposition === "session"
      ? { contentType: header(message, "Content-Type") ?? SDP, bytes: message.body }
      : undefined;
  return type?.type.startsWith("multipart/") === true ? descriptionIn(message.body, type) : undefined;
}

function descriptionIn(
  bytes: Uint8Array,
  type: { readonly type: string; readonly params: ReadonlyMap<string, string | undefined> },
): Body | undefined {
  // RFC 3261 25.1: the value of a parameter may be a quoted-string, and of a boundary often is.
  const params = new Map(
    [...type.params].map(([name, value]) => [name.toLowerCase(), value && unquoted(value)]),
  );
  try {
    const part = parseMultipart(bytes, { type: type.type, params }).find(
      ({ contentType, disposition }) =>
        contentType.type === SDP && (disposition === undefined || disposition.type === "session"),
    );
    return part === undefined ? undefined : { contentType: SDP, bytes: part.body };
  } catch (error) {
    if (error instanceof MimeError) return undefined;
    throw error;
  }
}

/** Whether two descriptions are the same to the byte: nothing has changed (RFC 3264 8, RFC 4028 7.4). */
export function sameDescription(a: Body | undefined, b: Body | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a.bytes, b.bytes) === 0;
}
