/** Message/CPIM (RFC 3862): message headers, an empty line, MIME headers of the content, an empty line, the content. */
import type { ContentType } from "../mime/content-type.ts";
import type { MimeHeader } from "../mime/header-fields.ts";

export interface CpimHeader {
  /** As sent, with its prefix. Case counts (RFC 3862 2.2). */
  readonly name: string;
  /** Without the prefix. */
  readonly localName: string;
  /** URI that the prefix stands for; the CPIM namespace for a name without prefix. Absent: the prefix was never declared. */
  readonly namespace?: string;
  /** As sent; `unescapeCpim` gives the text. */
  readonly value: string;
  /** `;lang=` and others, which stand between colon and value (RFC 3862 3.3). */
  readonly params: Readonly<Record<string, string>>;
  /** Of the name, in the bytes that were parsed. */
  readonly offset: number;
}

export interface CpimMessage {
  readonly headers: readonly CpimHeader[];
  /** Prefixes declared by NS; the empty prefix is the default namespace, if one was declared. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly contentHeaders: readonly MimeHeader[];
  readonly contentType: ContentType;
  readonly body: Uint8Array;
  /** Of the body, in the bytes that were parsed. */
  readonly bodyOffset: number;
}

/** Namespace of the names without prefix (RFC 3862 6). */
export const CPIM_NAMESPACE = "urn:ietf:params:cpim-headers:";

/** First header with that local name in that namespace, whatever the prefix. */
export function cpimHeader(
  message: Pick<CpimMessage, "headers">,
  localName: string,
  namespace: string = CPIM_NAMESPACE,
): CpimHeader | undefined {
  return cpimHeaders(message, localName, namespace)[0];
}

/** All headers with that local name in that namespace, in their order. */
export function cpimHeaders(
  message: Pick<CpimMessage, "headers">,
  localName: string,
  namespace: string = CPIM_NAMESPACE,
): readonly CpimHeader[] {
  return message.headers.filter((header) => header.localName === localName && header.namespace === namespace);
}
