/** SIP, SIPS and tel URIs (RFC 3261 19.1 and 25.1; RFC 3966). */
import { DIGIT, HOST, lowerCase, PARAMCHAR, scan, scanEscaped, USER } from "./characters.ts";
import { excerpt, readable, SipParseError } from "./error.ts";
import { isHost } from "./grammar.ts";
import { NO_PARAMS, usualParams } from "./params.ts";
import type { Params } from "./params.ts";
import { USUAL_HOST, usualParamsPattern } from "./usual-forms.ts";

export interface SipUri {
  readonly scheme: "sip" | "sips";
  /** As sent, escapes included; `unescapeUri` decodes them. */
  readonly user?: string;
  readonly password?: string;
  /** As sent; an IPv6 address keeps its brackets. */
  readonly host: string;
  readonly port?: number;
  /** Names in lower case, values as sent. */
  readonly params: Params;
  /** Names in lower case, values as sent, in the order sent; the same name may come more than once. */
  readonly headers: readonly UriHeader[];
}

export interface UriHeader {
  readonly name: string;
  readonly value: string;
}

export interface TelUri {
  readonly scheme: "tel";
  /** With visual separators as sent; begins with `+` when it is global. */
  readonly number: string;
  readonly params: Params;
}

/** `password = *( unreserved / escaped / "&" / "=" / "+" / "$" / "," )` */
const PASSWORD = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*$/;
/** `hname = 1*( hnv-unreserved / unreserved / escaped )`; `hvalue` may be empty */
const HEADER_CHARS = /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})*$/;
const SCHEME = /^(sips?|tel):/i;

const SIP_CLAUSE = "RFC 3261 19.1.1 SIP-URI";
const TEL_CLAUSE = "RFC 3966 3 telephone-uri";

/**
 * Reads `SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]`, or the same with `sips:`.
 *
 * @throws SipParseError (`uri-syntax`, `duplicate-parameter`)
 */
export function parseSipUri(text: string): SipUri {
  return usualSipUri(text) ?? anySipUri(text);
}

/** Without password, escapes, headers and IPv6, and nothing in the user part that looks like what follows the host. */
const USUAL_SIP_URI = new RegExp(
  `^sip(s)?:(?:([0-9A-Za-z\\-_.!~*'()+$]+)@)?(${USUAL_HOST})(?::([0-9]{1,5}))?` +
    `${usualParamsPattern("[0-9a-z\\-_.!~*'()[\\]/:&+$]+", "[0-9A-Za-z\\-_.!~*'()[\\]/:&+$]+")}$`,
);

function usualSipUri(text: string): SipUri | undefined {
  const found = USUAL_SIP_URI.exec(text);
  if (found === null) return undefined;
  const user = found[2];
  const port = found[4] === undefined ? undefined : Number(found[4]);
  const params = usualParams(found, 5);
  if (params === undefined || (port !== undefined && port > MOST_PORT)) return undefined;
  const scheme = found[1] === undefined ? "sip" : "sips";
  const uri: Changeable<SipUri> = { scheme, host: found[3] ?? "", params, headers: NO_HEADERS };
  if (user !== undefined) uri.user = user;
  if (port !== undefined) uri.port = port;
  return uri;
}

const NO_HEADERS: readonly UriHeader[] = [];
const MOST_PORT = 65_535;

function anySipUri(text: string): SipUri {
  const scheme = text.startsWith("sip:") ? "sip" : SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== "sip" && scheme !== "sips") throw fault(text, 0, SIP_CLAUSE, "sip: or sips:");
  const start = scheme.length + 1;
  const at = text.indexOf("@", start);
  const hostStart = at === -1 ? start : at + 1;
  const question = indexOrEnd(text, "?", hostStart);
  const semicolon = Math.min(indexOrEnd(text, ";", hostStart), question);
  const userinfo = at === -1 ? undefined : readUserinfo(text, start, at);
  const { host, port } = readHostport(text, hostStart, semicolon);
  const params = readParams(text, semicolon, question, SIP_CLAUSE);
  const uri: Changeable<SipUri> = { scheme, host, params, headers: readHeaders(text, question) };
  if (userinfo?.user !== undefined) uri.user = userinfo.user;
  if (userinfo?.password !== undefined) uri.password = userinfo.password;
  if (port !== undefined) uri.port = port;
  return uri;
}

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };

