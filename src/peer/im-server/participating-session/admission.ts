/** Whether a session may begin, or be changed (clauses 6.1.1.1, 6.1.2.1). */
import type { IncomingModification } from "../../../endpoint/user-agent/session-events.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { sipResponse } from "../../../wire/sip/build.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import { sessionDescriptionOf } from "../../../wire/sip/session-description.ts";
import { sipUriOf } from "../../../wire/sip/uri.ts";
import type { Behaviour, Step } from "../../im/behaviour.ts";
import type { RefusalName } from "../decisions/refusals.ts";
import { annotationOf, refuse } from "../outgoing.ts";
import type { Turn } from "../turn.ts";
import type { Call, Leg } from "./call.ts";
import { present } from "./carried-headers.ts";
import type { ParticipatingDecisions } from "./decisions.ts";
import { supportedDescription } from "./session-policy.ts";

export function decisionsFor({ server, function: at }: Turn): ParticipatingDecisions {
  return server.decisions[at === "terminating" ? "terminatingSession" : "originatingSession"];
}

/** What is said of an offer that is against the policies: what would be supported (6.1.1.1, 4b; 6.1.2.1, 3b). */
function descriptionFor(turn: Turn): Body | undefined {
  const { server } = turn;
  const host = sipUriOf(server.config.functions.originating)?.host ?? "localhost";
  return decisionsFor(turn).supportedDescription(turn, supportedDescription(server.policy(), host));
}

export const checkOffer: Behaviour<Turn> = {
  name: "check-session-offer",
  clause: "6.1.1.1",
  run: (turn) => {
    const offer = sessionDescriptionOf(turn.request);
    return decisionsFor(turn).offerAllowed(turn, offer) ? "next" : refuseOffer(turn);
  },
};

function refuseOffer(turn: Turn): Step {
  const { server, incoming } = turn;
  const body = descriptionFor(turn);
  const headers: HeaderPair[] = present([
    ["Server", server.decisions.responses.server(turn, 488)],
    ["Content-Type", body?.contentType],
  ]);
  const parts = { headers, toTag: server.ids.token(13), ...(body === undefined ? {} : { body: body.bytes }) };
  incoming.respond(sipResponse(incoming.message, 488, undefined, parts), annotationOf(turn));
  return "done";
}

export const checkSessionBarring: Behaviour<Turn> = {
  name: "check-session-barring",
  clause: "6.1.2.1",
  run: (turn) => (turn.server.decisions.sessionScreening.barred(turn) ? refuse(turn, "barred") : "next"),
};

export const checkSessionAccess: Behaviour<Turn> = {
  name: "check-session-access",
  clause: "6.1.2.1",
  run: async (turn) =>
    (await turn.server.decisions.sessionScreening.rejectedByAccessPolicy(turn))
      ? refuse(turn, "rejectedByAccessPolicy")
      : "next",
};

export interface ModificationRefusal {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly body?: Body;
}

/** 6.1.1.2.4, 1; 6.1.2.2.3, 1, for what comes from the network to a served user: the checks of 6.1.2.1. */
export async function refusalOfModification(
  call: Call,
  leg: Leg,
  { offer }: IncomingModification,
): Promise<ModificationRefusal | undefined> {
  const { turn, decisions } = call;
  if (!decisions.offerAllowed(turn, offer)) {
    const body = descriptionFor(turn);
    const headers = present([["Server", decisions.server(turn, 488)]]);
    return { status: 488, headers, ...(body === undefined ? {} : { body }) };
  }
  if (call.at !== "terminating" || leg.name !== "upstream") return undefined;
  const { sessionScreening } = turn.server.decisions;
  if (sessionScreening.barred(turn)) return refusalNamed(call, "barred");
  if (await sessionScreening.rejectedByAccessPolicy(turn))
    return refusalNamed(call, "rejectedByAccessPolicy");
  return undefined;
}

function refusalNamed({ turn, decisions }: Call, name: RefusalName): ModificationRefusal {
  const { refusals, responses } = turn.server.decisions;
  const { status, warning, headers = [] } = refusals[name](turn);
  const explained = warning === undefined ? undefined : responses.warning(turn, warning);
  return {
    status,
    headers: [
      ...headers,
      ...present([
        ["Warning", explained],
        ["Server", decisions.server(turn, status)],
      ]),
    ],
  };
}
