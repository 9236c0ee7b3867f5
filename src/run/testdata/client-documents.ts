/** What clients may write into their messages and publications, apart from the reference. */
import { ofRequests, onWire } from "./alterations.ts";
import { asPrinted } from "./message-forms.ts";
import { decide } from "../../fault/fault.ts";
import type { ClientAlteration } from "../../peer/im-client/client.ts";
import { publishing } from "../../peer/im-client/decisions/publishing.ts";
import { sending } from "../../peer/im-client/decisions/sending.ts";
import { defaultSettings } from "../../peer/im-client/config.ts";
import { bodyOfParts, bytesOf, readableParts, draftOf, textOf } from "../../peer/im/content.ts";
import type { MessageAction, Settings } from "../../spec/actions.ts";
import { withBody } from "../../wire/sip/edit.ts";
import type { SipRequest } from "../../wire/sip/message.ts";

const xml = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The list in another structure and order, before the text; an exploder in the place of the factory. */
export const lists: readonly ClientAlteration[] = [
  decide({
    sending: {
      sessionType: () => ";sessiontype=ADHOC;x-vendor=1",
      requestUri: (client, action) =>
        isForSeveral(action)
          ? "sip:exploder@home.example;sessiontype=adhoc"
          : sending.requestUri(client, action),
      body: (client, action, messageId) => {
        const body = sending.body(client, action, messageId);
        return isForSeveral(action) ? relisted(body, [...action.to].reverse()) : body;
      },
    },
  }),
];

function isForSeveral(action: MessageAction): boolean {
  return action.toKind === "user" && action.to.length > 1;
}

function relisted(body: { contentType: string; bytes: Uint8Array }, to: readonly string[]): typeof body {
  const [first, ...others] = to;
  const entries = others.map(
    (uri) => `<r:entry uri="${uri}" c:copyControl="cc"><r:display-name>x</r:display-name></r:entry>`,
  );
  const list = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- whom it may concern --><r:resource-lists xmlns:r="urn:ietf:params:xml:ns:resource-lists" xmlns:c="urn:ietf:params:xml:ns:copycontrol">
  <r:list name="friends"><r:list><r:entry uri="${first ?? ""}" c:copyControl="to" /></r:list></r:list><r:list>${entries.join("\n")}</r:list>
</r:resource-lists>`;
  const message = withBody(PLAIN, body.contentType, body.bytes);
  const parts = readableParts(message).filter((part) => part.disposition?.type !== "recipient-list");
  const drafts = [
    {
      contentType: "Application/Resource-Lists+XML; charset=UTF-8",
      disposition: "Recipient-List;handling=required",
      body: xml(list),
    },
    ...parts.map((part) => draftOf(part)),
  ];
  return bodyOfParts(drafts, "list.first'42") ?? body;
}

const PLAIN: SipRequest = {
  kind: "request",
  method: "MESSAGE",
  uri: "sip:a",
  version: "SIP/2.0",
  headers: [],
  body: xml(""),
};

/** CPIM with another prefix, other zones of time, more headers, and a type with parameters. */
export const cpim: readonly ClientAlteration[] = [
  decide({
    sending: {
      body: (client, action, messageId) => {
        const body = sending.body(client, action, messageId);
        return { ...body, bytes: bytesOf(otherCpim(textOf(body.bytes))) };
      },
    },
    reporting: {
      document: (client, request) =>
        xml(
          `<?xml version="1.0" encoding="UTF-8"?><q:imdn xmlns:q="urn:ietf:params:xml:ns:imdn" xmlns:v="urn:vendor">\n <q:message-id>${request.messageId}</q:message-id>\n` +
            ` <q:datetime>${request.dateTime}</q:datetime>\n <q:recipient-uri>${client.config.imAddress}</q:recipient-uri><q:original-recipient-uri>${request.to}</q:original-recipient-uri>` +
            `<q:delivery-notification><q:status><q:delivered/></q:status></q:delivery-notification><v:model>X</v:model></q:imdn>`,
        ),
    },
    receiving: { answerAfterMs: () => 200, reportAfterMs: () => 300, status: () => 202 },
  }),
  onWire([ofRequests("MESSAGE", asPrinted)]),
];

function otherCpim(text: string): string {
  return text
    .replace(/^DateTime: .*$/mu, "DateTime: 2007-08-16T02:00:00+02:00")
    .replaceAll("imdn.", "d-n.")
    .replace("NS: imdn <", "Subject:;lang=de Grüße\r\ncc: Other <sip:other@home.example>\r\nNS: d-n <")
    .replace(
      /^Content-Type: text\/plain$/mu,
      'Content-type: text/plain; charset="utf-8"\r\nContent-ID: <1234@home.example>',
    );
}

const published = new WeakMap<object, Settings>();

/** Later documents tell what has changed. */
export const partial: readonly ClientAlteration[] = [
  decide({
    publishing: {
      settings: (client, settings) => {
        const before = client.publication.entityTag === undefined ? {} : published.get(client.publication);
        published.set(client.publication, settings);
        return Object.fromEntries(
          Object.entries(settings).filter(([name, value]) =>
            Object.entries(before ?? {}).every(([known, old]) => known !== name || old !== value),
          ),
        );
      },
      document: (client, settings) => {
        const { contentType, bytes } = publishing.document(client, settings);
        return { contentType: `${contentType};charset=utf-8`, bytes };
      },
    },
  }),
];

/** The settings in another layout: prefixes, an entity for each namespace, 1 and 0, and what other vendors add. */
export const otherDocuments: readonly ClientAlteration[] = [
  decide({
    publishing: {
      document: (client, settings) => ({
        contentType: "Application/PoC-Settings+XML",
        bytes: bytesOf(otherDocument(client.entityId, { ...defaultSettings, ...settings })),
      }),
    },
  }),
];

function otherDocument(id: string, settings: Settings): string {
  const is = (value: boolean | undefined): string => (value ? "1" : "0");
  const { barSessions, barMessages, invisible, offlineDelivery, recordSessions, recordMessages } = settings;
  return `<?xml version="1.0" encoding="UTF-8"?>
<p:poc-settings xmlns:p="urn:oma:params:xml:ns:poc:poc-settings" xmlns:i="urn:oma:xml:im:service-settings"><!-- by hand -->
 <p:entity id="${id}">
  <p:isb-settings><p:incoming-session-barring active="${is(barSessions)}"/></p:isb-settings>
  <p:ipab-settings><p:incoming-personal-alert-barring active=" ${is(barMessages)} "/></p:ipab-settings>
  <i:vis-settings><i:vis-status active="${is(!(invisible ?? false))}"/></i:vis-settings>
  <i:deferred-settings><i:offline-delivery active="${is(offlineDelivery)}"></i:offline-delivery></i:deferred-settings>
  <i:hist-settings>
   <i:hist-activation active="${is(recordMessages)}"><i:pager-large-mode/></i:hist-activation>
   <i:hist-activation active="${is(recordSessions)}"><i:session-mode/></i:hist-activation>
  </i:hist-settings>
 </p:entity>
</p:poc-settings>
`;
}
