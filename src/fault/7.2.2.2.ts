/** Whom the focus invites, and with what (clauses 7.2.2.2, 7.2.2.3). */
import type { Hop } from "../net/network.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { FocusTurn } from "../peer/im-server/focus/turn.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { SdpDescription } from "../wire/sdp/description.ts";
import { vias } from "../wire/sip/headers.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

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
];
