/**
 * URI lists in SIP bodies (RFC 5363 to 5368): parts of the disposition recipient-list, which say whom a request is for, and recipient-list-history,
 * which say who else got it.
 */
import { parseContentType } from "../mime/content-type.ts";
import { MimeError } from "../mime/mime-error.ts";
import { buildMultipart, type MimePartDraft } from "../mime/multipart-build.ts";
import { parseMultipart, type MimePart } from "../mime/multipart.ts";
import { ReadingError } from "../reading-error.ts";
import { contentDispositionOf, header } from "../sip/headers.ts";
import type { SipMessage } from "../sip/message.ts";
import type { Body } from "../sip/session-description.ts";
import {
  readResourceLists,
  RESOURCE_LISTS_TYPE,
  writeResourceLists,
  type ListEntry,
} from "../xml/resource-lists.ts";
import { historyEntries, recipientsOf, type Recipients } from "./recipients.ts";

/** Option tags that ask for a URI-list service. */
export const URI_LIST_OPTIONS = {
  /** RFC 5365 3 */
  MESSAGE: "recipient-list-message",
  /** RFC 5366 6 */
  INVITE: "recipient-list-invite",
  /** RFC 5367 4 */
  SUBSCRIBE: "recipient-list-subscribe",
  /** RFC 5368 5 */
  REFER: "multiple-refer",
} as const;

export const RECIPIENT_LIST = "recipient-list";
export const RECIPIENT_LIST_HISTORY = "recipient-list-history";

export type RecipientList =
  | ({ readonly kind: "list" } & Recipients)
  /** The message has no such part. */
  | { readonly kind: "none" }
  /** What the request is to be refused with. */
  | { readonly kind: "bad"; readonly status: 400 | 415; readonly reason: string; readonly detail: string };

/**
 * Whom a request is for. Several lists are one (RFC 5363 4.1). `contentId`: only the part of this Content-ID counts, which may have no disposition
 * (RFC 5368 7).
 */
export function recipientListOf(message: SipMessage, contentId?: string): RecipientList {
  const parts = partsOf(message);
  if (parts instanceof MimeError) return bad(400, "Body Not Multipart", parts.message);
  const lists = parts.filter((part) =>
    contentId === undefined ? part.disposition === RECIPIENT_LIST : part.contentId === contentId,
  );
  if (lists.length === 0)
    return contentId === undefined
      ? { kind: "none" }
      : bad(400, "URI List Missing", `there is no part with the Content-ID ${contentId}`);
  const foreign = lists.find(({ type }) => type !== RESOURCE_LISTS_TYPE);
  if (foreign !== undefined)
    return bad(415, "Unsupported URI List Format", `${foreign.type}, not ${RESOURCE_LISTS_TYPE}`);
  return readLists(lists.map(({ body }) => body));
}

function readLists(documents: readonly Uint8Array[]): RecipientList {
  try {
    const listed = documents.flatMap((document) => readResourceLists(document).entries);
    if (listed.length === 0) return bad(400, "URI List Empty", "no entry in the list");
    return { kind: "list", ...recipientsOf(listed) };
  } catch (error) {
    if (error instanceof ReadingError) return bad(400, "URI List Malformed", error.message);
    throw error;
  }
}

function bad(status: 400 | 415, reason: string, detail: string): RecipientList {
  return { kind: "bad", status, reason, detail };
}

/** Who else got the message, as far as the service tells; undefined where it does not, or cannot be read. */
export function recipientHistoryOf(message: SipMessage): readonly ListEntry[] | undefined {
  const parts = partsOf(message);
  if (parts instanceof MimeError) return undefined;
  const part = parts.find(({ disposition }) => disposition === RECIPIENT_LIST_HISTORY);
  if (part?.type !== RESOURCE_LISTS_TYPE) return undefined;
  try {
    return readResourceLists(part.body).entries;
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}

interface Part {
  readonly type: string;
  readonly disposition: string | undefined;
  readonly contentId: string | undefined;
  readonly body: Uint8Array;
}

function partsOf(message: SipMessage): readonly Part[] | MimeError {
  const value = header(message, "Content-Type");
  if (value === undefined || message.body.length === 0) return [];
  try {
    const contentType = parseContentType(value);
    if (contentType.type.startsWith("multipart/"))
      return parseMultipart(message.body, contentType).map(asPart);
    const id = header(message, "Content-ID");
    return [
      {
        type: contentType.type,
        disposition: contentDispositionOf(message)?.type.toLowerCase(),
        contentId: id?.replace(/^<|>$/g, ""),
        body: message.body,
      },
    ];
  } catch (error) {
    if (error instanceof MimeError) return error;
    throw error;
  }
}

function asPart({ contentType, disposition, contentId, body }: MimePart): Part {
  return { type: contentType.type, disposition: disposition?.type, contentId, body };
}

/** The part that says whom a request is for. */
export function recipientListPart(entries: readonly ListEntry[], contentId?: string): MimePartDraft {
  return {
    contentType: RESOURCE_LISTS_TYPE,
    disposition: RECIPIENT_LIST,
    ...(contentId === undefined ? {} : { contentId }),
    body: writeResourceLists({ entries }),
  };
}

/** The part that tells a recipient of the others; undefined where there is nothing to tell (RFC 5365 7.3, RFC 5366 5.2). */
export function recipientHistoryPart(
  entries: readonly ListEntry[],
  recipient?: string,
): MimePartDraft | undefined {
  const told = historyEntries(entries, recipient);
  if (told.length === 0) return undefined;
  return {
    contentType: RESOURCE_LISTS_TYPE,
    disposition: `${RECIPIENT_LIST_HISTORY}; handling=optional`,
    body: writeResourceLists({ entries: told }),
  };
}

/** A body with a list beside another one, or alone. `boundary` must stand in neither. */
export function bodyWithList(
  content: Body | undefined,
  list: MimePartDraft,
  boundary: string,
): { readonly contentType: string; readonly bytes: Uint8Array } {
  const beside: MimePartDraft[] =
    content === undefined
      ? []
      : [
          {
            contentType: content.contentType,
            ...(content.disposition === undefined ? {} : { disposition: content.disposition }),
            body: content.bytes,
          },
        ];
  const { contentType, body } = buildMultipart([...beside, list], { boundary });
  return { contentType, bytes: body };
}
