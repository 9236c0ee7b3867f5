/** MSRP URIs and paths (RFC 4975 6 and 9). */
import { isHost } from "../sip/grammar.ts";
import { errorInText, MsrpParseError, msrpReadable, readOrMsrpError } from "./error.ts";

export interface MsrpUri {
  readonly scheme: "msrp" | "msrps";
  /** `userinfo` as sent. */
  readonly user?: string;
  /** As sent; an IPv6 address keeps its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly sessionId?: string;
  /** `tcp`, in lower case. */
  readonly transport: string;
  /** What stands behind the transport, in the order sent. */
  readonly params: readonly MsrpUriParameter[];
}

export interface MsrpUriParameter {
  readonly name: string;
  readonly value?: string;
}

const CLAUSE = "RFC 4975 9 MSRP-URI";
const SCHEME = /^(msrps?):\/\//i;
/** RFC 3986 3.2.1 `userinfo = *( unreserved / pct-encoded / sub-delims / ":" )` */
const USERINFO = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*$/;
/** RFC 3986 3.2.2 `reg-name`, of which no host name is without a letter, a digit or an escape */
const REG_NAME = /^(?:[A-Za-z0-9\-._~!$&'()*+,=]|%[0-9A-Fa-f]{2})+$/;
const HOSTPORT = /^(\[[^\]]*\]|[^:[\]]*)(?::([0-9]*))?$/;
/** `session-id = 1*( unreserved / "+" / "=" / "/" )` */
const SESSION_ID = /^[A-Za-z0-9\-._~+=/]+$/;
const ALPHANUM = /^[A-Za-z0-9]+$/;
const TOKEN = /^[!#-'*+\-.0-9A-Z^-~]+$/;

/**
 * Reads `MSRP-URI = msrp-scheme "://" authority ["/" session-id] ";" transport *( ";" URI-parameter)`. A password, which RFC 4975 6
 * forbids, and a missing port are left to `validate.ts`.
 *
 * @throws MsrpParseError (`uri-syntax`)
 */
export function parseMsrpUri(text: string): MsrpUri {
  const found = SCHEME.exec(text);
  if (found === null) throw fault(text, 0, "msrp:// or msrps://");
  const scheme = found[1]?.toLowerCase() === "msrps" ? "msrps" : "msrp";
  const start = found[0].length;
  // Userinfo may hold semicolons (RFC 3986 sub-delims), so the authority is looked at before the transport.
  const slash = text.indexOf("/", start);
  const at = text.slice(start, slash === -1 ? undefined : slash).lastIndexOf("@");
  const hostStart = at === -1 ? start : start + at + 1;
  const hostEnd = indexOfEither(text, hostStart);
  const user = at === -1 ? {} : { user: readUserinfo(text, start, hostStart - 1) };
  const authority = { ...user, ...readHostport(text, hostStart, hostEnd) };
  const semicolon = indexOrEnd(text, ";", hostEnd);
  const session = text.charAt(hostEnd) === "/" ? { sessionId: readSessionId(text, hostEnd, semicolon) } : {};
  return { scheme, ...authority, ...session, ...readTransport(text, semicolon) };
}

/** `parseMsrpUri` for places where something else may stand: undefined instead of an error. */
export function msrpUriOf(text: string): MsrpUri | undefined {
  return msrpReadable(() => parseMsrpUri(text));
}

function readUserinfo(text: string, start: number, end: number): string {
  const userinfo = text.slice(start, end);
  if (!USERINFO.test(userinfo)) throw fault(text, start, "userinfo as in RFC 3986 3.2.1");
  return userinfo;
}

function readHostport(text: string, start: number, end: number): Pick<MsrpUri, "host" | "port"> {
  const found = HOSTPORT.exec(text.slice(start, end));
  const host = found?.[1] ?? "";
  if (!isHost(host) && !REG_NAME.test(host))
    throw fault(text, start, "a host name, an IPv4 address or an IPv6 address in brackets");
  if (found?.[2] === undefined) return { host };
  const port = Number(found[2]);
  if (found[2] === "" || port > 65_535) throw fault(text, start + host.length + 1, "a port from 0 to 65535");
  return { host, port };
}

function readSessionId(text: string, slash: number, end: number): string {
  const sessionId = text.slice(slash + 1, end);
  if (!SESSION_ID.test(sessionId)) throw fault(text, slash + 1, "a session-id");
  return sessionId;
}

function readTransport(text: string, semicolon: number): Pick<MsrpUri, "transport" | "params"> {
  if (semicolon === text.length) throw fault(text, semicolon, "a semicolon and the transport");
  let at = semicolon + 1;
  const [transport = "", ...rest] = text.slice(at).split(";");
  if (!ALPHANUM.test(transport)) throw fault(text, at, "a transport, such as tcp");
  at += transport.length + 1;
  const params: MsrpUriParameter[] = [];
  for (const part of rest) {
    const equals = part.indexOf("=");
    const name = equals === -1 ? part : part.slice(0, equals);
    const value = equals === -1 ? undefined : part.slice(equals + 1);
    if (!TOKEN.test(name) || (value !== undefined && !TOKEN.test(value)))
      throw fault(text, at, "a URI parameter: a token, or two with an equals sign");
    params.push(value === undefined ? { name } : { name, value });
    at += part.length + 1;
  }
  return { transport: transport.toLowerCase(), params };
}

/** Writes a URI from its parts. */
export function formatMsrpUri(uri: MsrpUri): string {
  const user = uri.user === undefined ? "" : `${uri.user}@`;
  const port = uri.port === undefined ? "" : `:${uri.port}`;
  const session = uri.sessionId === undefined ? "" : `/${uri.sessionId}`;
  const params = uri.params.map(({ name, value }) =>
    value === undefined ? `;${name}` : `;${name}=${value}`,
  );
  return `${uri.scheme}://${user}${uri.host}${port}${session};${uri.transport}${params.join("")}`;
}

/**
 * Whether two URIs are the same by RFC 4975 6.1: scheme, host, port and transport, and the session-id with regard to case. Userinfo is not
 * looked at, nor are parameters, of which 6.1 says nothing. URIs that cannot be read are the same when their characters are.
 */
export function sameMsrpUri(a: MsrpUri | string, b: MsrpUri | string): boolean {
  const left = typeof a === "string" ? msrpUriOf(a) : a;
  const right = typeof b === "string" ? msrpUriOf(b) : b;
  if (left === undefined || right === undefined) return a === b;
  return (
    left.scheme === right.scheme &&
    comparableHost(left.host) === comparableHost(right.host) &&
    left.port === right.port &&
    left.sessionId === right.sessionId &&
    left.transport.toLowerCase() === right.transport.toLowerCase()
  );
}

/** Whether two hosts are the same by RFC 4975 6.1; IPv6 addresses in brackets. */
export function sameMsrpHost(a: string, b: string): boolean {
  return comparableHost(a) === comparableHost(b);
}

/** Whether the host is an IP address, which needs a port (RFC 4975 6). */
export function isNumericHost(host: string): boolean {
  return host.startsWith("[") || /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** RFC 4975 6.1 rule 2: addresses by what they denote, names without regard to case and with needless escapes undone. */
function comparableHost(host: string): string {
  if (host.startsWith("[")) return expandedIPv6(host.slice(1, -1));
  return host.replace(/%[0-9A-Fa-f]{2}/g, decodedUnreserved).toLowerCase();
}

function decodedUnreserved(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : escape;
}

/** The eight groups of an address, without leading zeros. */
function expandedIPv6(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = groupsOf(head);
  if (tail === undefined) return left.join(":");
  const right = groupsOf(tail);
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right].join(
    ":",
  );
}

function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    const [a, b, c, d] = group.split(".").map(Number);
    return a === undefined || b === undefined || c === undefined || d === undefined
      ? [group.replace(/^0+(?=.)/, "")]
      : [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
  });
}

/**
 * Reads `MSRP-URI *( SP MSRP-URI )`, the value of To-Path, From-Path and Use-Path, and of the SDP attribute path.
 *
 * @throws MsrpParseError (`uri-syntax`), its offset that in the path
 */
export function parseMsrpPath(text: string): readonly MsrpUri[] {
  let at = 0;
  return text.split(" ").map((part) => {
    const start = at;
    at += part.length + 1;
    const uri = readOrMsrpError(() => parseMsrpUri(part));
    if (uri instanceof MsrpParseError) throw fault(text, start + uri.offset, uri.expected);
    return uri;
  });
}

export function formatMsrpPath(path: readonly MsrpUri[]): string {
  return path.map(formatMsrpUri).join(" ");
}

function indexOfEither(text: string, from: number): number {
  return Math.min(indexOrEnd(text, "/", from), indexOrEnd(text, ";", from));
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at === -1 ? text.length : at;
}

function fault(text: string, offset: number, expected: string): MsrpParseError {
  return errorInText("uri-syntax", text, offset, CLAUSE, expected);
}
