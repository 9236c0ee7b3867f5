/** Sessions of Pre-defined Groups that are set up (clause 7.2.1.3). Where the joining of 7.2.1.4 asks the same, the fault is of both. */

import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { sessionAnswer, type Naming } from "../peer/im-server/focus/decisions/session-answer.ts";
import type { FocusTurn } from "../peer/im-server/focus/turn.ts";
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import type { MessageTurn } from "../peer/im-server/switch/turn.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { Group } from "../wire/xml/group.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

/** As the core hands them to the focus: groups have the URIs of the SUT file. */
const ofGroup = (request: SipRequest | undefined): boolean => request?.uri.startsWith("sip:group-") === true;
/** The focus speaks under the identity of a session. */
const isOfFocus = (message: SipMessage): boolean =>
  (header(message, "Contact") ?? "").includes("im-session-");
const isSuccessOfGroup = (response: SipResponse, request: SipRequest | undefined): boolean =>
  response.status === 200 && ofGroup(request) && isOfFocus(response);
const isRefusalOfGroup = (response: SipResponse, request: SipRequest | undefined): boolean =>
  response.status >= 300 && ofGroup(request);

function answeredWith(status: number, reason: string): (response: SipResponse) => SipResponse {
  return ({ received: _received, ...response }) => ({ ...response, status, reason });
}

export function asUpdate(request: SipRequest): SipRequest {
  const cseq = (header(request, "CSeq") ?? "").replace("INVITE", "UPDATE");
  return withHeader({ ...request, method: "UPDATE" }, "CSeq", cseq);
}

function inOtherDialog(response: SipResponse): SipResponse {
  return withHeader(response, "To", (header(response, "To") ?? "").replace(/;tag=/u, ";tag=other-"));
}

