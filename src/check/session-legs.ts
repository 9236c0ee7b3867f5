/** An INVITE as the participating functions take it and send it on: two legs (6.1.1.2.2, 6.1.2.2.2). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { callIdOf } from "../wire/sip/headers.ts";

export type ParticipatingFunction = "originating" | "terminating";

export interface SessionLegs {
  readonly session: InviteSession;
  /** As the core gave it to the function. */
  readonly taken: Exchange;
  /** As the function sent it on. */
  readonly sent: Exchange;
  /** The function is the end of both: what it sent is another request, and not the one that it took. */
  readonly isB2bua: boolean;
}

export function sessionLegs(trace: ScenarioTrace, of: ParticipatingFunction): readonly SessionLegs[] {
  return trace.sessionMode.invites.flatMap((session) => {
    const taken = session.invite.hops.find(
      ({ way, request }) => way === "to-sut" && request.serverFunction === of,
    );
    const sent = taken && trace.onwardOf(taken);
    if (taken === undefined || sent === undefined) return [];
    const isB2bua = callIdOf(taken.request.message) !== callIdOf(sent.request.message);
    return [{ session, taken, sent, isB2bua }];
  });
}
