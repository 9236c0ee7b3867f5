/** INVITEs at the terminating participating function (clauses 6.1.2.1, 6.1.2.2.1). */
import { terminatingSession } from "../peer/im-server/participating-session/decisions.ts";
import { sendOwn } from "../peer/im-server/outgoing.ts";
import { addressee } from "../peer/im-server/decisions/termination.ts";
import type { Turn } from "../peer/im-server/turn.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";
import { isToClient } from "./terminating-side.ts";

function barsAnything(turn: Turn): boolean {
  const settings = turn.server.publications.settingsOf(addressee(turn), turn.server.clock.now());
  return settings?.barMessages === true || settings?.barSessions === true;
}

const LARGE_MESSAGE = "+g.oma.sip-im.large-message";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.1-1a",
    "the barring of messages bars sessions too",
    decide({ sessionScreening: { barred: barsAnything } }),
  ),
  serverFault(
    "6.1.2.1-2d",
    "a session is taken for a message when rules are asked",
    decide({
      sessionScreening: {
        policyRequests: (turn) => [
          { service: "+g.oma.sip-im", media: "pager-mode-message", sender: turn.originator },
        ],
      },
    }),
  ),
  serverFault(
    "6.1.2.1-rej-0",
    "an INVITE that a rule rejects is answered 403 and sent on",
    decide({
      sessionScreening: {
        rejectedByAccessPolicy: async (turn) => {
          const rejected = ((await turn.server.xdm.accessRules(addressee(turn)))?.rules ?? []).length > 0;
          if (rejected) sendOwn(turn.server, turn.request);
          return rejected;
        },
      },
    }),
  ),
  serverFault(
    "6.1.2.1-3b-1",
    "sessions with messages in CPIM are refused with 488",
    decide({
      terminatingSession: {
        offerAllowed: (turn, offer) =>
          terminatingSession.offerAllowed(turn, offer) &&
          (offer === undefined || !Buffer.from(offer.bytes).includes("message/cpim")),
      },
    }),
  ),
  serverFault(
    "6.1.2.1-3b-2",
    "an offer against the policies is answered 406",
    onResponse(
      "INVITE",
      ({ received: _received, ...response }) => ({ ...response, status: 406, reason: "Not Acceptable" }),
      ({ status }, request) => status === 488 && isToClient(request),
    ),
  ),
  serverFault(
    "6.1.2.1-3b-3",
    "the 488 does not say what is supported",
    decide({ terminatingSession: { supportedDescription: () => undefined } }),
  ),
  serverFault(
    "6.1.2.1-fin",
    "what the client answers to an INVITE goes back as 500",
    decide({ terminatingSession: { finalStatus: () => 500 } }),
  ),
  serverFault(
    "6.1.2.2.1-1",
    "large messages are taken for sessions",
    decide({ sessionScreening: { isLargeMessage: () => false } }),
  ),
  serverFault(
    "6.1.2.2.1-1a",
    "large messages go to the client as sessions",
    decide({
      terminatingSession: { acceptContact: (_turn, usual) => usual?.replace(`;${LARGE_MESSAGE}`, "") },
    }),
  ),
  serverFault(
    "6.1.2.2.1-1b",
    "sessions go to the client as large messages",
    decide({
      terminatingSession: { acceptContact: (_turn, usual) => `${usual ?? "*"};${LARGE_MESSAGE}` },
    }),
  ),
];
