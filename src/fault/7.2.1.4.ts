/** Sessions of Pre-defined Groups that are joined (clause 7.2.1.4). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { FocusTurn, SessionTarget } from "../peer/im-server/focus/turn.ts";
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { fromOf, header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ConferenceInfoDraft } from "../wire/xml/conference-info.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

/** Ted and Bob join in the scenarios, which have them from the pool in its order; the focus speaks under the identity of a session. */
function isJoining(response: SipResponse, request: SipRequest | undefined): boolean {
  const isOfFocus = (header(response, "Contact") ?? "").includes("im-session-");
  const isFirst = request === undefined || fromOf(request)?.uri.startsWith("sip:alice@") === true;
  return response.status === 200 && isOfFocus && !isFirst && request.uri.startsWith("sip:group-");
}

function withoutBody(response: SipResponse): SipResponse {
  const bare = withoutHeader({ ...response, body: new Uint8Array() }, "Content-Type");
  return withHeader(bare, "Content-Length", "0");
}

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.4-2a", "7.2.1.4-2b"],
    "lets anybody join",
    decide({ sessionAdmission: { mayJoinGroup: () => true } }),
  ),
  serverFault("7.2.1.4-2a", "lets nobody join", decide({ sessionAdmission: { mayJoinGroup: () => false } })),
  serverFault(
    "7.2.1.4-2b",
    "does not find the session for who may not join",
    decide({
      refusals: { joiningNotAuthorised: () => ({ status: 404, warning: "127 Service not authorised" }) },
    }),
  ),
  serverFault(
    "7.2.1.4-2c",
    "tells who may not join nothing of the reason",
    decide({ refusals: { joiningNotAuthorised: () => ({ status: 403 }) } }),
  ),
  serverFault(
    ["7.2.1.4-3", "7.2.1.4-3b-1"],
    "lets more users in than the group may have",
    decide({ sessionAdmission: { groupFull: () => false } }),
  ),
  serverFault(
    "7.2.1.4-3",
    "finds the session full when one more may come",
    decide({
      sessionAdmission: {
        groupFull: (...[conference]: Parameters<typeof sessionAdmission.groupFull>) =>
          conference.participants.size + 1 >= (conference.group?.maxParticipantCount ?? Infinity),
      },
    }),
  ),
  serverFault(
    "7.2.1.4-3b-1",
    "declines for everybody when the session is full",
    decide({ refusals: { sessionFull: () => ({ status: 600, warning: "102 Too many participants" }) } }),
  ),
  serverFault(
    "7.2.1.4-3b-2",
    "is busy without a word when the session is full",
    decide({ refusals: { sessionFull: () => ({ status: 486 }) } }),
  ),
  serverFault(
    "7.2.1.4-8",
    "knows groups only that have a session",
    decide({
      sessionAdmission: {
        target: async (turn: FocusTurn): Promise<SessionTarget> => {
          const target = await sessionAdmission.target(turn);
          const isIdle = target.kind === "group" && turn.focus.conferences.ofGroup(target.uri) === undefined;
          return isIdle ? { kind: "unknown", uri: target.uri } : target;
        },
      },
    }),
  ),
  serverFault(
    ["7.2.1.4-9", "7.2.1.4-10"],
    "answers who joins with 202",
    onResponse(
      "INVITE",
      ({ received: _received, ...response }) => ({ ...response, status: 202, reason: "Accepted" }),
      isJoining,
    ),
  ),
  serverFault(
    ["7.2.1.4-9", "7.2.1.4-10"],
    "does not answer who joins",
    onResponse("INVITE", () => undefined, isJoining),
  ),
  serverFault("7.2.1.4-9a", "answers who joins without SDP", onResponse("INVITE", withoutBody, isJoining)),
  serverFault(
    "7.2.1.4-9b",
    "answers with a type that was not offered",
    decide({ sessionMedia: { answerTypes: (offered: readonly string[]) => [...offered, "image/gif"] } }),
  ),
  serverFault(
    ["7.2.1.4-11", "7.2.1.4-12"],
    "does not tell subscribers of who joins",
    decide({ conferenceState: { tellsChanges: () => false } }),
  ),
  serverFault(
    "7.2.1.4-11",
    "tells subscribers that something has changed, and not what",
    decide({
      conferenceState: {
        document: (draft: ConferenceInfoDraft) =>
          draft.state === "partial" ? { ...draft, users: { state: "partial", list: [] } } : draft,
      },
    }),
  ),
];
