/** Participants have users added to their session (clause 7.2.1.7). */
import { referral } from "../peer/im-server/focus/decisions/referral.ts";
import { sessionInvitation } from "../peer/im-server/focus/decisions/session-invitation.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withoutHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ListEntry } from "../wire/xml/resource-lists.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

function isAddition(request: SipRequest | undefined): boolean {
  return request?.method === "REFER" && !/method=BYE/iu.test(header(request, "Refer-To") ?? "");
}

/** The 2xx to who adds users, rewritten at the edge. */
function inAnswer(rewrite: (response: SipResponse) => SipResponse): ServerAlteration {
  return onResponse("REFER", rewrite, ({ status }, request) => status < 300 && isAddition(request));
}

function invites(whom: (entries: readonly ListEntry[]) => readonly ListEntry[]): ServerAlteration {
  return decide({ referral: { invited: whom } });
}

type Inviting = Parameters<typeof sessionInvitation.referredBy>[0];

export const faults: readonly Fault[] = [
  serverFault("7.2.1.7-1a", "lets anybody add users", decide({ sessionAdmission: { mayAdd: () => true } })),
  serverFault(
    "7.2.1.7-1b",
    "answers who may not add users with 480",
    decide({ refusals: { addingNotAllowed: () => ({ status: 480, warning: "122 Function not allowed" }) } }),
  ),
  serverFault(
    "7.2.1.7-1c",
    "gives who may not add users no reason",
    decide({ refusals: { addingNotAllowed: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.7-2",
    "names who adds a user and wanted to hide",
    decide({
      sessionInvitation: {
        referredBy: (inviting: Inviting) =>
          inviting.later
            ? `<${inviting.inviter.identities[0] ?? ""}>`
            : sessionInvitation.referredBy(inviting),
      },
    }),
  ),
  serverFault(
    "7.2.1.7-3",
    "invites somebody whom the REFER does not name, too",
    invites((entries) => [...entries, { uri: "sip:stranger@home.example" }]),
  ),
  serverFault(
    "7.2.1.7-3a",
    "does not invite the user in Refer-To",
    invites((entries) => (entries.length === 1 ? [] : entries)),
  ),
  serverFault(
    "7.2.1.7-3b",
    "invites the first user of a list only",
    invites((entries) => entries.slice(0, 1)),
  ),
  serverFault(
    "7.2.1.7-9",
    "invites nobody whom a participant adds",
    invites(() => []),
  ),
  serverFault(
    "7.2.1.7-4a",
    "does not count users who are added",
    decide({ sessionAdmission: { tooManyAdded: () => false } }),
  ),
  serverFault(
    "7.2.1.7-4b",
    "answers who adds too many users with 403",
    decide({ refusals: { addingTooMany: () => ({ status: 403, warning: "102 Too many participants" }) } }),
  ),
  serverFault(
    "7.2.1.7-4c",
    "does not say that they would be too many",
    decide({ refusals: { addingTooMany: () => ({ status: 486 }) } }),
  ),
  serverFault(
    "7.2.1.7-5",
    "answers who adds users with 302",
    inAnswer(({ received: _received, ...response }) => ({
      ...response,
      status: 302,
      reason: "Moved Temporarily",
    })),
  ),
  serverFault(
    "7.2.1.7-8",
    "sends 500 to who adds users",
    inAnswer(({ received: _received, ...response }) => ({
      ...response,
      status: 500,
      reason: "Server Internal Error",
    })),
  ),
  serverFault(
    "7.2.1.7-6",
    "does not tell who adds users that it knows norefersub",
    inAnswer((response) => withoutHeader(response, "Supported")),
  ),
  serverFault(
    "7.2.1.7-7b",
    "does not repeat Refer-Sub to who adds users",
    inAnswer((response) => withoutHeader(response, "Refer-Sub")),
  ),
  serverFault(
    "7.2.1.7-7a",
    "tells of a REFER also who does not want to know",
    decide({ referral: { subscribes: () => true } }),
  ),
  serverFault("7.2.1.7-7a", "tells nobody of a REFER", decide({ referral: { subscribes: () => false } })),
  serverFault(
    "7.2.1.7-10",
    "does not tell the end of an INVITE",
    decide({
      referral: { fragment: (status: number) => (status < 200 ? referral.fragment(status) : undefined) },
    }),
  ),
  serverFault(
    "7.2.1.7-10",
    "tells of every INVITE that it was accepted",
    decide({ referral: { fragment: (status: number) => referral.fragment(status < 300 ? status : 200) } }),
  ),
  serverFault(
    "7.2.1.7-403",
    "does not tell of users who are a conference themselves",
    decide({
      referral: { fragment: (status: number) => (status === 403 ? undefined : referral.fragment(status)) },
    }),
  ),
];
