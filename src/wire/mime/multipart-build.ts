import { formatContentType } from "./content-type.ts";
import type { ContentType, Disposition } from "./content-type.ts";
import { fieldValue } from "./header-fields.ts";
import { mimeError } from "./mime-error.ts";

/** A part to write. A part that `parseMultipart` gave fits too: what stands in `headers` is written as it is and not repeated. */
export interface MimePartDraft {
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly contentType?: ContentType | string;
  readonly disposition?: Disposition | string;
  /** Without angle brackets. */
  readonly contentId?: string;
  readonly body: Uint8Array | string;
}

export interface MultipartDraft {
  /** `mixed` unless told; parameters such as `type` and `start` of multipart/related go to `params`. */
  readonly subtype?: string;
  readonly boundary: string;
  readonly params?: Readonly<Record<string, string>>;
}

export interface BuiltMultipart {
  /** Value for the Content-Type header of the whole. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Writes a multipart body. Throws MimeError `boundary-in-part` when a part holds the boundary: choose another one. */
export function buildMultipart(parts: readonly MimePartDraft[], draft: MultipartDraft): BuiltMultipart {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const body = typeof part.body === "string" ? Buffer.from(part.body, "utf8") : part.body;
    refuseBoundaryIn(body, draft.boundary);
    chunks.push(Buffer.from(`--${draft.boundary}\r\n${headerLines(part).join("")}\r\n`, "utf8"), body, CRLF);
  }
  chunks.push(Buffer.from(`--${draft.boundary}--\r\n`, "latin1"));
  return {
    contentType: formatContentType({
      type: `multipart/${draft.subtype ?? "mixed"}`,
      params: { boundary: draft.boundary, ...draft.params },
    }),
    body: new Uint8Array(Buffer.concat(chunks)),
  };
}

const CRLF = Buffer.from("\r\n", "latin1");

function headerLines(part: MimePartDraft): string[] {
  const given = part.headers ?? [];
  const lines = given.map(({ name, value }) => `${name}: ${value}\r\n`);
  const add = (name: string, value: ContentType | string | undefined): void => {
    if (value === undefined || fieldValue(given, name) !== undefined) return;
    lines.push(`${name}: ${typeof value === "string" ? value : formatContentType(value)}\r\n`);
  };
  add("Content-Type", part.contentType);
  add("Content-Disposition", part.disposition);
  add("Content-ID", part.contentId === undefined ? undefined : `<${part.contentId}>`);
  return lines;
}

function refuseBoundaryIn(body: Uint8Array, boundary: string): void {
  const at = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf(`--${boundary}`);
  if (at === -1) return;
  throw mimeError(body, at, {
    code: "boundary-in-part",
    expected: "a boundary that occurs in no part",
    clause: "RFC 2046 5.1.1",
    remedy: "Choose another boundary.",
  });
}
