/** Answers of the focus to INVITE: refusals by name, and the 200 (clauses 5.6, 7.2.1.1). */
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import type { Step } from "../../im/behaviour.ts";
import type { RefusalName } from "../decisions/refusals.ts";
import { type OptionalHeader, refuse, refusalHeaders } from "../outgoing.ts";
import type { Conference } from "./conference.ts";
import { capabilityBody, CONTROLLING } from "./media.ts";
import type { Focus, FocusTurn } from "./turn.ts";

export function given(headers: readonly OptionalHeader[]): readonly HeaderPair[] {
  return headers.filter((pair): pair is HeaderPair => pair[1] !== undefined);
}

/** Refuses the INVITE and ends the turn. Before there is a session, as any request is refused. */
export function refuseSession(turn: FocusTurn, name: RefusalName, body?: Body): Step {
  const { invite } = turn;
  if (invite === undefined) return refuse(turn, name);
  const { status, reason } = turn.server.decisions.refusals[name](turn);
  invite.reject(status, {
    headers: given(refusalHeaders(turn, name)),
    annotation: CONTROLLING,
    ...(reason === undefined ? {} : { reason }),
    ...(body === undefined ? {} : { body }),
  });
  return "done";
}

export function refuseMedia(turn: FocusTurn): Step {
  return refuseSession(turn, "sessionMedia", capabilityBody(turn.focus));
}

/** From now on the focus speaks under the identity of the conference. */
export function speakAs(focus: Focus, conference: Conference, invite: IncomingInvite): void {
  invite.contact = focus.server.decisions.sessionAnswer.contact(focus, conference);
}

/** 7.2.1.1: Allow, Session-Expires and Server come by themselves. */
export function acceptInvite(focus: Focus, conference: Conference, invite: IncomingInvite, body: Body): void {
  const { sessionAnswer } = focus.server.decisions;
  speakAs(focus, conference, invite);
  invite.accept({
    status: sessionAnswer.status(focus, conference),
    headers: given([["P-Asserted-Identity", sessionAnswer.assertedIdentity(focus, conference)]]),
    body,
    annotation: CONTROLLING,
  });
}
