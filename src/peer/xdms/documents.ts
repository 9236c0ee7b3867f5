/** The documents of an XDMS, with their entity tags. */
import type { Ids } from "../../net/ids.ts";

export interface StoredDocument {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Opaque, in quotes (RFC 2616 3.11). */
  readonly etag: string;
}

export interface Documents {
  get(key: string): StoredDocument | undefined;
  put(key: string, contentType: string, bytes: Uint8Array): StoredDocument;
  delete(key: string): boolean;
  keys(): readonly string[];
}

export function createDocuments(ids: Ids): Documents {
  const documents = new Map<string, StoredDocument>();
  return {
    get: (key) => documents.get(key),
    put(key, contentType, bytes) {
      const document = { contentType, bytes, etag: `"${ids.token(13)}"` };
      documents.set(key, document);
      return document;
    },
    delete: (key) => documents.delete(key),
    keys: () => [...documents.keys()],
  };
}

/** Values of If-Match and If-None-Match. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

function lists(value: string, etag: string): boolean {
  return value.split(",").some((tag) => tag.trim() === etag || tag.trim() === `W/${etag}`);
}

/** Whether a request may go on; 304 answers a GET whose document the client has already (RFC 2616 14.24, 14.26; RFC 4825 7.11). */
export function checkConditions(
  { ifMatch, ifNoneMatch }: Conditions,
  document: StoredDocument | undefined,
  method: string,
): 304 | 412 | undefined {
  if (ifMatch !== undefined) {
    const met = document !== undefined && (ifMatch.trim() === "*" || lists(ifMatch, document.etag));
    if (!met) return 412;
  }
  if (ifNoneMatch !== undefined && document !== undefined) {
    const same = ifNoneMatch.trim() === "*" || lists(ifNoneMatch, document.etag);
    if (same) return method === "GET" || method === "HEAD" ? 304 : 412;
  }
  return undefined;
}
