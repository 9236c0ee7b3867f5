/** A MESSAGE that arrives: answered, sorted into the inbox, reported on where that was asked for (clause 8.2.1). */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { InboxEntry } from "../../spec/actions.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { assertedUri, fromUri } from "../im/address.ts";
import { bytesOf, readableParts, textOf } from "../im/content.ts";
import {
  buildNotification,
  cpimOf,
  deliveryNotificationOf,
  deliveryRequestOf,
  readableImdn,
} from "../im/delivery.ts";
import type { DeliveryRequest } from "../im/delivery.ts";
import { mediaTypes } from "../im/identifiers.ts";
import type { ClientParts } from "./parts.ts";
import { buildRequest, send } from "./requesting.ts";

/** Scripted by a tester: a status, a whole response, or what to do with each message; `undefined`: as usual, `"silence"`: no answer. */
export type ScriptedAnswer = number | "silence" | SipResponse | undefined;

export function receiveMessage(
  client: ClientParts,
  incoming: IncomingRequest,
  scripted: ScriptedAnswer,
  store: (entries: readonly InboxEntry[]) => void,
): void {
  const { message } = incoming;
  if (scripted === "silence") return;
  if (typeof scripted === "object") {
    incoming.respond(scripted);
    return;
  }
  const { receiving } = client.decisions;
  const status = scripted ?? receiving.status(client, message);
  after(client, receiving.answerAfterMs(client, message), () => {
    incoming.respond(responseTo(client, message, status));
    if (status >= 300) return;
    if (receiving.stores(client, message)) store(entriesOf(client, message));
    report(client, message);
  });
}

function report(client: ClientParts, message: SipRequest): void {
  const { receiving } = client.decisions;
  const request = deliveryRequestOf(message);
  if (!receiving.reports(client, request)) return;
  after(client, receiving.reportAfterMs(client, message), () =>
    sendReport(client, message, request ?? unrequested(client, message)),
  );
}

/** At once where there is nothing to wait for. */
function after(client: ClientParts, ms: number, act: () => void): void {
  if (ms > 0) client.clock.callAt(client.clock.now() + ms, act);
  else act();
}

/** RFC 3428 7: no Contact, no body. */
export function responseTo(client: ClientParts, message: SipRequest, status: number): SipResponse {
  const { receiving } = client.decisions;
  const headers: readonly (readonly [string, string | undefined])[] = [
    ["P-Preferred-Identity", receiving.preferredIdentity(client, message)],
    ["User-Agent", receiving.userAgent(client, message)],
    ["Server", receiving.server(client, message)],
    // RFC 3261 21.4.13: what would have been taken.
    ["Accept", status === 415 ? "text/plain, message/cpim" : undefined],
    ["Accept-Encoding", status === 415 ? "identity" : undefined],
  ];
  const given = headers.filter((pair): pair is HeaderPair => pair[1] !== undefined);
  return sipResponse(message, status, undefined, { headers: given, toTag: client.ids.token(13) });
}

/** For a client that reports though nobody asked. */
function unrequested(client: ClientParts, message: SipRequest): DeliveryRequest {
  return {
    messageId: header(message, "Call-ID") ?? "",
    dispositions: [],
    dateTime: new Date(client.clock.now()).toISOString(),
    from: assertedUri(message) ?? fromUri(message) ?? "",
    to: client.config.imAddress,
    recordRoutes: [],
  };
}

function sendReport(client: ClientParts, cause: SipRequest, request: DeliveryRequest): void {
  const { reporting } = client.decisions;
  const bytes = buildNotification({
    from: client.config.imAddress,
    to: request.from,
    messageId: client.ids.token(16),
    dateTime: new Date(client.clock.now()).toISOString(),
    routes: reporting.routes(client, request),
    documents: [reporting.document(client, request)],
    boundary: client.ids.token(16),
  });
  const uri = reporting.requestUri(client, request);
  const report = buildRequest(client, {
    method: "MESSAGE",
    uri,
    from: reporting.from(client),
    to: `<${uri}>`,
    headers: [
      ["P-Preferred-Identity", reporting.preferredIdentity(client)],
      ["Accept-Contact", reporting.acceptContact(client)],
      ["User-Agent", reporting.userAgent(client)],
    ],
    body: { contentType: mediaTypes.cpim, bytes },
  });
  void send(client, report, {}, cause);
}

function entriesOf(client: ClientParts, message: SipRequest): readonly InboxEntry[] {
  const { receiving } = client.decisions;
  const kind = receiving.kind(client, message);
  const from = receiving.sender(client, message);
  const subject = receiving.subject(client, message);
  const notification = kind === "delivery-report" ? deliveryNotificationOf(message) : undefined;
  const texts = notification ? notification.documents.map(describeImdn) : [shownText(message)];
  return texts.map((text) => ({ from, kind, text, ...(subject === undefined ? {} : { subject }) }));
}

function describeImdn(document: Uint8Array): string {
  const imdn = readableImdn(document);
  return imdn ? `${imdn.status} ${imdn.recipientUri ?? ""} ${imdn.messageId}` : textOf(document);
}

/** Text of the message; of what lies elsewhere, where it lies (RFC 4483). */
function shownText(message: SipRequest): string {
  const cpim = cpimOf(message);
  if (cpim) return cpim.contentType.params["url"] ?? textOf(cpim.body);
  const parts = readableParts(message).filter((part) => part.disposition?.type !== "recipient-list-history");
  return parts.map((part) => part.contentType.params["url"] ?? textOf(bytesOf(part.body))).join("\n");
}