const SIP_SCHEME = /^sips?:/iu;
const TEL_SCHEME = /^tel:/iu;

/** `parseSipUri` for places where something else may stand: undefined instead of an error. */
export function sipUriOf(text: string): SipUri | undefined {
  // Another scheme is no news: an error for each would cost more than the rest of a comparison.
  return SIP_SCHEME.test(text) ? readable(() => parseSipUri(text)) : undefined;
}

/** `userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"` */
function readUserinfo(text: string, start: number, end: number): Pick<SipUri, "user" | "password"> {
  const colon = Math.min(indexOrEnd(text, ":", start), end);
  // `user = 1*( unreserved / escaped / user-unreserved )`
  if (colon === start || scanEscaped(text, USER, start, colon) !== colon)
    throw fault(text, start, SIP_CLAUSE, "a user part without characters that need escaping");
  const user = text.slice(start, colon);
  if (colon === end) return { user };
  const password = text.slice(colon + 1, end);
  if (!PASSWORD.test(password))
    throw fault(text, colon + 1, SIP_CLAUSE, "a password without characters that need escaping");
  return { user, password };
}

/** `hostport = host [ ":" port ]`, `port = 1*DIGIT` */
function readHostport(text: string, start: number, end: number): { host: string; port: number | undefined } {
  const square = text.charCodeAt(start) === LEFT_SQUARE ? text.indexOf("]", start) : -1;
  const hostEnd = square === -1 ? scan(text, HOST, start, end) : Math.min(square + 1, end);
  const host = text.slice(start, hostEnd);
  const portEnd = scan(text, DIGIT, hostEnd + 1, end);
  const digits = portEnd - hostEnd - 1;
  const good =
    hostEnd === end || (text.charCodeAt(hostEnd) === COLON && portEnd === end && digits > 0 && digits <= 10);
  if (!good || !isHost(host))
    throw fault(text, start, SIP_CLAUSE, "a host name, an IPv4 address or an IPv6 address in brackets");
  if (hostEnd === end) return { host, port: undefined };
  const port = Number(text.slice(hostEnd + 1, end));
  if (port > MOST_PORT) throw fault(text, start + host.length + 1, SIP_CLAUSE, "a port up to 65535");
  return { host, port };
}

const COLON = 0x3a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const LEFT_SQUARE = 0x5b;

/** `uri-parameters = *( ";" uri-parameter)`, `other-param = pname [ "=" pvalue ]`; none twice (19.1.1) */
function readParams(text: string, start: number, end: number, clause: string): Params {
  if (start >= end) return NO_PARAMS;
  const params = new Map<string, string | undefined>();
  for (let at = start; at < end;) {
    const nameEnd = scanEscaped(text, PARAMCHAR, at + 1, end);
    const hasValue = text.charCodeAt(nameEnd) === EQUALS && nameEnd < end;
    const next = hasValue ? scanEscaped(text, PARAMCHAR, nameEnd + 1, end) : nameEnd;
    const complete = next === end || text.charCodeAt(next) === SEMICOLON;
    if (nameEnd === at + 1 || (!hasValue && !complete)) throw fault(text, at + 1, clause, "a parameter name");
    const name = text.slice(at + 1, nameEnd);
    if (hasValue && (next === nameEnd + 1 || !complete))
      throw fault(text, at + name.length + 2, clause, `a value of ${name}`);
    const value = hasValue ? text.slice(nameEnd + 1, next) : undefined;
    const key = lowerCase(name);
    if (params.has(key))
      throw fault(text, at + 1, clause, `parameter ${key} only once`, "duplicate-parameter");
    params.set(key, value);
    at = next;
  }
  return params;
}

