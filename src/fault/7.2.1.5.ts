/** Users come into a session again by its identity (clause 7.2.1.5). */
import { refusals } from "../peer/im-server/decisions/refusals.ts";
import { conferenceState } from "../peer/im-server/focus/decisions/conference-state.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { sessionAnswer } from "../peer/im-server/focus/decisions/session-answer.ts";
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import type { FocusTurn } from "../peer/im-server/focus/turn.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withBody } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { asUpdate } from "./7.2.1.3.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

/** An INVITE outside any dialog to an identity that the focus has given a session. */
function isRejoining(request: SipRequest | undefined): boolean {
  return (
    request?.method === "INVITE" &&
    request.uri.includes("im-session-") &&
    header(request, "To")?.includes("tag=") === false
  );
}

/** The answer to who comes back, rewritten at the edge. */
function inAnswer(rewrite: (response: SipResponse) => SipResponse): ServerAlteration {
  return onResponse("INVITE", rewrite, ({ status }, request) => status === 200 && isRejoining(request));
}

function answeredWith(status: number, reason: string): ServerAlteration {
  return inAnswer(({ received: _received, ...response }) => ({ ...response, status, reason }));
}

function inDescription(change: (sdp: string) => string): ServerAlteration {
  return inAnswer((response) =>
    withBody(response, "application/sdp", Buffer.from(change(Buffer.from(response.body).toString("utf8")))),
  );
}

type Entry = Parameters<typeof conferenceState.tells>[0];
type Told = Parameters<typeof conferenceState.tells>[1];
type Refusing = (typeof refusals)["sessionFull"];

/** Of INVITEs to groups other clauses speak. */
function refusing(name: "sessionFull" | "sessionMedia", changed: ReturnType<Refusing>): ServerAlteration {
  const usual = refusals[name];
  return decide({
    refusals: {
      [name]: (turn: Parameters<Refusing>[0]) => (isRejoining(turn.request) ? changed : usual(turn)),
    },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.5-1a",
    "takes every session that somebody comes back to for one that is over",
    decide({
      sessionAdmission: {
        target: async (turn: FocusTurn) => {
          const target = await sessionAdmission.target(turn);
          return target.kind === "session" && isRejoining(turn.request)
            ? { kind: "ended" as const, uri: target.uri }
            : target;
        },
      },
    }),
  ),
  serverFault(
    "7.2.1.5-1b",
    "answers an INVITE to a session that is over with 410",
    decide({ refusals: { sessionEnded: () => ({ status: 410 }) } }),
  ),
  serverFault(
    "7.2.1.5-1c",
    "does not say that the session is over",
    decide({ refusals: { sessionEnded: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.5-2a",
    "lets anybody into a session without a group",
    decide({ sessionAdmission: { mayRejoin: () => true } }),
  ),
  serverFault(
    "7.2.1.5-2b",
    "answers who may not come back with 480",
    decide({
      refusals: { rejoiningNotAllowed: () => ({ status: 480, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    "7.2.1.5-2c",
    "gives who may not come back no reason",
    decide({ refusals: { rejoiningNotAllowed: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "7.2.1.5-3a",
    "does not count participants when somebody comes back",
    decide({ sessionAdmission: { groupFull: () => false } }),
  ),
  serverFault(
    "7.2.1.5-3b",
    "answers who comes back to a full session with 403",
    refusing("sessionFull", { status: 403, warning: "102 Too many participants" }),
  ),
  serverFault(
    "7.2.1.5-3c",
    "does not say that the session is full",
    refusing("sessionFull", { status: 486 }),
  ),
  serverFault(
    "7.2.1.5-7a",
    "finds the media of everybody who comes back unacceptable",
    answeredWith(488, "Not Acceptable Here"),
  ),
  serverFault(
    "7.2.1.5-7b",
    "answers media that it cannot accept with 403",
    refusing("sessionMedia", { status: 403 }),
  ),
  serverFault(
    "7.2.1.5-4",
    "changes sessions of who came back by UPDATE, whatever the client allows",
    onRequest("INVITE", asUpdate, (request) => header(request, "To")?.includes("tag=") === true),
  ),
  serverFault(
    "7.2.1.5-5",
    "does not show the name of who comes back",
    decide({
      sessionAnswer: {
        displayName: (naming: Parameters<typeof sessionAnswer.displayName>[0]) => {
          const usual = sessionAnswer.displayName(naming);
          return usual === undefined ? undefined : `${usual} (again)`;
        },
      },
    }),
  ),
  serverFault(
    "7.2.1.5-6",
    "names those who hide when they come back",
    decide({ conferenceState: { userEntity: (uri: string) => uri } }),
  ),
  inSet(
    "no-anonymity",
    serverFault(
      "7.2.1.5-6",
      "lets users hide when they come back, where nobody may",
      decide({ sessionAdmission: { adHocAnonymityAllowed: () => true } }),
    ),
  ),
  serverFault(
    "7.2.1.5-11",
    "sends nothing to who came back",
    decide({
      relay: {
        recipients: (turn: Parameters<typeof relay.recipients>[0]) =>
          relay.recipients(turn).filter((_one, index, all) => index < all.length - 1),
      },
    }),
  ),
  serverFault(
    ["7.2.1.5-12", "7.2.1.5-13"],
    "does not tell subscribers of who comes back",
    decide({
      conferenceState: {
        tells: (entry: Entry, known: Told) => !entry.present && conferenceState.tells(entry, known),
      },
    }),
  ),
  serverFault("7.2.1.5-8", "lets users in with 202", answeredWith(202, "Accepted")),
  serverFault("7.2.1.5-10", "sends 480 to who is let in", answeredWith(480, "Temporarily Unavailable")),
  serverFault(
    "7.2.1.5-9",
    "lets users in without a session description",
    inAnswer((response) => withBody(response, "text/plain", Buffer.from("Welcome"))),
  ),
  serverFault(
    "7.2.1.5-9a",
    "answers with a type that was not offered",
    inDescription((sdp) => sdp.replace(/^a=accept-types:.*$/mu, "$& image/png")),
  ),
];