function withoutBody(response: SipResponse): SipResponse {
  const bare = withoutHeader({ ...response, body: new Uint8Array() }, "Content-Type");
  return withHeader(bare, "Content-Length", "0");
}

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.3-1a", "7.2.1.3-1b"],
    "sets up sessions of groups for other services",
    decide({ sessionAdmission: { groupServesSessions: () => true } }),
  ),
  serverFault(
    "7.2.1.3-1b",
    "forbids sessions of groups for other services",
    decide({ refusals: { groupWithoutSessions: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.3-1a",
    "finds no group that has sessions",
    decide({ sessionAdmission: { groupServesSessions: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-2a", "7.2.1.3-2b", "7.2.1.4-1a", "7.2.1.4-1b"],
    "does not look for isfocus",
    decide({ sessionAdmission: { isFocus: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-2b", "7.2.1.4-1b"],
    "is busy for another focus",
    decide({ refusals: { focusAssigned: () => ({ status: 486, warning: "105 isfocus already assigned" }) } }),
  ),
  serverFault(
    ["7.2.1.3-2d", "7.2.1.4-1c"],
    "refuses another focus without a word",
    decide({ refusals: { focusAssigned: () => ({ status: 403 }) } }),
  ),
  serverFault(
    ["7.2.1.3-3a", "7.2.1.3-3b"],
    "lets anybody start the session of a group",
    decide({ sessionAdmission: { mayInitiate: () => true } }),
  ),
  serverFault(
    "7.2.1.3-3a",
    "lets nobody start the session of a group",
    decide({ sessionAdmission: { mayInitiate: () => false } }),
  ),
  serverFault(
    "7.2.1.3-3b",
    "asks who may not start a session for credentials",
    decide({
      refusals: { initiationNotAuthorised: () => ({ status: 480, warning: "127 Service not authorised" }) },
    }),
  ),
  serverFault(
    "7.2.1.3-3c",
    "tells who may not start a session of another reason",
    decide({
      refusals: { initiationNotAuthorised: () => ({ status: 403, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    ["7.2.1.3-7a", "7.2.1.4-7a"],
    "finds no offer of messages acceptable",
    decide({ sessionMedia: { acceptable: () => false } }),
  ),
  serverFault(
    ["7.2.1.3-7b", "7.2.1.4-7b"],
    "has no media type for an offer that it does not take",
    decide({ refusals: { sessionMedia: () => ({ status: 415 }) } }),
  ),
  serverFault(
    "7.2.1.3-8-1",
    "knows no session that could be watched",
    onResponse("SUBSCRIBE", answeredWith(404, "Not Found"), (_response, request) => ofGroup(request)),
  ),
  serverFault(
    "7.2.1.3-8-2",
    "gives all sessions one identity",
    decide({ sessionAnswer: { newIdentity: () => "sip:im-session-always@home.example" } }),
  ),
  serverFault(
    ["7.2.1.3-8a", "7.2.1.4-8a"],
    "leaves out the last member",
    decide({
      sessionAdmission: {
        invitedMembers: (...about: Parameters<typeof sessionAdmission.invitedMembers>) =>
          sessionAdmission.invitedMembers(...about).slice(0, -1),
      },
    }),
  ),
  serverFault(
    ["7.2.1.3-8a", "7.2.1.4-8a"],
    "invites the members of a chat group",
    decide({
      sessionAdmission: {
        invitedMembers: (turn: FocusTurn, group: Group) =>
          group.members.filter(({ uri }) => uri !== turn.originator),
      },
    }),
  ),
  serverFault(
    ["7.2.1.3-8b", "7.2.1.4-8b-1"],
    "keeps back what the originator writes",
    decide({
      relay: {
        recipients: (turn: MessageTurn) =>
          turn.sender.id === turn.participants[0]?.id ? relay.recipients(turn) : [],
      },
    }),
  ),
  serverFault(
    "7.2.1.3-9",
    "names another session to who comes later",
    decide({
      sessionAnswer: {
        contact: (...[focus, conference]: Parameters<typeof sessionAnswer.contact>) => {
          const contact = sessionAnswer.contact(focus, conference);
          return conference.participants.size < 2 ? contact : contact.replace("@", "-other@");
        },
      },
    }),
  ),
  serverFault(
    "7.2.1.3-9",
    "makes two sessions of a group that two members begin at the same time",
    decide({
      sessionAdmission: {
        sessionOfGroup: (turn: FocusTurn, uri: string) => {
          const session = sessionAdmission.sessionOfGroup(turn, uri);
          const isNew = session !== undefined && turn.server.clock.now() - session.startedAt < 5;
          return isNew ? undefined : session;
        },
      },
    }),
  ),
  serverFault(
    ["7.2.1.3-200-1", "7.2.1.4-8b-2"],
    "answers twice, in two dialogs",
    onResponse("INVITE", (response) => [response, inOtherDialog(response)], isSuccessOfGroup),
  ),
  serverFault(
    "7.2.1.3-200-2",
    "answers the originator without SDP",
    onResponse("INVITE", (response) => withoutBody(response), isSuccessOfGroup),
  ),
  serverFault(
    "7.2.1.3-200-2a",
    "answers with a type that the member takes and nobody has offered",
    decide({ sessionMedia: { answerTypes: (offered: readonly string[]) => [...offered, "image/gif"] } }),
  ),
  serverFault(
    ["7.2.1.3-200-3", "7.2.1.3-200-1"],
    "does not tell the originator that a member has come",
    onResponse("INVITE", () => undefined, isSuccessOfGroup),
  ),
  serverFault(
    "7.2.1.3-200-4",
    "keeps back what members write",
    decide({
      relay: {
        recipients: (turn: MessageTurn) =>
          turn.sender.id === turn.participants[0]?.id ? [] : relay.recipients(turn),
      },
    }),
  ),
  serverFault(
    ["7.2.1.3-fail-0", "7.2.1.3-fail-1a"],
    "leaves the originator without an answer when every member has refused",
    onResponse("INVITE", () => undefined, isRefusalOfGroup),
  ),
  serverFault(
    "7.2.1.3-fail-1b",
    "sends the originator elsewhere when every member has refused",
    decide({ sessionAnswer: { failureStatus: () => 302 } }),
  ),
  serverFault(
    ["7.2.1.3-4", "7.2.1.4-4"],
    "changes sessions by UPDATE, whatever the client allows",
    onRequest("INVITE", asUpdate, (request) => toOf(request)?.tag !== undefined && isOfFocus(request)),
  ),
  serverFault(
    ["7.2.1.3-5", "7.2.1.4-5"],
    "takes a user's own name before that of the group",
    decide({
      sessionAnswer: {
        displayName: (naming: Naming) =>
          naming.introduction.assertedName ?? sessionAnswer.displayName(naming),
      },
    }),
  ),
  serverFault(
    ["7.2.1.3-6", "7.2.1.4-6"],
    "lets users hide where the group does not",
    decide({ sessionAdmission: { groupAnonymityAllowed: () => true } }),
  ),
  serverFault(
    ["7.2.1.3-6", "7.2.1.4-6"],
    "is not there for those who may not hide",
    decide({ refusals: { sessionAnonymity: () => ({ status: 480, warning: "119 Anonymity not allowed" }) } }),
  ),
  serverFault(
    ["7.2.1.3-6", "7.2.1.4-6"],
    "names those who hide in notifications",
    decide({ conferenceState: { userEntity: (uri: string) => uri } }),
  ),
  inSet(
    "early-answer",
    serverFault(
      ["7.2.1.3-fail-2", "7.2.1.3-fail-0"],
      "leaves the originator alone when every member has refused",
      decide({ sessionAnswer: { removesAlone: () => false } }),
    ),
  ),
];
