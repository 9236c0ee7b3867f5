/**
 * Views of the header fields of a message. Compact forms are the same as long names.
 *
 * The typed ones give undefined, or leave an entry out, where a value cannot be read: peers must go on living with what a SUT sends, and
 * `validate.ts` names what is wrong with it. Whoever must tell "absent" from "malformed" asks `header` and the parser of the value.
 */
import { readable } from "./error.ts";
import {
  parseAcceptContact,
  parseAuthentication,
  parseCSeq,
  parseMediaType,
  parseProducts,
  parseTokenWithParams,
  parseVia,
  parseWarning,
} from "./fields.ts";
import type { AcceptContact, Challenge, CSeq, ParameterizedValue, Product, Via, Warning } from "./fields.ts";
import { splitOutsideQuotes } from "./grammar.ts";
import { canonicalName, isListField } from "./header-names.ts";
import type { HeaderField, SipMessage } from "./message.ts";
import { parseNameAddr } from "./name-addr.ts";
import type { NameAddr } from "./name-addr.ts";

/** The value of the first field of that name. */
export function header(message: SipMessage, name: string): string | undefined {
  const wanted = canonicalName(name);
  for (const field of message.headers)
    if (field.name === name || canonicalName(field.name) === wanted) return field.value;
  return undefined;
}

/** Every field line of that name, in order. */
export function headerFields(message: SipMessage, name: string): HeaderField[] {
  const wanted = canonicalName(name);
  const found: HeaderField[] = [];
  for (const field of message.headers)
    if (field.name === name || canonicalName(field.name) === wanted) found.push(field);
  return found;
}

/**
 * The values of every field of that name, in order. Fields that are lists by their grammar are split at commas (RFC 3261 7.3.1); those of
 * unknown fields stay whole.
 */
export function headerValues(message: SipMessage, name: string): string[] {
  const fields = headerFields(message, name);
  if (!isListField(name)) return fields.map((field) => field.value);
  return fields.flatMap((field) => (field.value === "" ? [] : splitOutsideQuotes(field.value, ",")));
}

/** An address with its tag. */
export interface Party extends NameAddr {
  readonly tag?: string;
}

/** The topmost Via: undefined when there is none, or when it cannot be read. */
export function viaOf(message: SipMessage): Via | undefined {
  const field = header(message, "Via");
  // A list with nothing in it is no value; of several the others are not looked at.
  const first = field === undefined || field === "" ? headerValues(message, "Via")[0] : firstOf(field);
  return first === undefined ? undefined : readable(() => parseVia(first));
}

function firstOf(list: string): string | undefined {
  return list.includes(",") ? splitOutsideQuotes(list, ",")[0] : list.trim();
}

export function vias(message: SipMessage): Via[] {
  return readAll(headerValues(message, "Via"), parseVia);
}

export function fromOf(message: SipMessage): Party | undefined {
  return readFirst(message, "From", parseParty);
}

export function toOf(message: SipMessage): Party | undefined {
  return readFirst(message, "To", parseParty);
}

export function callIdOf(message: SipMessage): string | undefined {
  return header(message, "Call-ID");
}

export function cseqOf(message: SipMessage): CSeq | undefined {
  return readFirst(message, "CSeq", parseCSeq);
}

/** The number of hops left; undefined when there is no such field. */
export function maxForwardsOf(message: SipMessage): number | undefined {
  return readFirst(message, "Max-Forwards", readNumber);
}

/** Contacts with an address; `Contact: *` has none (`isContactStar`). */
export function contactsOf(message: SipMessage): NameAddr[] {
  return addressesOf(message, "Contact");
}

/** RFC 3261 10.2.2: `Contact: *` removes every binding. */
export function isContactStar(message: SipMessage): boolean {
  return header(message, "Contact") === "*";
}

export function routesOf(message: SipMessage): NameAddr[] {
  return addressesOf(message, "Route");
}

export function recordRoutesOf(message: SipMessage): NameAddr[] {
  return addressesOf(message, "Record-Route");
}

/** RFC 3325 9.1 */
export function assertedIdentities(message: SipMessage): NameAddr[] {
  return addressesOf(message, "P-Asserted-Identity");
}

