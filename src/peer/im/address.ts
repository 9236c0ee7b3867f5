/** Addresses as the functions compare them: without parameters, and without the differences that RFC 3261 19.1.4 overlooks. */
import type { Address } from "../../net/network.ts";
import { parseNameAddr } from "../../wire/sip/name-addr.ts";
import { SipParseError } from "../../wire/sip/error.ts";
import { assertedIdentities, fromOf, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";

/** A key that two spellings of one address of record share; what cannot be read is its own key. */
export function addressKey(uri: string): string {
  if (/^tel:/i.test(uri)) return telephoneKey(uri);
  const parsed = sipUriOf(uri);
  if (parsed === undefined) return uri.trim();
  const port = parsed.port === undefined ? "" : `:${parsed.port}`;
  return `sip:${parsed.user ?? ""}@${parsed.host.toLowerCase()}${port}`;
}

/** RFC 3966 4: visual separators mean nothing. */
function telephoneKey(uri: string): string {
  const number = uri.replace(/^tel:/i, "").split(";", 1)[0] ?? "";
  return `tel:${number.replaceAll(/[-.()]/g, "")}`;
}

export function sameAddress(one: string, other: string): boolean {
  return addressKey(one) === addressKey(other);
}

/** The URI of a name-addr or addr-spec; `undefined` when it cannot be read. */
export function uriOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return parseNameAddr(value).uri;
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

export function fromUri(message: SipMessage): string | undefined {
  return fromOf(message)?.uri;
}

export function toUri(message: SipMessage): string | undefined {
  return toOf(message)?.uri;
}

/** The SIP identity that a trusted core asserted, else the telephone number. */
export function assertedUri(message: SipMessage): string | undefined {
  const uris = assertedIdentities(message).map((identity) => identity.uri);
  return uris.find((uri) => /^sips?:/i.test(uri)) ?? uris[0];
}

/** The URI without its parameters and headers: a list's address without `sessiontype`, say. */
export function withoutParameters(uri: string): string {
  // RFC 3261 25.1: in the user part these characters are its own.
  return /^(?:[^@]*@)?[^;?]*/.exec(uri)?.[0] ?? uri;
}

/** Where an `http` URL is served; `undefined` when it is none. */
export function addressOfUrl(url: string): Address | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  return { host: hostname.replaceAll(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
}
