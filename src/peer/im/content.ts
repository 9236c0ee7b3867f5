/** The body of a MESSAGE as its parts: a plain body is one part, multipart/mixed as many as it has (RFC 2046). */
import { parseContentType } from "../../wire/mime/content-type.ts";
import type { ContentType, Disposition } from "../../wire/mime/content-type.ts";
import { buildMultipart } from "../../wire/mime/multipart-build.ts";
import { parseMultipart } from "../../wire/mime/multipart.ts";
import type { MimePart } from "../../wire/mime/multipart.ts";
import { ReadingError } from "../../wire/reading-error.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";

export interface Part {
  readonly contentType: ContentType;
  readonly disposition?: Disposition;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: Uint8Array;
}

export interface Body {
  /** Value for Content-Type. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A part that has not been written yet. */
export interface PartDraft {
  readonly contentType: string;
  readonly disposition?: string;
  readonly body: Uint8Array | string;
}

/** Throws MimeError where the body is not what its Content-Type says. Empty for a message without a body. */
export function partsOf(message: SipMessage): readonly Part[] {
  const value = header(message, "Content-Type");
  if (value === undefined || message.body.length === 0) return [];
  const contentType = parseContentType(value);
  if (contentType.type.startsWith("multipart/")) return parseMultipart(message.body, contentType).map(asPart);
  return [{ contentType, headers: [{ name: "Content-Type", value }], body: message.body }];
}

function asPart(part: MimePart): Part {
  const { contentType, disposition, headers, body } = part;
  return { contentType, headers, body, ...(disposition === undefined ? {} : { disposition }) };
}

/** As {@link partsOf}, but a body that cannot be read has no parts. */
export function readableParts(message: SipMessage): readonly Part[] {
  try {
    return partsOf(message);
  } catch (error) {
    if (error instanceof ReadingError) return [];
    throw error;
  }
}

export function partOfType(parts: readonly Part[], type: string): Part | undefined {
  return parts.find((part) => part.contentType.type === type);
}

export function partWithDisposition(parts: readonly Part[], disposition: string): Part | undefined {
  return parts.find((part) => part.disposition?.type === disposition);
}

export function draftOf(part: Part): PartDraft & { readonly headers: Part["headers"] } {
  const value =
    part.headers.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? part.contentType.type;
  return { contentType: value, headers: part.headers, body: part.body };
}

/** One part stands alone, several are wrapped in multipart/mixed (RFC 5365 7.3). `boundary` must stand in no part. */
export function bodyOfParts(parts: readonly PartDraft[], boundary: string): Body | undefined {
  const [first, second] = parts;
  if (first === undefined) return undefined;
  if (second === undefined) return { contentType: first.contentType, bytes: bytesOf(first.body) };
  const built = buildMultipart(parts, { boundary });
  return { contentType: built.contentType, bytes: built.body };
}

export function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === "string" ? new Uint8Array(Buffer.from(body, "utf8")) : body;
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
