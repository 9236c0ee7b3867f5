/**
 * Delivery notifications of pager-mode messages (IMDN): the request stands in the CPIM headers of the message, the notification is a CPIM
 * object of its own that holds message/imdn+xml (RFC 5438 7, 8).
 */
import { formatCpimAddress, parseCpimAddress } from "../../wire/cpim/address.ts";
import { buildCpim } from "../../wire/cpim/build.ts";
import { cpimHeader } from "../../wire/cpim/cpim.ts";
import type { CpimMessage } from "../../wire/cpim/cpim.ts";
import { IMDN_DECLARATION, IMDN_NAMESPACE, imdnHeadersOf } from "../../wire/cpim/imdn-headers.ts";
import { parseCpim } from "../../wire/cpim/parse.ts";
import { parseContentType } from "../../wire/mime/content-type.ts";
import { buildMultipart } from "../../wire/mime/multipart-build.ts";
import { parseMultipart } from "../../wire/mime/multipart.ts";
import { ReadingError } from "../../wire/reading-error.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { readImdn } from "../../wire/xml/imdn.ts";
import type { Imdn } from "../../wire/xml/imdn.ts";
import { partOfType, readableParts } from "./content.ts";
import { mediaTypes } from "./identifiers.ts";

/** What the sender of a message wants to be told. */
export interface DeliveryRequest {
  readonly messageId: string;
  readonly dispositions: readonly string[];
  readonly dateTime: string;
  /** CPIM addresses, URI only. */
  readonly from: string;
  readonly to: string;
  readonly originalTo?: string;
  readonly recordRoutes: readonly string[];
}

/** A message that notifies: the documents as they came, one or (aggregated) several. */
export interface DeliveryNotification {
  readonly to: string;
  /** Addresses of intermediaries that the notification still has to pass, nearest first. */
  readonly routes: readonly string[];
  readonly documents: readonly Uint8Array[];
  readonly cpim: CpimMessage;
}

/** The CPIM object of a message, alone or in multipart/mixed; `undefined` when there is none that can be read. */
export function cpimOf(message: SipMessage): CpimMessage | undefined {
  const part = partOfType(readableParts(message), mediaTypes.cpim);
  return part && readCpim(part.body);
}