/** RFC 3325 9.2 */
export function preferredIdentities(message: SipMessage): NameAddr[] {
  return addressesOf(message, "P-Preferred-Identity");
}

/** The addresses in any field that lists them: Path, Service-Route, P-Associated-URI, Reply-To, Refer-To and the like. */
export function addressesOf(message: SipMessage, name: string): NameAddr[] {
  return readAll(headerValues(message, name), (value) => parseNameAddr(value));
}

export function warningsOf(message: SipMessage): Warning[] {
  return readAll(headerValues(message, "Warning"), parseWarning);
}

/** RFC 3841 9.2 */
export function acceptContactOf(message: SipMessage): AcceptContact[] {
  return readAll(headerValues(message, "Accept-Contact"), parseAcceptContact);
}

/** The media type of the body in lower case, with its parameters. */
export function contentTypeOf(message: SipMessage): ParameterizedValue | undefined {
  return readFirst(message, "Content-Type", parseMediaType);
}

export function contentDispositionOf(message: SipMessage): ParameterizedValue | undefined {
  return readFirst(message, "Content-Disposition", (value) =>
    parseTokenWithParams(value, "RFC 3261 20.11 Content-Disposition"),
  );
}

/** The values of Privacy in lower case (RFC 3323 4.2): `Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value)`. */
export function privacyOf(message: SipMessage): string[] {
  return headerValues(message, "Privacy").flatMap((value) => splitOutsideQuotes(value.toLowerCase(), ";"));
}

/** Seconds. */
export function expiresOf(message: SipMessage): number | undefined {
  return readFirst(message, "Expires", readNumber);
}

/** The event package, as sent (RFC 6665 8.2.1 compares it character by character), with parameters such as `id`. */
export function eventOf(message: SipMessage): ParameterizedValue | undefined {
  return readFirst(message, "Event", (value) => parseTokenWithParams(value, "RFC 6665 8.4 Event"));
}

/** `active`, `pending` or `terminated`, with `expires`, `reason`, `retry-after` (RFC 6665 8.4). */
export function subscriptionStateOf(message: SipMessage): ParameterizedValue | undefined {
  return readFirst(message, "Subscription-State", (value) =>
    parseTokenWithParams(value, "RFC 6665 8.4 Subscription-State"),
  );
}

/** Option tags or methods of Require, Supported, Unsupported, Proxy-Require, Allow, Allow-Events, as sent. */
export function tokensOf(message: SipMessage, name: string): string[] {
  return headerValues(message, name).filter((value) => value !== "");
}

/** The products of a User-Agent or Server value, without comments; empty when it cannot be read. */
export function userAgentProducts(value: string): Product[] {
  return readable(() => parseProducts(value)) ?? [];
}

/** What a 401 or 407 asks for: `WWW-Authenticate` or `Proxy-Authenticate`. */
export function challengesOf(message: SipMessage, name: string = "WWW-Authenticate"): Challenge[] {
  return readAll(headerValues(message, name), (value) => parseAuthentication(value));
}

/** What a request brings: `Authorization` or `Proxy-Authorization`. */
export function credentialsOf(message: SipMessage, name: string = "Authorization"): Challenge[] {
  return readAll(headerValues(message, name), (value) => parseAuthentication(value));
}

function parseParty(value: string): Party {
  const address = parseNameAddr(value);
  const tag = address.params.get("tag");
  return tag === undefined ? address : { ...address, tag };
}

/** RFC 3261 25.1 `delta-seconds = 1*DIGIT`, below 2**32 (20.19) */
function readNumber(value: string): number | undefined {
  const number = /^[0-9]+$/.test(value) ? Number(value) : undefined;
  return number === undefined || number >= 2 ** 32 ? undefined : number;
}

function readFirst<T>(message: SipMessage, name: string, read: (value: string) => T): T | undefined {
  const value = header(message, name);
  return value === undefined ? undefined : readable(() => read(value));
}

function readAll<T>(values: readonly string[], read: (value: string) => T): T[] {
  return values.flatMap((value) => {
    const found = readable(() => read(value));
    return found === undefined ? [] : [found];
  });
}
