/** Re-INVITE and UPDATE through the B2BUA (clauses 6.1.1.2.4, 6.1.2.2.3), in both directions. */
import type { ModificationOutcome } from "../../../endpoint/user-agent/options.ts";
import type { IncomingModification, InviteSession } from "../../../endpoint/user-agent/session-events.ts";
import { sessionDescriptionOf } from "../../../wire/sip/session-description.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { annotationOf } from "../outgoing.ts";
import { other, type Call, type Leg } from "./call.ts";
import { bodyOf, carriedHeaders, present } from "./carried-headers.ts";
import { contactShownOn, learn } from "./contacts.ts";
import { bodied, passedBody } from "./descriptions.ts";
import { refusalOfModification } from "./admission.ts";

export function passModifications(call: Call, leg: Leg, session: InviteSession): void {
  session.on((event) => {
    if (event.type === "offered") void take(call, leg, event.modification);
    if (event.type === "acknowledged") acknowledge(call, leg, event.request);
  });
}

async function take(call: Call, leg: Leg, modification: IncomingModification): Promise<void> {
  const across = other(call, leg);
  learn(leg, modification.request);
  // RFC 3261 14.2: what waits for the other end cannot wait for this one as well.
  if (across.pending !== undefined) return modification.reject(491);
  if (modification.method === "UPDATE" && modification.offer === undefined) return modification.accept();
  leg.pending = modification;
  const refusal = await refusalOfModification(call, leg, modification);
  if (refusal !== undefined) {
    leg.pending = undefined;
    return modification.reject(refusal.status, refusal);
  }
  goOn(call, leg, modification);
}

/** 6.1.1.2.4, 2 to 4; 6.1.2.2.3, 2 to 4. */
function goOn(call: Call, leg: Leg, modification: IncomingModification): void {
  const { turn, decisions } = call;
  const across = other(call, leg);
  const { session } = across;
  if (session === undefined || !decisions.passesModification(turn, modification.request))
    return settle(leg, () => modification.accept(bodied(leg.session?.local)));
  session.contact = contactShownOn(call, across);
  const body = decisions.modifiedOffer(turn, passedBody(call, leg.name, modification.request, "offer"));
  const options = {
    headers: carriedHeaders(modification.request),
    ...bodied(body),
    annotation: annotationOf(turn),
    cause: modification.request,
    onDone: (outcome: ModificationOutcome) => answered(call, leg, modification, outcome),
  };
  // An end that does not know UPDATE gets the same offer in a re-INVITE (RFC 3311 4).
  const updates = decisions.takesUpdate(turn, across.name, across.allow, modification.method);
  leg.passed = updates || session.phase === "early" ? session.update(options) : session.reinvite(options);
}

function settle(leg: Leg, deed: () => void): void {
  leg.pending = undefined;
  deed();
}

function answered(
  call: Call,
  leg: Leg,
  modification: IncomingModification,
  { outcome, response }: ModificationOutcome,
): void {
  if (outcome === "accepted" && response !== undefined)
    return settle(leg, () => accept(call, leg, modification, response));
  const status = response === undefined ? 408 : call.decisions.modificationStatus(call.turn, response);
  settle(leg, () =>
    modification.reject(status, {
      ...(response === undefined ? {} : { reason: response.reason }),
      headers: headersOf(call, response, status),
      ...bodied(response && bodyOf(response)),
      annotation: annotationOf(call.turn),
    }),
  );
}

/** 6.1.1.2.4, 200-1 to 200-3; 6.1.2.2.3, 200-1 to 200-4. */
function accept(call: Call, leg: Leg, modification: IncomingModification, response: SipResponse): void {
  const { turn, decisions } = call;
  const across = other(call, leg);
  learn(across, response);
  if (leg.session !== undefined) leg.session.contact = contactShownOn(call, leg);
  const as = modification.offer === undefined ? "offer" : "answer";
  const body = passedBody(call, across.name, response, as);
  leg.answerAwaited = as === "offer" && body !== undefined;
  modification.accept({
    status: response.status,
    headers: headersOf(call, response, response.status),
    ...bodied(decisions.modifiedAnswer(turn, body)),
    annotation: annotationOf(turn),
  });
}

function headersOf({ turn, decisions }: Call, response: SipResponse | undefined, status: number) {
  const carried = response === undefined ? [] : carriedHeaders(response);
  return [...carried, ...present([["Server", decisions.server(turn, status)]])];
}

/** The answer to an offer that came in a 2xx (RFC 3261 13.2.1). */
function acknowledge(call: Call, leg: Leg, ack: SipRequest): void {
  if (!leg.answerAwaited) return;
  leg.answerAwaited = false;
  const { session } = other(call, leg);
  if (sessionDescriptionOf(ack) === undefined) return session?.acknowledge();
  session?.acknowledge(bodied(passedBody(call, leg.name, ack, "answer")));
}
