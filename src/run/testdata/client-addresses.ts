/** How clients may register, name themselves, and keep their ways open, apart from the reference. */
import { decide } from "../../fault/fault.ts";
import type { ClientAlteration } from "../../peer/im-client/client.ts";
import { sending } from "../../peer/im-client/decisions/sending.ts";
import { bytesOf } from "../../peer/im/content.ts";
import { sipRequest } from "../../wire/sip/build.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { ofRequests, onWire } from "./alterations.ts";

export const RELEASE = "IM-client/OMA1.0 Vendor-Phone/12.4 (os; rev \\(7\\)) stack/3";

/** Contact as phones write it; a Call-ID for each registration; expires at the Contact, as well. */
export const registering: readonly ClientAlteration[] = [
  decide({
    registering: {
      contact: (client, kind) => {
        const tag = kind === "leave" ? "" : ";+G.oma.sip-IM";
        const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"';
        const expires = kind === "deregister" ? 0 : 1800;
        return `"Klara <the, one>" <${client.contactUri()}>;q=0.7;${instance}${tag};+g.3gpp.smsip;video;methods="MESSAGE,OPTIONS";expires=${expires}`;
      },
      callId: (client) => `${client.registration.callId}-${client.registration.cseq}`,
      require: () => "Pref",
      supported: () => "path, gruu, outbound",
      userAgent: () => RELEASE,
      from: ({ config }) => `"Klara" <${config.imAddress}>`,
      to: ({ config }) => config.imAddress,
    },
  }),
];

/** RFC 3261 10.2.2: everything that is bound goes. */
export const starred: readonly ClientAlteration[] = [
  decide({
    registering: {
      contact: (client, kind) =>
        kind === "deregister" ? "*" : `<${client.contactUri()}>${kind === "leave" ? "" : ";+g.oma.sip-im"}`,
    },
    receiving: { preferredIdentity: () => undefined, userAgent: () => undefined, server: () => RELEASE },
    sending: { preferredIdentity: () => undefined, sessionType: () => "" },
    publishing: { preferredIdentity: () => undefined, omitsServiceId: () => true },
    reporting: { preferredIdentity: () => undefined },
  }),
];

/** How long it lasts, and its end (defect A2), by the parameter of Contact alone. */
export const byContact: readonly ClientAlteration[] = [
  decide({
    registering: {
      contact: ({ config, ...client }, kind) => {
        const tag = kind === "leave" ? "" : ";+g.oma.sip-im";
        const seconds = kind === "deregister" ? 0 : config.registrationExpiresS;
        return `<${client.contactUri()}>${tag};expires=${seconds}`;
      },
      expires: () => undefined,
    },
  }),
];

/** Two Contacts, of which one is a telephone elsewhere. */
export const twoContacts: readonly ClientAlteration[] = [
  onWire([
    ofRequests("REGISTER", (request) => {
      const own = header(request, "Contact") ?? "";
      return own === "*"
        ? request
        : withHeader(request, "Contact", `${own}, <mailto:klara@home.example>;q=0.1`);
    }),
  ]),
];

const acceptContact = "*;video;-x, *;require;explicit;+g.oma.sip-im";

/** Identities, privacy and caller preferences in other forms. */
export const identities: readonly ClientAlteration[] = [
  decide({
    sending: {
      preferredIdentity: ({ config }) => `"Klara" <${config.imAddress}>`,
      from: ({ config }, action) =>
        action.anonymous ? "<sip:anonymous@anonymous.invalid>" : `"Klara" <${config.imAddress}>`,
      privacy: (_client, action) => (action.anonymous ? "header; id ;critical" : "none"),
      acceptContact: () => acceptContact,
      userAgent: () => RELEASE,
      to: (client, action) => `"To; them" ${sending.to(client, action)}`,
    },
    publishing: {
      preferredIdentity: ({ config }) => `"Klara" <${config.imAddress}>`,
      acceptContact: () => "*;require;+g.oma.sip-im",
      userAgent: () => "im-client/oma1.0",
      event: () => "poc-settings;id=4",
    },
    receiving: { userAgent: () => RELEASE, preferredIdentity: ({ config }) => `"K" <${config.imAddress}>` },
    reporting: { userAgent: () => RELEASE, acceptContact: () => acceptContact },
  }),
];

/** Keep-alives of phones behind a NAT, and the presence of the user, beside its registrations. */
export function inCompany(): readonly ClientAlteration[] {
  let sent = 0;
  return [
    onWire([], (message) => {
      sent += 1;
      if (message.kind === "response") return [message, message];
      const keepAlive = bytesOf(sent % 2 === 0 ? "\r\n\r\n" : "\r\n");
      return message.method === "REGISTER"
        ? [keepAlive, message, message]
        : [keepAlive, message, presence(message, sent), message];
    }),
  ];
}

function presence(beside: SipRequest, number: number): SipRequest {
  const body = bytesOf(
    '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:k@home.example"/>',
  );
  const via = header(beside, "Via") ?? "";
  return sipRequest({
    method: "PUBLISH",
    uri: "sip:klara@home.example",
    headers: [
      ["Via", via.replace(/branch=[^;,]*/u, `branch=z9hG4bK-presence-${number}`)],
      ["Max-Forwards", "70"],
      ["From", "<sip:klara@home.example>;tag=p1"],
      ["To", "<sip:klara@home.example>"],
      ["Call-ID", `presence-${number}`],
      ["CSeq", "1 PUBLISH"],
      ["Event", "presence"],
      ["User-Agent", RELEASE],
      ["Content-Type", "application/pidf+xml"],
    ],
    body,
  });
}
