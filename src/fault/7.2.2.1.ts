/** The INVITE of the focus to a user (clause 7.2.2.1). */
import { sessionInvitation } from "../peer/im-server/focus/decisions/session-invitation.ts";
import { focusRelease } from "../peer/im-server/focus/decisions/focus-release.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { CLIENT_RELEASE } from "../spec/release-token.ts";
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { ListEntry } from "../wire/xml/resource-lists.ts";
import { decide, inSet, onRequest, serverFault, type Fault } from "./fault.ts";

type Inviting = Parameters<typeof sessionInvitation.contact>[0];

function contactOfInvitation(rewrite: (contact: string) => string): ServerAlteration {
  return decide({
    sessionInvitation: { contact: (inviting: Inviting) => rewrite(sessionInvitation.contact(inviting)) },
  });
}

/** `rewrite`: undefined leaves the identity as it is. */
function assertedInInvitation(
  rewrite: (isGroup: boolean, inviter: string) => string | undefined,
): ServerAlteration {
  const { assertedIdentity } = sessionInvitation;
  return decide({
    sessionInvitation: {
      assertedIdentity: (inviting: Inviting) => {
        const { conference, inviter } = inviting;
        const own = `<${inviter.identities[0] ?? ""}>`;
        return rewrite(conference.group !== undefined, own) ?? assertedIdentity(inviting);
      },
    },
  });
}

/** INVITEs to users who are added by REFER. `identity`: undefined leaves it as it is. */
function ofAdded(
  rewrite: (inviting: Inviting) => { readonly identity: string | undefined },
): ServerAlteration {
  return decide({
    sessionInvitation: {
      assertedIdentity: (inviting: Inviting) =>
        (inviting.later ? rewrite(inviting).identity : undefined) ??
        sessionInvitation.assertedIdentity(inviting),
    },
  });
}

function isInvitation(request: SipRequest): boolean {
  return request.method === "INVITE" && toOf(request)?.tag === undefined;
}

/** The INVITE to a user, as it leaves the focus; the participating functions pass it on as it is. */
function inInvitation(rewrite: (invite: SipRequest) => SipRequest): ServerAlteration {
  return onRequest(
    "INVITE",
    rewrite,
    (request, cause) =>
      isInvitation(request) &&
      header(request, "Contact")?.includes("isfocus") === true &&
      cause !== undefined &&
      header(cause, "Contact")?.includes("isfocus") !== true,
  );
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.1-0",
    "invites without Max-Forwards",
    inInvitation((invite) => withoutHeader(invite, "Max-Forwards")),
  ),
  serverFault(
    "7.2.2.1-3",
    "invites without User-Agent",
    decide({
      focusRelease: {
        userAgent: (request) => (isInvitation(request) ? undefined : focusRelease.userAgent(request)),
      },
    }),
  ),
  serverFault(
    "7.2.2.1-3",
    "invites as an IM Client",
    inInvitation((invite) => withHeader(invite, "User-Agent", CLIENT_RELEASE)),
  ),
  serverFault(
    "7.2.2.1-7",
    "leaves it to the network who refreshes",
    inInvitation((invite) => withHeader(invite, "Session-Expires", "1800")),
  ),
  serverFault(
    "7.2.2.1-7",
    "wants to refresh itself",
    inInvitation((invite) => withHeader(invite, "Session-Expires", "1800;refresher=uac")),
  ),
  serverFault(
    "7.2.2.1-8",
    "does not say that it knows session timers",
    inInvitation((invite) => withHeader(invite, "Supported", "100rel, replaces")),
  ),
  serverFault(
    "7.2.2.1-10",
    "invites without Allow",
    inInvitation((invite) => withoutHeader(invite, "Allow")),
  ),
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
    "7.2.2.1-4",
    "invites without an asserted identity",
    decide({ sessionInvitation: { assertedIdentity: () => undefined } }),
  ),
  serverFault(
    "7.2.2.1-4a",
    "invites in the name of the conference factory",
    assertedInInvitation((group) => (group ? undefined : "<sip:factory@home.example>")),
  ),
  serverFault(
    "7.2.2.1-4a",
    "drops the display name of the inviting user",
    decide({
      sessionInvitation: {
        assertedIdentity: (inviting: Inviting) =>
          sessionInvitation.assertedIdentity(inviting)?.replace(/^[^<]*/u, ""),
      },
    }),
  ),
  serverFault(
    "7.2.2.1-4b",
    "invites to a group in the name of its member",
    assertedInInvitation((group, inviter) => (group ? inviter : undefined)),
  ),
  serverFault(
    "7.2.2.1-5",
    "does not say who invites",
    decide({ sessionInvitation: { referredBy: () => undefined } }),
  ),
  serverFault(
    "7.2.2.1-5",
    "says that the invited user invites",
    decide({ sessionInvitation: { referredBy: ({ uri }: Inviting) => `<${uri}>` } }),
  ),
  serverFault(
    "7.2.2.1-2",
    "invites somebody whom nobody asked for",
    decide({
      sessionInvitation: {
        listed: (entries: readonly ListEntry[]) => [
          ...entries,
          ...entries.slice(0, 1).map((entry) => ({ ...entry, uri: "sip:ted@home.example" })),
        ],
      },
    }),
  ),
  serverFault(
    "7.2.2.1-4a",
    "invites added users in the name of the conference factory",
    ofAdded(({ conference }) => ({
      identity: conference.group === undefined ? "<sip:factory@home.example>" : undefined,
    })),
  ),
  serverFault(
    "7.2.2.1-4b",
    "invites users who are added to a group in the name of who adds them",
    ofAdded(({ inviter }) => ({ identity: `<${inviter.identities[0] ?? ""}>` })),
  ),
  serverFault(
    "7.2.2.1-5",
    "does not say who adds a user",
    decide({
      sessionInvitation: {
        referredBy: (inviting: Inviting) =>
          inviting.later ? undefined : sessionInvitation.referredBy(inviting),
      },
    }),
  ),
  serverFault(
    "7.2.2.1-6a",
    "names the conference factory in Contact of an INVITE to a group",
    decide({
      sessionInvitation: {
        contact: (inviting: Inviting) => {
          const contact = sessionInvitation.contact(inviting);
          return inviting.conference.group === undefined
            ? contact
            : contact.replace(/<[^>]*>/u, "<sip:factory@home.example>");
        },
      },
    }),
  ),
  serverFault(
    "7.2.2.1-9",
    "forgets that the inviting user asked for privacy",
    decide({ sessionInvitation: { privacy: () => undefined } }),
  ),
  serverFault(
    "7.2.2.1-200-1",
    "lets an invited user stay who does not refresh",
    // What the timer sends, no request has caused.
    onRequest(
      "BYE",
      () => undefined,
      (_bye, cause) => cause === undefined,
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "7.2.2.1-200-2",
      "prefers the name in To to the asserted one",
      decide({
        sessionAnswer: {
          displayName: ({ introduction }) => introduction.field.displayName ?? introduction.assertedName,
        },
      }),
    ),
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
