/** What a SIP MESSAGE is, as far as the statements of pager mode ask: read from its headers and body, never guessed from who sent it. */
import { acceptContactOf, contentTypeOf, header, headerValues, privacyOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { parseContentType } from "../wire/mime/content-type.ts";
import { parseMultipart, type MimePart } from "../wire/mime/multipart.ts";
import type { CpimMessage } from "../wire/cpim/cpim.ts";
import { imdnHeadersOf, type DispositionRequest } from "../wire/cpim/imdn-headers.ts";
import { parseCpim } from "../wire/cpim/parse.ts";
import { IMDN_TYPE, readImdn, type Imdn } from "../wire/xml/imdn.ts";
import { readSettings, type ImSettings } from "../wire/xml/settings.ts";
import { memo } from "./memo.ts";
import { readResourceLists, RESOURCE_LISTS_TYPE } from "../wire/xml/resource-lists.ts";

export const IM_FEATURE_TAG = "+g.oma.sip-im";
export const SYSTEM_MESSAGE_TAG = "+g.oma.sip-im.system-message";
export const GROUP_ADVERTISEMENT_TYPE = "application/vnd.poc.group-advertisement+xml";
const CPIM_TYPE = "message/cpim";

/** What a reader gives, or `otherwise` where it cannot read: what is wrong with a header or a body is another check's business. */
export function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

export function hasFeatureTag(request: SipRequest, tag: string): boolean {
  return readable(() => acceptContactOf(request).some((value) => value.features.has(tag)), false);
}

/** Anonymity is asked for by Privacy: id (8.1.1-3); `user` and `header` hide less, `none` nothing. */
export function asksAnonymity(request: SipRequest): boolean {
  return readable(() => privacyOf(request).includes("id"), false);
}

/** The media type of the body, in lower case; empty where there is none. */
export function typeOf(request: SipRequest): string {
  return readable(() => contentTypeOf(request)?.type, undefined) ?? "";
}

/** A body, or the part of a multipart body. */
export interface Content {
  readonly type: string;
  /** Content-Disposition in lower case, where there is one. */
  readonly disposition: string | undefined;
  readonly body: Uint8Array;
}

/** The parts of a multipart body, or the body itself. Multipart within multipart is opened too. */
export const contentsOf = memo((request: SipRequest): readonly Content[] => {
  const text = header(request, "Content-Type");
  if (text === undefined || request.body.length === 0) return [];
  const disposition = header(request, "Content-Disposition")?.split(";")[0]?.trim().toLowerCase();
  return readable(() => opened(text, disposition, request.body), []);
});

/** Whether two requests bring the same: the same bytes, or the same parts between other boundaries. */
export function compareBodies(one: SipRequest, other: SipRequest): "same" | "written-anew" | "different" {
  if (sameBytes(one.body, other.body)) return "same";
  const [before, after] = [contentsOf(one), contentsOf(other)];
  const parts = before.every((part, index) => {
    const { type, disposition, body } = after[index] ?? {};
    return (
      type === part.type &&
      disposition === part.disposition &&
      body !== undefined &&
      sameBytes(part.body, body)
    );
  });
  return before.length > 0 && before.length === after.length && parts ? "written-anew" : "different";
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}

function opened(contentType: string, disposition: string | undefined, body: Uint8Array): readonly Content[] {
  const type = parseContentType(contentType);
  if (!type.type.startsWith("multipart/")) return [{ type: type.type, disposition, body }];
  return parseMultipart(body, type).flatMap(partContents);
}

function partContents(part: MimePart): readonly Content[] {
  const own = { type: part.contentType.type, disposition: part.disposition?.type, body: part.body };
  return own.type.startsWith("multipart/")
    ? parseMultipart(part.body, part.contentType).flatMap(partContents)
    : [own];
}

export function isGroupAdvertisement(request: SipRequest): boolean {
  return contentsOf(request).some((content) => content.type === GROUP_ADVERTISEMENT_TYPE);
}

export function isSystemMessage(request: SipRequest): boolean {
  return hasFeatureTag(request, SYSTEM_MESSAGE_TAG);
}

/** The recipients of a MESSAGE with a URI-list (draft-uri-list-message, RFC 5365); undefined where it has no list. */
export const uriListOf = memo((request: SipRequest): readonly string[] | undefined => {
  const list = contentsOf(request).find(
    (content) => content.type === RESOURCE_LISTS_TYPE && content.disposition !== "recipient-list-history",
  );
  if (list === undefined) return undefined;
  return readable(() => readResourceLists(list.body).entries.map((entry) => entry.uri), []);
});

export const cpimOf = memo((request: SipRequest): CpimMessage | undefined => {
  const wrapped = contentsOf(request).find((content) => content.type === CPIM_TYPE);
  return wrapped === undefined ? undefined : readable(() => parseCpim(wrapped.body), undefined);
});

/** What delivery notifications the sender asks for; empty: none. */
export function dispositionsAsked(request: SipRequest): readonly DispositionRequest[] {
  const cpim = cpimOf(request);
  return cpim === undefined ? [] : imdnHeadersOf(cpim).dispositionNotification;
}

/** The delivery notifications in a MESSAGE: one, or several when they were aggregated (8.3.1.3). */
export const imdnsOf = memo((request: SipRequest): readonly Imdn[] => contentsOf(request).flatMap(imdnsIn));

/** The settings that a PUBLISH tells; undefined where its body is no settings document. */
export const settingsOf = memo((request: SipRequest): ImSettings | undefined =>
  readable(() => readSettings(request.body).settings, undefined),
);

function imdnsIn(content: Content): readonly Imdn[] {
  if (content.type === IMDN_TYPE) return readable(() => [readImdn(content.body)], []);
  if (content.type !== CPIM_TYPE) return [];
  return readable(() => imdnsInCpim(parseCpim(content.body, AS_PRINTED)), []);
}

/** The examples of RFC 5438 lack an empty line and a declaration, and products copied them: a notification is known all the same. */
const AS_PRINTED = { acceptMissingBlankLine: true, acceptUndeclaredPrefix: true };

function imdnsInCpim(cpim: CpimMessage): readonly Imdn[] {
  if (cpim.contentType.type === IMDN_TYPE) return [readImdn(cpim.body)];
  if (!cpim.contentType.type.startsWith("multipart/")) return [];
  return parseMultipart(cpim.body, cpim.contentType).flatMap(partContents).flatMap(imdnsIn);
}

export function requires(request: SipRequest, optionTag: string): boolean {
  return headerValues(request, "Require").some((tag) => tag.toLowerCase() === optionTag);
}

/** Seconds that an expired message is over its time, by Date and Expires; undefined: it does not say, or is still valid. */
export function expiredBy(request: SipRequest, nowMs: number): number | undefined {
  const expires = Number.parseInt(header(request, "Expires") ?? "", 10);
  const date = Date.parse(header(request, "Date") ?? "");
  if (Number.isNaN(expires)) return undefined;
  // RFC 3428 7: without Date the time counts from reception, so only a lifetime of zero can be over.
  if (Number.isNaN(date)) return expires === 0 ? 0 : undefined;
  const over = nowMs / 1000 - (date / 1000 + expires);
  return over > 0 ? over : undefined;
}
