/** Whom the focus invites, and with what (clauses 7.2.2.2, 7.2.2.3). */
import type { Hop } from "../net/network.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { FocusTurn } from "../peer/im-server/focus/turn.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { SdpDescription } from "../wire/sdp/description.ts";
import { withRequestUri } from "../wire/sip/edit.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { toOf, vias } from "../wire/sip/headers.ts";
import { decide, onRequest, serverFault, type Fault } from "./fault.ts";

type Group = Parameters<typeof sessionAdmission.invitedMembers>[1];

/** INVITEs go to the client of whom they are sent for, whose address its own INVITE had in its last Via. */
function pastTheCore(): ServerAlteration {
  let client: Hop | undefined;
  return decide({
    originatingSession: {
      requestUri: ({ request }, usual) => {
        const via = vias(request).at(-1);
        if (via) client = { host: via.host, port: via.port ?? 5060, transport: "udp" };
        return usual;
      },
    },
    sessionInvitation: { nextHop: ({ focus }) => client ?? focus.server.config.core },
  });
}

/** What the focus sends in the dialogs that it made goes to what To names, and not to the Contact that it was told. */
function toTheAddress(method: string): ServerAlteration {
  const isOfFocus = (request: SipRequest): boolean =>
    /^sip:(?:via-|[a-z]+@127\.)/u.test(request.uri) && addressOf(request) !== undefined;
  return onRequest(
    method,
    (request) => withRequestUri(request, addressOf(request) ?? request.uri),
    isOfFocus,
  );
}

function addressOf(request: SipRequest): string | undefined {
  const uri = toOf(request)?.uri;
  return uri !== undefined && uri !== request.uri && uri.endsWith("@home.example") ? uri : undefined;
}

/** Offers lose the attribute. */
function offersWithout(attribute: string): ServerAlteration {
  const isOther = ({ type, value }: { readonly type: string; readonly value: string }): boolean =>
    !(type === "a" && value.startsWith(`${attribute}:`));
  return decide({
    sessionMedia: {
      described: (description: SdpDescription, as: "offer" | "answer") =>
        as === "answer"
          ? description
          : {
              ...description,
              media: description.media.map((section) => ({
                ...section,
                lines: section.lines.filter(isOther),
              })),
            },
    },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.2-1",
    "invites without what 7.2.2.1 asks for",
    decide({ sessionInvitation: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "7.2.2.2-2",
    "leaves out the last user of the list",
    decide({ sessionInvitation: { listed: (entries) => entries.slice(0, -1) } }),
  ),
  serverFault(
    "7.2.2.2-3",
    "leaves out the last member of the group",
    decide({
      sessionAdmission: {
        invitedMembers: (turn: FocusTurn, group: Group) =>
          sessionAdmission.invitedMembers(turn, group).slice(0, -1),
      },
    }),
  ),
  serverFault("7.2.2.2-4", "offers MSRP without a path", offersWithout("path")),
  serverFault("7.2.2.2-4", "offers MSRP without accept-types", offersWithout("accept-types")),
  serverFault(
    "7.2.2.2-4a",
    "offers types that nobody asked for",
    decide({ sessionMedia: { offered: (terms) => ({ ...terms, acceptTypes: ["application/x-other"] }) } }),
  ),
  serverFault("7.2.2.2-5", "sends INVITEs past the core", pastTheCore()),
  serverFault(
    "7.2.2.3-1",
    "lets everybody begin the session of a group",
    decide({ sessionAdmission: { mayInitiate: () => true } }),
  ),
  serverFault(
    "7.2.2.3-2",
    "invites the members of a chat group",
    decide({
      sessionAdmission: {
        invitedMembers: (turn: FocusTurn, group: Group) =>
          sessionAdmission.invitedMembers(turn, { ...group, inviteMembers: true }),
      },
    }),
  ),
  serverFault(
    "7.2.2.3-2",
    "invites nobody to the session of a group",
    decide({ sessionAdmission: { invitedMembers: () => [] } }),
  ),
  serverFault(
    "7.2.2.2-1xx-1",
    "modifies with UPDATE, which the user never allowed",
    decide({ sessionMedia: { modifiesBy: () => "UPDATE" } }),
  ),
  serverFault(
    "7.2.2.2-200-1",
    "modifies with UPDATE, which the 200 does not allow",
    decide({ sessionMedia: { modifiesBy: () => "UPDATE" } }),
  ),
  serverFault("7.2.2.2-1xx-2", "sends PRACK to the address of the user", toTheAddress("PRACK")),
  serverFault("7.2.2.2-200-2", "sends ACK to the address of the user", toTheAddress("ACK")),
  serverFault("7.2.2.2-200-2", "sends BYE to the address of the user", toTheAddress("BYE")),
  serverFault(
    "7.2.2.2-200-3a",
    "releases invited users who may hide",
    decide({ sessionAdmission: { invitedMayHide: () => false } }),
  ),
  serverFault(
    "7.2.2.2-200-3a",
    "lets every invited user hide",
    decide({ sessionAdmission: { invitedMayHide: () => true } }),
  ),
  serverFault(
    "7.2.2.2-200-3b",
    "keeps invited users who may not hide",
    decide({ sessionAdmission: { invitedMayHide: () => true } }),
  ),
  serverFault(
    "7.2.2.2-200-3c",
    "shows invited users who hide",
    decide({ conferenceState: { userEntity: (uri: string) => uri } }),
  ),
  serverFault("7.2.2.2-200-4", "passes no messages", decide({ relay: { recipients: () => [] } })),
  serverFault(
    "7.2.2.2-200-5",
    "tells subscribers of nobody who comes",
    decide({ conferenceState: { tellsChanges: () => false } }),
  ),
];
