/** The 200 with which the focus takes an INVITE (clause 7.2.1.1). */
import { sessionAnswer } from "../peer/im-server/focus/decisions/session-answer.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { CLIENT_RELEASE } from "../spec/release-token.ts";
import { mapHeader, withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

/** Of the focus: where a B2BUA passes an answer on, it has another Contact. `where`: what is answered. */
export function inAnswer(
  rewrite: (answer: SipResponse) => SipResponse,
  where: "initial" | "within" = "initial",
): ServerAlteration {
  return onResponse(
    "INVITE",
    (answer) => rewrite(withoutReceived(answer)),
    ({ status, ...answer }, request) =>
      status >= 200 &&
      status < 300 &&
      header({ status, ...answer }, "Contact")?.includes("im-session-") === true &&
      request !== undefined &&
      (toOf(request)?.tag === undefined) === (where === "initial"),
  );
}

function withoutReceived({ received: _received, ...answer }: SipResponse): SipResponse {
  return answer;
}

const { assertedIdentity } = sessionAnswer;

/** To who comes back by the identity of the session. */
function inAnswerToReturn(rewrite: (answer: SipResponse) => SipResponse): ServerAlteration {
  return onResponse(
    "INVITE",
    (answer) => rewrite(withoutReceived(answer)),
    ({ status }, request) =>
      status === 200 && request?.uri.includes("im-session-") === true && toOf(request)?.tag === undefined,
  );
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.1-1",
    "answers in the name of another From than the INVITE has",
    inAnswer((answer) => mapHeader(answer, "From", (from) => from.replace(/<sips?:/u, "<sip:x"))),
  ),
  serverFault(
    "7.2.1.1-2",
    "answers without Allow",
    inAnswer((answer) => withoutHeader(answer, "Allow")),
  ),
  serverFault(
    "7.2.1.1-2",
    "does not say that it takes BYE",
    inAnswer((answer) => mapHeader(answer, "Allow", (allow) => allow.replace(/\bBYE\b,?\s*/u, ""))),
  ),
  serverFault(
    "7.2.1.1-3a",
    "answers without Session-Expires",
    inAnswer((answer) => withoutHeader(answer, "Session-Expires")),
  ),
  serverFault(
    "7.2.1.1-3a",
    "does not say who refreshes",
    inAnswer((answer) => withHeader(answer, "Session-Expires", "1800")),
  ),
  serverFault(
    "7.2.1.1-4",
    "answers without an asserted identity",
    decide({ sessionAnswer: { assertedIdentity: () => undefined } }),
  ),
  serverFault(
    "7.2.1.1-4a",
    "answers in the name of the session",
    decide({
      sessionAnswer: {
        assertedIdentity: (focus, conference) =>
          conference.group === undefined ? `<${conference.identity}>` : assertedIdentity(focus, conference),
      },
    }),
  ),
  serverFault(
    "7.2.1.1-4b",
    "answers in the name of the factory where a group is asked for",
    decide({
      sessionAnswer: {
        assertedIdentity: ({ server }) => `<${server.config.serviceUris.conferenceFactory}>`,
      },
    }),
  ),
  serverFault(
    "7.2.1.1-4a",
    "answers who comes back in the name of the session",
    inAnswerToReturn((answer) =>
      mapHeader(answer, "P-Asserted-Identity", () => (header(answer, "Contact") ?? "").replace(/>.*$/u, ">")),
    ),
  ),
  serverFault(
    "7.2.1.1-5a",
    "names another session to who comes back",
    inAnswerToReturn((answer) => mapHeader(answer, "Contact", (contact) => contact.replace("@", "-other@"))),
  ),
  serverFault(
    "7.2.1.1-5a",
    "names another session of a group than it invites to",
    decide({
      sessionAnswer: {
        contact: (...about: Parameters<typeof sessionAnswer.contact>) => {
          const contact = sessionAnswer.contact(...about);
          return about[1].group === undefined ? contact : contact.replace("@", "-other@");
        },
      },
    }),
  ),
  serverFault("7.2.1.1-6", "tells no release", decide({ focusRelease: { server: () => undefined } })),
  serverFault(
    "7.2.1.1-6",
    "answers as an IM Client",
    decide({ focusRelease: { server: () => CLIENT_RELEASE } }),
  ),
  serverFault(
    "7.2.1.1-7",
    "tells nobody who has come",
    decide({
      conferenceState: {
        tellsChanges: ({ participants }) => [...participants.values()].at(-1)?.how !== "joined",
      },
    }),
  ),
];
