/** Participants have others removed from their session (clause 7.2.1.8). */
import type { Conference } from "../peer/im-server/focus/conference.ts";
import { referral } from "../peer/im-server/focus/decisions/referral.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withoutHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

function isRemoval(request: SipRequest | undefined): boolean {
  return request?.method === "REFER" && /method=BYE/iu.test(header(request, "Refer-To") ?? "");
}

/** The 2xx to who removes users, rewritten at the edge. */
function inAnswer(rewrite: (response: SipResponse) => SipResponse): ServerAlteration {
  return onResponse("REFER", rewrite, ({ status }, request) => status < 300 && isRemoval(request));
}

function answeredWith(status: number, reason: string): ServerAlteration {
  return inAnswer(({ received: _received, ...response }) => ({ ...response, status, reason }));
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.8-1a",
    "lets anybody remove users",
    decide({ sessionAdmission: { mayRemove: () => true } }),
  ),
  serverFault(
    "7.2.1.8-1b",
    "answers who may not remove users with 480",
    decide({
      refusals: { removingNotAllowed: () => ({ status: 480, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    "7.2.1.8-1c",
    "gives who may not remove users no reason",
    decide({ refusals: { removingNotAllowed: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.8-2",
    "removes another user than the REFER names",
    decide({
      referral: {
        removed: (uri: string, { participants }: Conference) =>
          [...participants.values()].find(
            ({ person: { identities }, how }) => how === "invited" && !identities.includes(uri),
          )?.entity ?? uri,
      },
    }),
  ),
  serverFault(
    ["7.2.1.8-2a-v", "7.2.1.8-2a"],
    "accepts that a user be removed, and does not do it",
    decide({ referral: { removed: () => "sip:stranger@home.example" } }),
  ),
  serverFault(
    "7.2.1.8-2a",
    "lets nobody remove anybody",
    decide({ sessionAdmission: { mayRemove: () => false } }),
  ),
  serverFault("7.2.1.8-2a-i", "answers who removes a user with 302", answeredWith(302, "Moved Temporarily")),
  serverFault("7.2.1.8-2a-iv", "sends 500 to who removes a user", answeredWith(500, "Server Internal Error")),
  serverFault(
    "7.2.1.8-2a-ii",
    "does not tell who removes a user that it knows norefersub",
    inAnswer((response) => withoutHeader(response, "Supported")),
  ),
  serverFault(
    "7.2.1.8-2a-iii-b",
    "does not repeat Refer-Sub to who removes a user",
    inAnswer((response) => withoutHeader(response, "Refer-Sub")),
  ),
  serverFault(
    "7.2.1.8-2a-iii-a",
    "tells of a removal also who does not want to know",
    decide({ referral: { subscribes: () => true } }),
  ),
  serverFault(
    ["7.2.1.8-2a-ix", "7.2.1.8-2a-iii-a"],
    "tells nobody of a removal",
    decide({ referral: { subscribes: () => false } }),
  ),
  serverFault(
    "7.2.1.8-3",
    "does not tell the end of a BYE",
    decide({
      referral: { fragment: (status: number) => (status < 200 ? referral.fragment(status) : undefined) },
    }),
  ),
  serverFault(
    "7.2.1.8-3",
    "tells of every BYE that it was refused",
    decide({ referral: { fragment: (status: number) => referral.fragment(status < 200 ? status : 481) } }),
  ),
  serverFault(
    "7.2.1.8-2a-vi",
    "lets the session go on with one participant",
    decide({ sessionRelease: { leavesTooFew: () => false, leavesOneAlone: () => false } }),
  ),
  serverFault(
    "7.2.1.8-2a-vi",
    "releases the session when somebody is removed",
    decide({ sessionRelease: { leavesTooFew: () => true } }),
  ),
  serverFault(
    "7.2.1.8-2a-vii",
    "lets subscriptions go on when the session is over",
    decide({ conferenceState: { endsWithSession: () => false, endsWhenSubscriberLeaves: () => false } }),
  ),
  serverFault(
    "7.2.1.8-2b",
    "answers who wants a user removed from a session that is over with 480",
    decide({
      refusals: { referWithoutSession: () => ({ status: 480, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    "7.2.1.8-2b-w",
    "gives who wants a user removed from a session that is over no reason",
    decide({ refusals: { referWithoutSession: () => ({ status: 403 }) } }),
  ),
];
