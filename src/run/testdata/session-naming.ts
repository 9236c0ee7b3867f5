/** How servers may name sessions, themselves and others in session mode, apart from the reference. */
import { decide } from "../../fault/fault.ts";
import type { ServerAlteration } from "../../peer/im-server/server.ts";
import { sessionInvitation } from "../../peer/im-server/focus/decisions/session-invitation.ts";
import { sessionAnswer } from "../../peer/im-server/focus/decisions/session-answer.ts";
import { sessionAdmission } from "../../peer/im-server/focus/decisions/session-admission.ts";
import { relay } from "../../peer/im-server/switch/decisions/relay.ts";
import { bytesOf, textOf } from "../../peer/im/content.ts";
import type { Conference } from "../../peer/im-server/focus/conference.ts";
import { IM_TAG } from "../../peer/im/identifiers.ts";
import { withBody, withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import { parseNameAddr } from "../../wire/sip/name-addr.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { ofRequests, ofResponses, onWire, type Change } from "./alterations.ts";

/** Feature parameters in another order, with the value that they have anyway (RFC 3840 9), and beside others. */
const focusContact = ({ identity }: Conference): string =>
  `"Session, \\"the one\\"" <${identity};gr=urn:uuid:f81d4fae>;+G.OMA.SIP-IM="TRUE";audio;IsFocus;automata;methods="INVITE,BYE"`;

const named = (value: string | undefined, name: string): string | undefined =>
  value === undefined ? undefined : `"${name}" <${parseNameAddr(value).uri}>`;

/** What a focus says of itself and of who invites. */
export const otherNames: readonly ServerAlteration[] = [
  decide({
    sessionAnswer: {
      newIdentity: (token, host) => `sip:${token}+room!(1)~*'&a=b$c,d@${host.toUpperCase()}`,
      contact: (_focus, conference) => focusContact(conference),
      assertedIdentity: (focus, conference) =>
        named(sessionAnswer.assertedIdentity(focus, conference), "Zoë \\\\ & co."),
    },
    relay: {
      recipients: (turn) => [...relay.recipients(turn)].reverse(),
    },
    sessionAdmission: {
      invitedMembers: (turn, group) => [...sessionAdmission.invitedMembers(turn, group)].reverse(),
    },
    sessionInvitation: {
      listed: (entries) => [...entries].reverse(),
      acceptContact: () => `*;explicit;${IM_TAG};require, *;text;methods="INVITE"`,
      contact: ({ conference }) => focusContact(conference),
      to: ({ uri }) => `"To ${uri.replaceAll(/^sips?:|[@;].*$/g, "")}" <${uri}>`,
      referredBy: (inviting) => {
        const usual = sessionInvitation.referredBy(inviting);
        return usual === undefined ? undefined : `${usual};cid="20398823.2UWQFN309shb3@home.example"`;
      },
      privacy: (inviting) =>
        sessionInvitation.privacy(inviting) === undefined ? undefined : "session; id ;user",
    },
  }),
  onWire([
    ofRequests("INVITE", (request) => withOtherList(withMoreMethods(request))),
    ofResponses("INVITE", (response) =>
      response.status < 300 && response.status > 100 ? withMoreMethods(response) : response,
    ),
  ]),
];

/** Methods of others, those of all in another order (RFC 3261 20.5), and extensions that nobody else knows (20.37). */
function withMoreMethods<M extends SipMessage>(message: M): M {
  const allowed = header(message, "Allow");
  if (allowed === undefined) return message;
  const methods = [...allowed.split(",").map((method) => method.trim()), "INFO", "X-CHAT"].reverse();
  const changed = withHeader(message, "Allow", methods.join(" , "));
  const supported = header(changed, "Supported");
  return supported === undefined
    ? changed
    : withHeader(changed, "Supported", `x-vendor, ${supported}, histinfo`);
}

/** The list of who else is invited (RFC 5366 5.2), between another boundary, with prefixes and lists within lists. */
function withOtherList(request: SipRequest): SipRequest {
  const type = header(request, "Content-Type") ?? "";
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1];
  const text = textOf(request.body);
  const isOfFocus = /isfocus/i.test(header(request, "Contact") ?? "");
  if (!isOfFocus || boundary === undefined || !text.includes("<resource-lists")) return request;
  const written = text
    .replaceAll(boundary, "=_other 'part'_7")
    .replaceAll(/<(\/?)(?=(?:resource-lists|list|entry|display-name)\b)/g, "<$1rl:")
    .replace(/(<rl:resource-lists[^>]*?) xmlns="/, '$1 xmlns:rl="')
    .replace(/<rl:list[^>]*>/, '$&<rl:display-name xml:lang="en">others</rl:display-name><rl:list name="inner">')
    .replace(/<\/rl:list>/, "</rl:list></rl:list>");
  return withBody(request, `Multipart/Mixed ; boundary="=_other 'part'_7"`, bytesOf(written));
}

/** 183 in the place of 180 of the focus (RFC 3261 21.1.5), which has nothing to ring with. */
const progress: Change = ofResponses("INVITE", (response) =>
  response.status === 180 && /isfocus/i.test(header(response, "Contact") ?? "")
    ? { ...response, status: 183, reason: "Session Progress" }
    : response,
);

export const withoutRinging: readonly ServerAlteration[] = [onWire([progress])];
