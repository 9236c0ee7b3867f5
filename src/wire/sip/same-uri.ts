/** When two URIs are the same (RFC 3261 19.1.4, RFC 3966 4). */
import { sipUriOf, telUriOf } from "./parse-uri.ts";
import type { SipUri, TelUri } from "./parse-uri.ts";
import type { Params } from "./grammar.ts";

/**
 * RFC 3261 19.1.4 for SIP and SIPS URIs, RFC 3966 4 for tel URIs. Two URIs of other schemes, or that cannot be read, are the same when
 * their characters are. Not transitive, as 19.1.4 notes.
 */
export function sameUri(a: string, b: string): boolean {
  return compareUris(a, b, sameSipUri, sameTelUri);
}

/**
 * Whether two URIs name the same user: scheme, user, host and port by the rules of 19.1.4, nothing else looked at (RFC 3261 10.3 step 5
 * strips parameters likewise). Telephone numbers keep their `phone-context`.
 */
export function sameAddressOfRecord(a: string, b: string): boolean {
  return compareUris(a, b, sameSipUser, (x, y) => sameNumber(x, y) && sameContext(x, y));
}

function compareUris(
  a: string,
  b: string,
  sip: (a: SipUri, b: SipUri) => boolean,
  tel: (a: TelUri, b: TelUri) => boolean,
): boolean {
  if (a === b) return true;
  const [sipA, sipB] = [sipUriOf(a), sipUriOf(b)];
  if (sipA !== undefined && sipB !== undefined) return sip(sipA, sipB);
  const [telA, telB] = [telUriOf(a), telUriOf(b)];
  return telA !== undefined && telB !== undefined && tel(telA, telB);
}

function sameSipUri(a: SipUri, b: SipUri): boolean {
  return (
    sameSipUser(a, b) && same(a.password, b.password) && sameParams(a.params, b.params) && sameHeaders(a, b)
  );
}

function sameSipUser(a: SipUri, b: SipUri): boolean {
  const hosts = a.host.toLowerCase() === b.host.toLowerCase();
  return a.scheme === b.scheme && hosts && a.port === b.port && same(a.user, b.user);
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : plain(a) === plain(b);
}

/** RFC 2396 2.2 `reserved` */
const RESERVED = ";/?:@&=+$,";

/** "Characters other than those in the reserved set are equivalent to their "%" HEX HEX encoding." */
function plain(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return character < "\x7f" && !RESERVED.includes(character) ? character : escape.toUpperCase();
  });
}

/**
 * Parameters that count even when only one URI has them: user, ttl, method and maddr; and transport, of which the same clause says that
 * a URI without it does not match one that has it.
 */
const NEVER_IGNORED = ["user", "ttl", "method", "maddr", "transport"];

function sameParams(a: Params, b: Params): boolean {
  for (const name of NEVER_IGNORED) {
    if (a.has(name) !== b.has(name)) return false;
  }
  for (const [name, value] of a) {
    if (b.has(name) && !sameIgnoringCase(value, b.get(name))) return false;
  }
  return true;
}

function sameIgnoringCase(a: string | undefined, b: string | undefined): boolean {
  return same(a?.toLowerCase(), b?.toLowerCase());
}

/** "Any present header component MUST be present in both URIs and match"; their order is not significant. */
function sameHeaders(a: SipUri, b: SipUri): boolean {
  const [left, right] = [headerKeys(a), headerKeys(b)];
  return left.length === right.length && left.every((key, index) => key === right[index]);
}

function headerKeys(uri: SipUri): string[] {
  return uri.headers.map(({ name, value }) => `${plain(name)}=${plain(value)}`).sort();
}

function sameTelUri(a: TelUri, b: TelUri): boolean {
  const names = [...a.params.keys()];
  const others = names.filter((name) => name !== "phone-context");
  return (
    sameNumber(a, b) &&
    sameContext(a, b) &&
    a.params.size === b.params.size &&
    names.every((name) => b.params.has(name)) &&
    others.every((name) => sameIgnoringCase(a.params.get(name), b.params.get(name)))
  );
}

function sameNumber(a: TelUri, b: TelUri): boolean {
  return digitsOf(a.number) === digitsOf(b.number);
}

/** RFC 3966 4: a domain name without regard to case, digits without separators. */
function sameContext(a: TelUri, b: TelUri): boolean {
  return contextOf(a) === contextOf(b);
}

function contextOf(uri: TelUri): string {
  const context = uri.params.get("phone-context") ?? "";
  return context.startsWith("+") ? digitsOf(context) : context.toLowerCase();
}

function digitsOf(number: string): string {
  return number.replace(/[-.()]/g, "").toLowerCase();
}
