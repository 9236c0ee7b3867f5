/** What servers may send apart from the reference: notifications, copies and bodies in other forms, and more than is needed. */
import { decide } from "../../fault/fault.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { prependHeader, withBody, withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import { sipRequest, sipResponse } from "../../wire/sip/build.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { notify } from "../../peer/im-server/decisions/notify.ts";
import type { ServerDecisions } from "../../peer/im-server/decisions.ts";
import { bodyOfParts, bytesOf, draftOf, readableParts, textOf } from "../../peer/im/content.ts";
import { asPrinted } from "./message-forms.ts";
import { isOfBackToBack } from "./user-agents.ts";
import { isPassedOn, ofRequests, onWire, type Change } from "./alterations.ts";

export const aggregating: readonly ServerAlteration[] = [
  decide({
    notify: {
      complete: (_server, _aggregation) => false,
      restarts: (_server, _aggregation) => true,
      failureDocument: (_server, aggregation, failure) =>
        new TextEncoder().encode(
          `<?xml version="1.0"?>\n<i:imdn xmlns:i="urn:ietf:params:xml:ns:imdn"><i:message-id> ${aggregation.messageId} </i:message-id>` +
            `<i:datetime>${aggregation.dateTime}</i:datetime><i:recipient-uri>${failure.recipient}</i:recipient-uri>` +
            `<i:original-recipient-uri>${failure.recipient}</i:original-recipient-uri><i:delivery-notification><i:status><i:error/></i:status>` +
            `<v:why xmlns:v="urn:vendor">${failure.status}</v:why></i:delivery-notification></i:imdn>`,
        ),
    },
  }),
];

/** Ended as soon as all have reported, one CPIM for each notification in a multipart of SIP. */
export const inMultipart: readonly ServerAlteration[] = [
  onWire([
    ofRequests("MESSAGE", (request, cause) =>
      isPassedOn(request, cause) ? request : asSipMultipart(asPrinted(request)),
    ),
  ]),
];

function asSipMultipart(request: SipRequest): SipRequest {
  const text = Buffer.from(request.body).toString("utf8");
  if (header(request, "Content-Type") !== "message/cpim" || !text.includes("<imdn")) return request;
  const body = `preamble\r\n--outer\r\nContent-Type: message/cpim\r\nContent-Length: ${request.body.length}\r\n\r\n${text}\r\n--outer--\r\nepilogue`;
  return withBodyOf(request, 'multipart/mixed; boundary="outer"', body);
}

function withBodyOf(request: SipRequest, type: string, body: string): SipRequest {
  const bytes = new TextEncoder().encode(body);
  return {
    ...withHeader(withHeader(request, "Content-Type", type), "Content-Length", String(bytes.length)),
    body: bytes,
  };
}

/** 100 Trying (which RFC 4320 discourages and products send), final responses and requests twice, Record-Route. */
export const talkative: readonly ServerAlteration[] = [
  onWire(
    [ofRequests("MESSAGE", (request) => prependHeader(request, "Record-Route", "<sip:127.0.0.1:15070;lr>"))],
    (message) => {
      if (message.kind === "request") return [message, message];
      return message.status === 100 ? message : [provisional(message), message, message];
    },
  ),
];

function provisional(final: SipMessage): SipMessage {
  const request = sipRequest({
    method: "MESSAGE",
    uri: "sip:any.invalid",
    headers: final.headers.map(({ name, value }) => [name, value] as const),
  });
  return sipResponse(request, 100);
}

/** The same parts between other boundaries: a B2BUA that takes bodies apart. */
export const otherBoundaries: Change = ofRequests("MESSAGE", (request) => {
  const parts = readableParts(request);
  if (!isOfBackToBack(request) || parts.length < 2) return request;
  const body = bodyOfParts(parts.map(draftOf), "another-one");
  return body === undefined ? request : withBody(request, body.contentType, body.bytes);
});

/** Copies with Message-IDs of their own, which notifications have exchanged for that of the sender again. */
export function ownMessageIds(): readonly ServerAlteration[] {
  const originals = new Map<string, string>();
  const mirrored = (id: string): string => {
    const own = id.split("").reverse().join("");
    originals.set(own, id);
    return own;
  };
  const exchange: Change = ofRequests("MESSAGE", (request, cause) => {
    const type = header(request, "Content-Type");
    if (type === undefined || isPassedOn(request, cause)) return request;
    // As many characters as before: no length within the body changes.
    const text = textOf(request.body)
      .replace(/(?<=^imdn\.Message-ID: )\S+/mu, (id) => (cause === undefined ? id : mirrored(id)))
      .replaceAll(/(?<=<message-id>)[^<]+/gu, (id) => originals.get(id) ?? id);
    return withBody(request, type, bytesOf(text));
  });
  const messageId: ServerDecisions["notify"]["messageId"] = (server, document) => {
    const id = notify.messageId(server, document);
    return id === undefined ? id : (originals.get(id) ?? id);
  };
  return [decide({ notify: { messageId } }), onWire([exchange])];
}

/** Keep-alives of RFC 3261 7.5, and requests that have nothing to do with messages, along with some of those that do. */
export function inCompany(): readonly ServerAlteration[] {
  let sent = 0;
  return [
    onWire([], (message) => {
      sent += 1;
      if (message.kind === "response" || message.method === "OPTIONS") return message;
      return [bytesOf("\r\n\r\n"), ...(sent % 3 === 0 ? [greeting(message, sent)] : []), message];
    }),
  ];
}

function greeting(beside: SipRequest, number: number): SipRequest {
  const via = header(beside, "Via") ?? "";
  return sipRequest({
    method: "OPTIONS",
    uri: "sip:home.example",
    headers: [
      ["Via", via.replace(/branch=[^;,]*/u, `branch=z9hG4bK-company-${number}`)],
      ["Max-Forwards", "70"],
      ["From", "<sip:im-server@home.example>;tag=1"],
      ["To", "<sip:home.example>"],
      ["Call-ID", `company-${number}`],
      ["CSeq", "1 OPTIONS"],
    ],
  });
}
