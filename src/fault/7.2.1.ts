/** Sessions that the controlling function takes part in (clauses 7.2.1.1, 7.2.1.2, 7.2.1.10). */
import { sessionAnswer } from "../peer/im-server/focus/decisions/session-answer.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

/** Contact of the answer to an INVITE, rewritten; that of the INVITEs of the focus stays. */
function contactOfAnswer(rewrite: (contact: string) => string): ServerAlteration {
  const { contact } = sessionAnswer;
  return decide({
    sessionAnswer: { contact: (...about: Parameters<typeof contact>) => rewrite(contact(...about)) },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.1-5a",
    "names the conference factory in Contact of the answer",
    contactOfAnswer((contact) => contact.replace(/<[^>]*>/u, "<sip:factory@home.example>")),
  ),
  serverFault(
    "7.2.1.1-5a",
    "names another session than it invites to",
    contactOfAnswer((contact) => contact.replace("@", "-other@")),
  ),
  serverFault(
    "7.2.1.1-5b",
    "answers without isfocus",
    contactOfAnswer((contact) => contact.replace(";isfocus", "")),
  ),
  serverFault(
    "7.2.1.1-5c",
    "answers without the feature tag of IM",
    contactOfAnswer((contact) => contact.replace(/;\+g\.oma\.sip-im\b/u, "")),
  ),
  serverFault(
    "7.2.1.2-9",
    "leaves out the last user of the list",
    decide({ sessionInvitation: { listed: (entries) => entries.slice(0, -1) } }),
  ),
  serverFault(
    "7.2.1.10-1",
    "answers BYE with 202",
    onResponse(
      "BYE",
      ({ received: _received, ...response }) => ({ ...response, status: 202, reason: "Accepted" }),
      (_response, request) => request?.uri.includes("im-session-") === true,
    ),
  ),
  serverFault(
    "7.2.1.10-2",
    "keeps the media of who has left",
    decide({ sessionRelease: { releasesMedia: () => false } }),
  ),
  serverFault(
    "7.2.1.10-3",
    "lets an ad-hoc session go on without its originator",
    decide({ sessionRelease: { endsWithOriginator: () => false } }),
  ),
  serverFault(
    "7.2.1.10-3",
    "releases the session when any participant leaves",
    decide({ sessionRelease: { leavesTooFew: () => true } }),
  ),
  serverFault(
    "7.2.1.10-4",
    "leaves subscriptions open when the session is over",
    decide({ conferenceState: { endsWithSession: () => false } }),
  ),
];
