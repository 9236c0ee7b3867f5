/** Which header fields a B2BUA carries from one dialog to the other. */
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { canonicalName } from "../../../wire/sip/header-names.ts";
import { contentDispositionOf, header } from "../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import type { Body } from "../../../wire/sip/session-description.ts";

/** Of one hop, of one dialog, or of what an end can do: each leg has its own (RFC 3261 20, RFC 3262, RFC 4028). */
const OF_ONE_LEG: ReadonlySet<string> = new Set([
  "via",
  "route",
  "record-route",
  "from",
  "to",
  "call-id",
  "cseq",
  "max-forwards",
  "contact",
  "supported",
  "allow",
  "session-expires",
  "min-se",
  "rseq",
  "rack",
  "replaces",
  "content-length",
  "content-type",
  "content-disposition",
]);
/** A response speaks for its own end. */
const OF_THE_RESPONDER: ReadonlySet<string> = new Set(["server", "require"]);

export function carriedHeaders(message: SipMessage, without: readonly string[] = []): HeaderPair[] {
  const left = new Set(without.map((name) => canonicalName(name)));
  return message.headers.flatMap(({ name, value }): HeaderPair[] => {
    const canonical = canonicalName(name);
    const own = OF_ONE_LEG.has(canonical) || (message.kind === "response" && OF_THE_RESPONDER.has(canonical));
    return own || left.has(canonical) ? [] : [[name, value]];
  });
}

/** The body as it came, with what the headers say of it. */
export function bodyOf(message: SipMessage): Body | undefined {
  const contentType = header(message, "Content-Type");
  if (message.body.length === 0 || contentType === undefined) return undefined;
  const disposition = contentDispositionOf(message) && header(message, "Content-Disposition");
  return { contentType, bytes: message.body, ...(disposition === undefined ? {} : { disposition }) };
}

/** The body with other bytes in the place of those of one of its parts. */
export function withPart(body: Body, part: Uint8Array, replacement: Uint8Array): Body {
  const whole = Buffer.from(body.bytes);
  const at = whole.indexOf(part);
  if (at === -1 || part.length === 0) return body;
  return {
    ...body,
    bytes: Buffer.concat([whole.subarray(0, at), replacement, whole.subarray(at + part.length)]),
  };
}

/** Pairs that a decision left out are no headers. */
export function present(pairs: readonly (readonly [string, string | undefined])[]): HeaderPair[] {
  return pairs.filter((pair): pair is HeaderPair => pair[1] !== undefined);
}