/** Takes what products copied from the examples of RFC 5438, which lack an empty line. */
function readCpim(bytes: Uint8Array): CpimMessage | undefined {
  try {
    return parseCpim(bytes, { acceptMissingBlankLine: true, acceptUndeclaredPrefix: true });
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}

/** `undefined` when the message asks for nothing, or is itself a notification (RFC 5438 7.2.1: none for an IMDN). */
export function deliveryRequestOf(message: SipMessage): DeliveryRequest | undefined {
  const cpim = cpimOf(message);
  if (cpim === undefined || documentsOf(cpim).length > 0) return undefined;
  const { messageId, dispositionNotification, dateTime, originalTo, recordRoutes } = imdnHeadersOf(cpim);
  if (messageId === undefined || dispositionNotification.length === 0) return undefined;
  return {
    messageId,
    dispositions: dispositionNotification.map((value) => value.toLowerCase()),
    dateTime: dateTime ?? "",
    from: cpimUri(cpim, "From") ?? "",
    to: cpimUri(cpim, "To") ?? "",
    ...(originalTo === undefined ? {} : { originalTo: bareUri(originalTo) }),
    recordRoutes: recordRoutes.map(bareUri),
  };
}

/** `undefined` when the message is no notification. */
export function deliveryNotificationOf(message: SipMessage): DeliveryNotification | undefined {
  const cpim = cpimOf(message);
  if (cpim === undefined) return undefined;
  const documents = documentsOf(cpim);
  if (documents.length === 0) return undefined;
  return { cpim, documents, to: cpimUri(cpim, "To") ?? "", routes: imdnHeadersOf(cpim).routes.map(bareUri) };
}

function documentsOf(cpim: CpimMessage): readonly Uint8Array[] {
  if (cpim.contentType.type === mediaTypes.imdn) return [cpim.body];
  if (!cpim.contentType.type.startsWith("multipart/")) return [];
  try {
    const parts = parseMultipart(cpim.body, cpim.contentType);
    return parts.filter((part) => part.contentType.type === mediaTypes.imdn).map((part) => part.body);
  } catch (error) {
    if (error instanceof ReadingError) return [];
    throw error;
  }
}

/** `undefined` for what is no notification document. */
export function readableImdn(document: Uint8Array): Imdn | undefined {
  try {
    return readImdn(document);
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}

function cpimUri(cpim: CpimMessage, name: string): string | undefined {
  const value = cpimHeader(cpim, name)?.value;
  return value === undefined ? undefined : bareUri(value);
}

function bareUri(value: string): string {
  try {
    return parseCpimAddress(value).uri;
  } catch (error) {
    if (error instanceof ReadingError) return value.trim();
    throw error;
  }
}

export interface InstantMessage {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  /** RFC 3339, as CPIM DateTime wants it. */
  readonly dateTime: string;
  readonly dispositions: readonly string[];
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

/** An instant message that asks for notifications (RFC 5438 7.1.1). */
export function buildInstantMessage(message: InstantMessage): Uint8Array {
  return buildCpim({
    headers: [
      ["From", formatCpimAddress({ uri: message.from })],
      ["To", formatCpimAddress({ uri: message.to })],
      ["DateTime", message.dateTime],
      ["NS", IMDN_DECLARATION],
      ["imdn.Message-ID", message.messageId],
      ["imdn.Disposition-Notification", message.dispositions.join(", ")],
    ],
    contentType: parseContentType(message.contentType),
    body: message.body,
  });
}

/** Puts `route` on the way back of the notifications, as the nearest of those recorded (RFC 5438 8). The prefix is the message's own. */
export function recordRoute(cpim: CpimMessage, route: string): Uint8Array {
  const prefix = [...cpim.namespaces].find(([, uri]) => uri === IMDN_NAMESPACE)?.[0] ?? "imdn";
  const headers = cpim.headers.map(({ name, value }) => [name, value] as const);
  const first = cpim.headers.findIndex((header) => header.localName === "IMDN-Record-Route");
  const at = first < 0 ? headers.length : first;
  const name = prefix === "" ? "IMDN-Record-Route" : `${prefix}.IMDN-Record-Route`;
  headers.splice(at, 0, [name, formatCpimAddress({ uri: route })]);
  return rebuildCpim(cpim, headers);
}

/** A notification on its way, without the address of the intermediary that it has reached (RFC 5438 8). */
export function withoutFirstRoute(cpim: CpimMessage): Uint8Array {
  const first = cpim.headers.findIndex((header) => header.localName === "IMDN-Route");
  const kept = cpim.headers.filter((_, index) => index !== first);
  return rebuildCpim(
    cpim,
    kept.map(({ name, value }) => [name, value] as const),
  );
}

function rebuildCpim(cpim: CpimMessage, headers: readonly (readonly [string, string])[]): Uint8Array {
  return buildCpim({
    headers,
    contentType: cpim.contentType,
    contentHeaders: cpim.contentHeaders.map(({ name, value }) => [name, value] as const),
    body: cpim.body,
  });
}

export interface NotificationDraft {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly dateTime: string;
  readonly routes: readonly string[];
  /** message/imdn+xml documents; several are aggregated (RFC 5438 8.3). */
  readonly documents: readonly Uint8Array[];
  readonly boundary: string;
}

/** A notification (RFC 5438 7.2.1, 8.3); it never asks for one itself. */
export function buildNotification(draft: NotificationDraft): Uint8Array {
  const content = notificationContent(draft.documents, draft.boundary);
  return buildCpim({
    headers: [
      ["From", formatCpimAddress({ uri: draft.from })],
      ["To", formatCpimAddress({ uri: draft.to })],
      ["DateTime", draft.dateTime],
      ["NS", IMDN_DECLARATION],
      ["imdn.Message-ID", draft.messageId],
      ...draft.routes.map((route) => ["imdn.IMDN-Route", formatCpimAddress({ uri: route })] as const),
    ],
    contentType: content.contentType,
    contentHeaders: [
      ["Content-Disposition", "notification"],
      ["Content-Length", String(content.body.length)],
    ],
    body: content.body,
  });
}

function notificationContent(
  documents: readonly Uint8Array[],
  boundary: string,
): { contentType: string; body: Uint8Array } {
  const [only, ...more] = documents;
  if (only !== undefined && more.length === 0) {
    return { contentType: mediaTypes.imdn, body: only };
  }
  const parts = documents.map((body) => ({
    contentType: mediaTypes.imdn,
    disposition: "notification",
    body,
  }));
  return buildMultipart(parts, { boundary });
}
