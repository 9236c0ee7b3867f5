/** The INVITE of the focus to a user (clause 7.2.2.1). */
import { sessionInvitation } from "../peer/im-server/focus/decisions/session-invitation.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type Inviting = Parameters<typeof sessionInvitation.contact>[0];

function contactOfInvitation(rewrite: (contact: string) => string): ServerAlteration {
  return decide({
    sessionInvitation: { contact: (inviting: Inviting) => rewrite(sessionInvitation.contact(inviting)) },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.1-1",
    "invites without Accept-Contact",
    decide({ sessionInvitation: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "7.2.2.1-1",
    "invites those who have another service",
    decide({ sessionInvitation: { acceptContact: () => "*;+g.poc.talkburst" } }),
  ),
  serverFault(
    "7.2.2.1-2",
    "invites an address that is nobody's",
    decide({ sessionInvitation: { requestUri: () => "sip:stranger@home.example" } }),
  ),
  serverFault(
    "7.2.2.1-6a",
    "names the conference factory in Contact of an INVITE",
    contactOfInvitation((contact) => contact.replace(/<[^>]*>/u, "<sip:factory@home.example>")),
  ),
  serverFault(
    "7.2.2.1-6b",
    "invites without the feature tag of IM in Contact",
    contactOfInvitation((contact) => contact.replace(/;\+g\.oma\.sip-im\b/u, "")),
  ),
  serverFault(
    "7.2.2.1-6c",
    "invites without isfocus",
    contactOfInvitation((contact) => contact.replace(";isfocus", "")),
  ),
];