/** `headers = "?" header *( "&" header )`, `header = hname "=" hvalue` */
function readHeaders(text: string, start: number): UriHeader[] {
  if (start >= text.length) return [];
  let at = start + 1;
  return text
    .slice(start + 1)
    .split("&")
    .map((part) => {
      const [name, value] = halves(part);
      const good = name !== "" && value !== undefined && HEADER_CHARS.test(name) && HEADER_CHARS.test(value);
      if (!good) throw fault(text, at, SIP_CLAUSE, "a header name, an equals sign and a value");
      at += part.length + 1;
      return { name: name.toLowerCase(), value };
    });
}

/** RFC 3966 `global-number-digits = "+" *phonedigit DIGIT *phonedigit`: separators, and at least one digit */
const GLOBAL_NUMBER = /^\+[-.()]*[0-9][0-9\-.()]*$/;
/** RFC 3966 `local-number-digits = *phonedigit-hex (HEXDIG / "*" / "#")*phonedigit-hex` */
const LOCAL_NUMBER = /^[-.()]*[0-9A-Fa-f*#][0-9A-Fa-f*#\-.()]*$/;

/**
 * Reads `telephone-uri = "tel:" telephone-subscriber`. A local number without `phone-context` is an error (RFC 3966 5.1.5).
 *
 * @throws SipParseError (`uri-syntax`, `duplicate-parameter`)
 */
export function parseTelUri(text: string): TelUri {
  if (SCHEME.exec(text)?.[1]?.toLowerCase() !== "tel") throw fault(text, 0, TEL_CLAUSE, "tel:");
  const semicolon = indexOrEnd(text, ";", 4);
  const number = text.slice(4, semicolon);
  const global = GLOBAL_NUMBER.test(number);
  if (!global && !LOCAL_NUMBER.test(number)) throw fault(text, 4, TEL_CLAUSE, "a telephone number");
  const params = readParams(text, semicolon, text.length, TEL_CLAUSE);
  if (!global && params.get("phone-context") === undefined) {
    throw fault(text, text.length, `${TEL_CLAUSE}, 5.1.5`, "phone-context after a local number");
  }
  return { scheme: "tel", number, params };
}

/** `parseTelUri` for places where something else may stand: undefined instead of an error. */
export function telUriOf(text: string): TelUri | undefined {
  return TEL_SCHEME.test(text) ? readable(() => parseTelUri(text)) : undefined;
}

/** The scheme in lower case; empty when the text is no URI. */
export function uriScheme(text: string): string {
  return /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(text)?.[1]?.toLowerCase() ?? "";
}

/** Writes a SIP or SIPS URI from its parts. */
export function formatSipUri(uri: SipUri): string {
  const password = uri.password === undefined ? "" : `:${uri.password}`;
  const userinfo = uri.user === undefined ? "" : `${uri.user}${password}@`;
  const port = uri.port === undefined ? "" : `:${uri.port}`;
  const params = [...uri.params].map(([name, value]) =>
    value === undefined ? `;${name}` : `;${name}=${value}`,
  );
  const headers = uri.headers.map(({ name, value }) => `${name}=${value}`).join("&");
  return `${uri.scheme}:${userinfo}${uri.host}${port}${params.join("")}${headers === "" ? "" : `?${headers}`}`;
}

/** Decodes `escaped = "%" HEXDIG HEXDIG`, as UTF-8; what is no valid UTF-8 stays as it is. */
export function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Escapes what may not stand in the user part of a URI. */
export function escapeUser(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8")).replace(
    /%(?:26|3D|2B|24|2C|3B|3F|2F)/g,
    decodeURIComponent,
  );
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at === -1 ? text.length : at;
}

function halves(text: string): [string, string | undefined] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function fault(
  text: string,
  offset: number,
  clause: string,
  expected: string,
  code: "uri-syntax" | "duplicate-parameter" = "uri-syntax",
): SipParseError {
  const actual = excerpt(text.slice(offset));
  return new SipParseError(code, { offset, line: 1, column: offset + 1, clause, expected, actual });
}
