/** What servers may answer, and how they may name themselves and others, apart from the reference. */
import { decide } from "../../fault/fault.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { refusals } from "../../peer/im-server/decisions/refusals.ts";
import { appendHeader, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { assertedUri, fromUri } from "../../peer/im/address.ts";
import { isPassedOn, ofRequests, ofResponses, onWire } from "./alterations.ts";

/** The codes of 5.6.2 in the words of another vendor. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  "102": "102 TOO MANY RECIPIENTS",
  "119": "119 Anonymität ist nicht erlaubt",
  "122": "122 function Not Allowed!",
  "127": "127 — служба не разрешена",
};

function inOtherWords(text: string): string {
  return OTHER_WORDS[text.slice(0, 3)] ?? text;
}

const RELEASE = "IM-serv/OMA1.0 Vendor-IMS/7.2.1 (build 4711; linux \\(x86\\)) sipstack/2";
const RELEASE_IN_SMALL = "im-SERV/oma1.0";

/** Its own refusals, in other words, codes, agents and headers. */
export const refusing: readonly ServerAlteration[] = [
  decide({
    responses: {
      warning: (_turn, text) =>
        `399 im.home.example:5070 "${inOtherWords(text)}", 307 [2001:db8::1]:5060 "Session parameter 'foo' not understood", 399 gw1 "${text.slice(0, 3)} \\"as the gateway says\\""`,
      errorInfo: (_turn, uri) => `${uri};reason="unanswered";x=y, <sip:announcement-17@home.example>`,
      server: (_turn, status) => (status === 200 ? undefined : RELEASE),
    },
    refusals: {
      sessionNotOngoing: (_turn) => ({ status: 404 }),
      expired: (_turn) => ({ status: 202 }),
      incomingExpired: (_turn) => ({ status: 200 }),
      settingsInvalid: (_turn) => ({ status: 488 }),
      settingsType: (_turn) => ({
        status: 415,
        headers: [["Accept", "application/poc-settings+xml;version=1"]],
      }),
      outgoingContent: (turn) => ({
        ...refusals.outgoingContent(turn),
        headers: [
          ["Accept", "text/*;q=0.8, message/cpim; charset=utf-8"],
          ["Accept-Encoding", "identity"],
        ],
      }),
      eventUnknown: (_turn) => ({ status: 489, headers: [["Allow-Events", "presence, poc-settings"]] }),
    },
  }),
  onWire([
    ofResponses("MESSAGE", (response) =>
      response.status < 300 ? withHeader(response, "Reason", "SIP;cause=200") : response,
    ),
  ]),
];

/** Nothing but what has to be there. */
export const reticent: readonly ServerAlteration[] = [
  decide({
    responses: { server: (_turn, _status) => RELEASE_IN_SMALL },
    refusals: {
      outgoingContent: (_turn) => ({ status: 415, headers: [["Accept", "text/plain"]] }),
      incomingContent: (_turn) => ({ status: 415, headers: [["Accept", "*/*;q=0.1"]] }),
      expired: (_turn) => ({ status: 408 }),
      incomingExpired: (_turn) => ({ status: 488 }),
    },
    termination: { deferredStatus: (_turn) => 200 },
  }),
];

/** The release elsewhere: Server on requests of its own, User-Agent in responses. */
export const releases: readonly ServerAlteration[] = [
  decide({
    systemMessage: { userAgent: (_server) => undefined, server: (_server) => RELEASE },
    copy: { userAgent: (_turn) => undefined },
    notify: { userAgent: (_server) => undefined },
    responses: { server: (_turn, _status) => undefined },
    termination: { serverHeader: (_turn) => undefined },
  }),
  onWire([
    ofRequests("MESSAGE", (request, cause) =>
      isPassedOn(request, cause) ? withHeader(request, "User-Agent", "IM-serv/OMA1.0") : request,
    ),
    (message) =>
      message.kind === "response" && header(message, "User-Agent") === undefined
        ? appendHeader(message, "User-Agent", RELEASE)
        : message,
  ]),
];

/** The release in the response that goes back for what was passed on, since Server is a header of responses. */
export const releaseInResponses: readonly ServerAlteration[] = [
  decide({ termination: { serverHeader: (_turn) => undefined } }),
  onWire([
    ofResponses("MESSAGE", (response) =>
      header(response, "Server") === undefined
        ? appendHeader(response, "Server", "IM-serv/OMA1.0")
        : response,
    ),
  ]),
];

const withName = (uri: string): string => `"Zoë \\"Z\\" <x>" <${uri}>`;

export const identities: readonly ServerAlteration[] = [
  decide({
    copy: {
      assertedIdentity: (turn) => {
        const { destination, originator } = turn;
        return destination.kind === "ad-hoc"
          ? `${withName(originator)}, <tel:+46700000001>`
          : withName(destination.uri);
      },
      acceptContact: (_turn) => "*;+g.oma.sip-im;require;explicit",
      referredBy: (turn) =>
        turn.destination.kind === "ad-hoc" || header(turn.request, "Privacy") !== undefined
          ? undefined
          : `"Alice" <${turn.originator}>;cid="1234@home.example"`,
      to: (turn, recipient) =>
        turn.destination.kind === "group" ? `"The group" <${turn.destination.uri}>` : recipient,
      date: (_turn) => undefined,
      privacy: (turn) => (header(turn.request, "Privacy") === undefined ? undefined : "id;user"),
    },
    systemMessage: {
      acceptContact: (_server) => "*;+g.oma.sip-im;require, *;require;explicit;+g.oma.sip-im.system-message",
      assertedIdentity: (server) => `"Operator" <${server.config.serviceUris.systemSender}>, <tel:+4670>`,
    },
    notify: {
      acceptContact: (_server) => "*;+G.OMA.SIP-IM;explicit",
      from: (_server, sender) => `"Report" <${sender}>`,
    },
  }),
];

/** Who wrote in From, where 5.1 lets it be. */
export const originatorInFrom: readonly ServerAlteration[] = [
  decide({
    copy: {
      assertedIdentity: (turn) =>
        turn.destination.kind === "ad-hoc" ? undefined : `<${turn.destination.uri}>`,
    },
    systemMessage: { assertedIdentity: (_server) => undefined },
    // RFC 3323 4.1.1.3: who hides in From is nobody.
    admission: { originator: (request) => assertedUri(request) ?? openly(fromUri(request)) },
  }),
];

function openly(uri: string | undefined): string | undefined {
  return uri?.endsWith(".invalid") === true ? undefined : uri;
}

/** What stands in copies beside the text: nothing of the list. */
export const sparseCopies: readonly ServerAlteration[] = [
  decide({
    copy: {
      assertedIdentity: (turn) =>
        turn.destination.kind === "ad-hoc" ? `<${turn.originator}>` : `<${turn.destination.uri}>`,
      from: (turn) =>
        turn.destination.kind === "ad-hoc" ? `<${turn.originator}>` : `<${turn.destination.uri}>`,
      referredBy: (turn) =>
        turn.destination.kind === "ad-hoc"
          ? undefined
          : header(turn.request, "Privacy") === undefined
            ? `<${turn.originator}>`
            : undefined,
      userAgent: (_turn) => undefined,
      date: (_turn) => undefined,
      subject: (_turn) => undefined,
      expires: (_turn) => undefined,
    },
    control: {
      recipients: (turn) => [...new Set(turn.recipients)].reverse(),
    },
  }),
];

/** Characters of a token (RFC 3903 11.3) that few would think of. */
const OWN_MARK = "%*_+`'~!.-";

export const publishing: readonly ServerAlteration[] = [
  decide({
    publishing: {
      expires: (_turn, requested) => Math.min(requested ?? 300, 300),
      entityTag: (_turn, tag) => OWN_MARK + tag,
      entityTagMatters: (turn) => {
        const named = header(turn.request, "SIP-If-Match") ?? "";
        Object.assign(turn, {
          request: withHeader(turn.request, "SIP-If-Match", named.replace(OWN_MARK, "")),
        });
        return true;
      },
      kept: (_turn, settings) => settings,
    },
    registration: { expires: (_turn, received) => received },
  }),
  onWire([ofResponses("REGISTER", (response, cause) => asRegistrar(response, cause))]),
];

/** RFC 3261 10.3, step 8: what is bound, and until when, stands in Contact. */
function asRegistrar<M extends SipMessage>(response: M, cause: SipRequest | undefined): M {
  const contact = cause === undefined ? undefined : header(cause, "Contact");
  const expires = header(response, "Expires");
  if (contact === undefined || expires === undefined) return response;
  const bare = contact.replace(/;\s*expires=\d+/iu, "");
  return appendHeader(withoutHeader(response, "Expires"), "Contact", `${bare};expires=${expires}`);
}
