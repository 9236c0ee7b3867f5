/**
 * Header fields of REFER: Refer-To (RFC 3515 2.1), Refer-Sub (RFC 4488 4), Referred-By (RFC 3892 3), and what RFC 5368 makes of Refer-To where the
 * targets stand in a list. The parsers throw SipParseError; the views give undefined where a field is missing or cannot be read.
 */
import { readable } from "./error.ts";
import { FieldReader, formatParams, NO_PARAMS, type Params, unquoted } from "./grammar.ts";
import { header, headerFields } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { formatNameAddr, parseNameAddr } from "./name-addr.ts";
import { sipUriOf } from "./uri.ts";

/** RFC 4488 5 */
export const NOREFERSUB = "norefersub";
/** RFC 5368 5 */
export const MULTIPLE_REFER = "multiple-refer";

/** What a REFER asks for. */
export interface ReferTarget {
  /** As it stands in Refer-To, method and headers included. */
  readonly uri: string;
  /** What the request goes to: without `method` and headers. */
  readonly requestUri: string;
  /** `method` of the URI; INVITE when there is none (RFC 3515 2.1 leaves other schemes to themselves). */
  readonly method: string;
  /** Header fields that the URI carries, unescaped: `Replaces`, `Accept-Contact` and the like. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The part of the body that has the targets, where the URI is `cid:` (RFC 5368 6). */
  readonly contentId?: string;
  readonly displayName?: string;
}

/** RFC 3515 2.1 `Refer-To = ( name-addr / addr-spec ) *( SEMI generic-param )` */
export function parseReferTo(value: string): ReferTarget {
  const { uri, displayName } = parseNameAddr(value, "RFC 3515 2.1 Refer-To");
  return { ...targetOf(uri), ...(displayName === undefined ? {} : { displayName }) };
}

/** What a URI asks for: of Refer-To, or of an entry of a list. */
export function targetOf(uri: string): ReferTarget {
  if (/^cid:/i.test(uri))
    return { uri, requestUri: uri, method: "INVITE", headers: [], contentId: unescaped(uri.slice(4)) };
  const sip = sipUriOf(uri);
  if (sip === undefined) return { uri, requestUri: uri, method: "INVITE", headers: [] };
  const method = sip.params.get("method") ?? "INVITE";
  return {
    uri,
    requestUri: withoutMethodAndHeaders(uri),
    method: unescaped(method),
    headers: headersIn(uri),
  };
}

/** RFC 3261 19.1.1: headers begin at the first `?`, which user parts may hold too, but not behind the host. */
function headersFrom(uri: string): number {
  return uri.indexOf("?", uri.indexOf("@") + 1);
}

function headersIn(uri: string): readonly (readonly [string, string])[] {
  const from = headersFrom(uri);
  if (from < 0) return [];
  return uri
    .slice(from + 1)
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return [unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1))] as const;
    });
}

function withoutMethodAndHeaders(uri: string): string {
  const from = headersFrom(uri);
  const bare = from < 0 ? uri : uri.slice(0, from);
  const host = bare.indexOf("@") + 1;
  return bare.slice(0, host) + bare.slice(host).replace(/;method=[^;]*/i, "");
}

function unescaped(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

/** RFC 3261 25.1 `hnv-unreserved` and `unreserved` stay, everything else is escaped. */
function escapedHeader(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-_.!~*'()[\]/?:+$]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** A URI that asks for `method` with these header fields in the request: for Refer-To, or for an entry of a list. */
export function referUri(
  uri: string,
  ask: { readonly method?: string; readonly headers?: readonly (readonly [string, string])[] } = {},
): string {
  const method = ask.method === undefined ? "" : `;method=${ask.method}`;
  const headers = (ask.headers ?? []).map(
    ([name, value]) => `${escapedHeader(name)}=${escapedHeader(value)}`,
  );
  return `${uri}${method}${headers.length === 0 ? "" : `?${headers.join("&")}`}`;
}

export function formatReferTo({ uri, displayName }: Pick<ReferTarget, "uri"> & Partial<ReferTarget>): string {
  return formatNameAddr({ uri, ...(displayName === undefined ? {} : { displayName }) });
}

/** RFC 3515 2.4.2: not exactly one, or one that cannot be read, is to be refused with 400. Undefined: there is none. */
export function referToOf(message: SipMessage): ReferTarget | "malformed" | undefined {
  const [field, ...others] = headerFields(message, "Refer-To");
  if (field === undefined) return undefined;
  if (others.length > 0) return "malformed";
  return readable(() => parseReferTo(field.value)) ?? "malformed";
}

/** RFC 4488 4 `Refer-Sub = refer-sub-value *(SEMI exten)`, `refer-sub-value = "true" / "false"` */
export function parseReferSub(value: string): { readonly wanted: boolean; readonly params: Params } {
  const reader = new FieldReader(value, "RFC 4488 4 Refer-Sub");
  const text = reader.need(/(?:true|false)/iy, "true or false").toLowerCase();
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  return { wanted: text === "true", params };
}

/** Whether the implicit subscription is wanted, or was made; undefined where the field says nothing, which means that it is. */
export function referSubOf(message: SipMessage): boolean | undefined {
  const value = header(message, "Refer-Sub");
  return value === undefined ? undefined : readable(() => parseReferSub(value))?.wanted;
}

/** Who referred (RFC 3892 3). */
export interface ReferredBy {
  readonly uri: string;
  readonly displayName?: string;
  /** `cid`: the part of the body that proves it, without angle brackets. */
  readonly contentId?: string;
  readonly params: Params;
}

/** RFC 3892 3 `Referred-By = referrer-uri *( SEMI (referredby-id-param / generic-param) )`, `referredby-id-param = "cid" EQUAL sip-clean-msg-id` */
export function parseReferredBy(value: string): ReferredBy {
  const { uri, displayName, params } = parseNameAddr(value, "RFC 3892 3 Referred-By");
  const cid = params.get("cid");
  return {
    uri,
    ...(displayName === undefined ? {} : { displayName }),
    ...(cid === undefined ? {} : { contentId: unquoted(cid) }),
    params,
  };
}

export function formatReferredBy({
  uri,
  displayName,
  contentId,
  params = NO_PARAMS,
}: Pick<ReferredBy, "uri"> & Partial<ReferredBy>): string {
  const all = new Map(params);
  if (contentId !== undefined) all.set("cid", `"${contentId}"`);
  const named = displayName === undefined ? {} : { displayName };
  return `${formatNameAddr({ uri, ...named })}${formatParams(all)}`;
}

/** RFC 3892 2.2: more than one, or one that cannot be read, is to be refused with 400. Undefined: there is none. */
export function referredByOf(message: SipMessage): ReferredBy | "malformed" | undefined {
  const [field, ...others] = headerFields(message, "Referred-By");
  if (field === undefined) return undefined;
  if (others.length > 0) return "malformed";
  return readable(() => parseReferredBy(field.value)) ?? "malformed";
}
