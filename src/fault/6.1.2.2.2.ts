/** Sessions at the terminating participating function (clause 6.1.2.2.2). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header, toOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";
import { isToClient } from "./terminating-side.ts";

/** The INVITE towards the client, and the response to the INVITE that it comes of. */
const ofInvite = (rewrite: (request: SipRequest) => SipRequest) =>
  onRequest("INVITE", rewrite, (_request, cause) => isToClient(cause));

const ofOk = (rewrite: (response: SipResponse) => SipResponse) =>
  onResponse("INVITE", rewrite, ({ status }, request) => status === 200 && isToClient(request));

const invite: readonly Fault[] = [
  serverFault(
    "6.1.2.2.2-2",
    "answers each INVITE to its users with 480",
    decide({ sessionScreening: { barred: () => true }, refusals: { barred: () => ({ status: 480 }) } }),
  ),
  serverFault(
    "6.1.2.2.2-3",
    "forgets that the originator asked for privacy",
    decide({ terminatingSession: { invitePrivacy: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-4",
    "sends an INVITE for another than its user",
    decide({ terminatingSession: { requestUri: (_turn, usual: string) => usual.replace("@", "-2@") } }),
  ),
  serverFault(
    "6.1.2.2.2-5",
    "sends an INVITE to its user without the feature tag",
    decide({ terminatingSession: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-6",
    "leaves the release of the originator in the INVITE",
    decide({ terminatingSession: { inviteUserAgent: (_turn, received) => received } }),
  ),
  serverFault(
    "6.1.2.2.2-7",
    "sends an INVITE to its user without session timer",
    decide({ terminatingSession: { inviteSessionExpires: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-8",
    "does not say in the INVITE to its user that it supports session timers",
    decide({ terminatingSession: { inviteSupported: () => "100rel" } }),
  ),
  serverFault(
    "6.1.2.2.2-9",
    "does not say in the INVITE to its user which methods it supports",
    decide({ terminatingSession: { inviteAllow: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-10",
    "sends an INVITE to its user without Contact",
    ofInvite((request) => withoutHeader(request, "Contact")),
  ),
  serverFault(
    "6.1.2.2.2-10a",
    "gives its user a Contact that leads nowhere",
    decide({
      terminatingSession: { inviteContactUri: (_turn, usual: string) => usual.replace(":via-", ":nobody-") },
    }),
  ),
  serverFault(
    "6.1.2.2.2-10a",
    "forgets which session a Contact of its own stands for",
    decide({
      originatingSession: { resolvedUri: (_turn, resolved: string) => resolved.replace("@", "-2@") },
    }),
  ),
  serverFault(
    "6.1.2.2.2-10b",
    "puts no feature tag into the Contact towards its user",
    decide({ terminatingSession: { inviteContactTag: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-10c",
    "hides from its user that a focus invites",
    decide({ terminatingSession: { inviteIsFocus: () => false } }),
  ),
  serverFault(
    "6.1.2.2.2-11",
    "names another originator in the INVITE to its user",
    decide({ terminatingSession: { originator: () => ["<sip:im-server@home.example>"] } }),
  ),
  serverFault(
    "6.1.2.2.2-11",
    "names its user as the originator, ahead of who it is",
    decide({
      terminatingSession: { originator: ({ request }, received) => [`<${request.uri}>`, ...received] },
    }),
  ),
];

const ok: readonly Fault[] = [
  serverFault(
    "6.1.2.2.2-200-1",
    "counts anew in the 200 towards the inviting side",
    ofOk((response) => withHeader(response, "CSeq", header(response, "CSeq")?.replace(/\d+/u, "77") ?? "")),
  ),
  serverFault(
    "6.1.2.2.2-200-2",
    "names itself as who has accepted",
    decide({ terminatingSession: { okIdentity: () => ["<sip:im-server@home.example>"] } }),
  ),
  serverFault(
    "6.1.2.2.2-200-3",
    "does not repeat in the 200 that privacy was asked for",
    decide({ terminatingSession: { okPrivacy: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-200-4",
    "speaks of no timer in the 200 towards the inviting side",
    ofOk((response) => withoutHeader(withoutOption(response, "timer"), "Require")),
  ),
  serverFault(
    "6.1.2.2.2-200-5",
    "leaves the refreshing to the inviting side",
    decide({
      terminatingSession: { okSessionExpires: (usual) => usual?.replace("refresher=uas", "refresher=uac") },
    }),
  ),
  serverFault(
    "6.1.2.2.2-200-6",
    "lets sessions go on when their time is over",
    ...["INVITE", "UPDATE", "BYE"].map((method) =>
      onRequest(
        method,
        () => undefined,
        (request) => toOf(request)?.tag !== undefined,
      ),
    ),
  ),
  serverFault(
    "6.1.2.2.2-200-7",
    "does not say in the 200 which methods it supports",
    decide({ terminatingSession: { okAllow: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-200-8",
    "leaves its release out of the 200",
    decide({ terminatingSession: { server: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-200-9a",
    "gives the inviting side the Contact of somebody else",
    decide({ terminatingSession: { okContactUri: () => "sip:bob@192.0.2.7:5060" } }),
  ),
  serverFault(
    "6.1.2.2.2-200-9b",
    "puts no feature tag into the Contact of the 200",
    decide({ terminatingSession: { okContactTag: () => undefined } }),
  ),
];

function withoutOption(response: SipResponse, option: string): SipResponse {
  const left = tokensOf(response, "Supported").filter((token) => token !== option);
  return left.length === 0
    ? withoutHeader(response, "Supported")
    : withHeader(response, "Supported", left.join(", "));
}

/** What is no 200, towards the inviting side. */
const ofOther = (rewrite: (response: SipResponse) => SipResponse) =>
  onResponse(
    "INVITE",
    rewrite,
    ({ status }, request) => status > 100 && status !== 200 && isToClient(request),
  );

const general: readonly Fault[] = [
  serverFault(
    ["6.1.2.2.2-1", "6.1.2.1-1a", "6.1.2.1-1b"],
    "does not ask whether its user bars sessions",
    decide({ sessionScreening: { barred: () => false } }),
  ),
  serverFault(
    ["6.1.2.2.2-1", "6.1.2.1-2d", "6.1.2.1-rej-0", "6.1.2.1-rej-a"],
    "does not ask the access policy about sessions",
    decide({ sessionScreening: { rejectedByAccessPolicy: () => Promise.resolve(false) } }),
  ),
  serverFault(
    ["6.1.2.2.2-1", "6.1.2.1-3b-1", "6.1.2.1-3b-2"],
    "takes any offer for its user",
    decide({ terminatingSession: { offerAllowed: () => true } }),
  ),
  serverFault(
    "6.1.2.2.2-oth-1",
    "counts anew in responses other than 200",
    ofOther((response) =>
      withHeader(response, "CSeq", header(response, "CSeq")?.replace(/\d+/u, "77") ?? ""),
    ),
  ),
  serverFault(
    "6.1.2.2.2-oth-2",
    "leaves its release out of responses other than 200",
    ofOther((response) => withoutHeader(response, "Server")),
  ),
];

export const faults: readonly Fault[] = [...general, ...invite, ...ok];
