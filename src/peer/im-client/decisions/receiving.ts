/** How a MESSAGE is answered, sorted and reported on (clause 8.2.1; RFC 5438 7.2). */
import { IM_TAG, SYSTEM_MESSAGE_TAG, mediaTypes } from "../../im/identifiers.ts";
import { assertedUri, fromUri } from "../../im/address.ts";
import { deliveryNotificationOf } from "../../im/delivery.ts";
import type { DeliveryRequest } from "../../im/delivery.ts";
import type { InboxEntry } from "../../../spec/actions.ts";
import { contentTypeOf, header, headerValues, tokensOf } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { writeImdn } from "../../../wire/xml/imdn.ts";
import type { ClientParts } from "../parts.ts";
import { release } from "./registering.ts";

export const receiving = {
  /** Step 1; RFC 3428 7. What is compressed cannot be shown (RFC 3261 8.2.3, 20.12). */
  status: (_client: ClientParts, message: SipRequest): number =>
    tokensOf(message, "Content-Encoding").every((coding) => coding.toLowerCase() === "identity") ? 200 : 415,
  /** How long the answer takes, and the notification after it: no time. Milliseconds. */
  answerAfterMs: (_client: ClientParts, _message: SipRequest): number => 0,
  reportAfterMs: (_client: ClientParts, _message: SipRequest): number => 0,
  /** Second list, step 2. */
  userAgent: (client: ClientParts, _message: SipRequest): string | undefined => release(client),
  server: (_client: ClientParts, _message: SipRequest): string | undefined => undefined,
  /** Second list, step 3. */
  preferredIdentity: ({ config }: ClientParts, _message: SipRequest): string | undefined =>
    `<${config.imAddress}>`,
  /** Steps 2, 3: what is presented apart from ordinary messages. */
  kind: (_client: ClientParts, message: SipRequest): InboxEntry["kind"] => {
    const wanted = headerValues(message, "Accept-Contact").join(",").toLowerCase();
    if (wanted.includes(SYSTEM_MESSAGE_TAG)) return "system-message";
    if (contentTypeOf(message)?.type === mediaTypes.groupAdvertisement) return "group-advertisement";
    return deliveryNotificationOf(message) ? "delivery-report" : "message";
  },
  /** Step 3: what the user reads of the Subject. */
  subject: (_client: ClientParts, message: SipRequest): string | undefined => header(message, "Subject"),
  /** Whom the user takes for the sender. */
  sender: (_client: ClientParts, message: SipRequest): string =>
    assertedUri(message) ?? fromUri(message) ?? "",
  /** Step 4. */
  stores: (_client: ClientParts, _message: SipRequest): boolean => true,
  /** Step 6: only where it was asked for. */
  reports: (_client: ClientParts, request: DeliveryRequest | undefined): boolean =>
    request?.dispositions.includes("positive-delivery") ?? false,
} as const;

/** The MESSAGE that brings a delivery notification. */
export const reporting = {
  /** RFC 5438 7.2.1: to the nearest intermediary on the recorded route, else to the sender. */
  requestUri: (_client: ClientParts, request: DeliveryRequest): string =>
    request.recordRoutes[0] ?? request.from,
  from: ({ config }: ClientParts): string => `<${config.imAddress}>`,
  acceptContact: (_client: ClientParts): string | undefined => `*;${IM_TAG}`,
  userAgent: (client: ClientParts): string | undefined => release(client),
  preferredIdentity: ({ config }: ClientParts): string | undefined => `<${config.imAddress}>`,
  routes: (_client: ClientParts, request: DeliveryRequest): readonly string[] => request.recordRoutes,
  messageId: (_client: ClientParts, request: DeliveryRequest): string => request.messageId,
  document: (client: ClientParts, request: DeliveryRequest): Uint8Array =>
    writeImdn({
      kind: "delivery",
      status: "delivered",
      messageId: client.decisions.reporting.messageId(client, request),
      dateTime: request.dateTime,
      recipientUri: client.config.imAddress,
      originalRecipientUri: request.originalTo ?? request.to,
    }),
} as const;
