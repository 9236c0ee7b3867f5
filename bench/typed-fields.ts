/** Every header field of a message in typed form, in one pass. */
import * as fields from "../src/wire/sip/fields.ts";
import { splitOutsideQuotes } from "../src/wire/sip/grammar.ts";
import { headerName } from "../src/wire/sip/header-names.ts";
import type { SipMessage } from "../src/wire/sip/message.ts";
import { parseNameAddr } from "../src/wire/sip/name-addr.ts";
import { parseSipUri, parseTelUri } from "../src/wire/sip/uri.ts";

type Reader = (value: string) => unknown;

const address: Reader = (value) => {
  const { displayName, uri, params } = parseNameAddr(value);
  return { displayName, uri: uri.startsWith("tel:") ? parseTelUri(uri) : parseSipUri(uri), params };
};
const parameterized =
  (clause: string): Reader =>
  (value) =>
    fields.parseTokenWithParams(value, clause);
const text: Reader = (value) => value;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["via", fields.parseVia],
  ["from", address],
  ["to", address],
  ["contact", address],
  ["route", address],
  ["record-route", address],
  ["path", address],
  ["refer-to", address],
  ["referred-by", address],
  ["p-asserted-identity", address],
  ["p-preferred-identity", address],
  ["cseq", fields.parseCSeq],
  ["content-length", Number],
  ["max-forwards", Number],
  ["expires", Number],
  ["content-type", fields.parseMediaType],
  ["warning", fields.parseWarning],
  ["accept-contact", fields.parseAcceptContact],
  ["user-agent", (value) => fields.parseProducts(value)],
  ["server", (value) => fields.parseProducts(value)],
  ["event", parameterized("RFC 6665 8.4 Event")],
  ["subscription-state", parameterized("RFC 6665 8.4 Subscription-State")],
  ["session-expires", parameterized("RFC 4028 4 Session-Expires")],
  ["min-se", parameterized("RFC 4028 5 Min-SE")],
  ["p-access-network-info", parameterized("RFC 7315 5.4 P-Access-Network-Info")],
]);

interface Typing {
  readonly read: Reader;
  readonly isList: boolean;
}

/** By name as sent, so that a field costs one look. */
const TYPINGS = new Map<string, Typing>();

function typingOf(sent: string): Typing {
  const { canonical, isList } = headerName(sent);
  const typing = { read: READERS.get(canonical) ?? text, isList };
  TYPINGS.set(sent, typing);
  return typing;
}

/** The Request-URI and every header field. */
export function typedFields(message: SipMessage): unknown[] {
  const found: unknown[] = [message.kind === "request" ? parseSipUri(message.uri) : undefined];
  for (const { name, value } of message.headers) {
    const { read, isList } = TYPINGS.get(name) ?? typingOf(name);
    if (!isList || !value.includes(",")) found.push(read(value));
    else for (const entry of splitOutsideQuotes(value, ",")) found.push(read(entry));
  }
  return found;
}
