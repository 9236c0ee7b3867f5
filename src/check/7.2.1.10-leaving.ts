/** 7.2.1.10: a participant leaves. */
import type { Exchange } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { check } from "./check.ts";
import { controllingHop, invitesOfFocus, invitesToFocus } from "./conference.ts";
import { expectStatus } from "./outcome.ts";

/** The first BYE of a session that the function has accepted, or that was accepted of it, and that it does not end by itself meanwhile. */
export const byeIsAnswered = check<Exchange>("7.2.1.10-1", {
  trigger: (trace) =>
    [...invitesToFocus(trace), ...invitesOfFocus(trace)].flatMap(({ session, accepted }) => {
      const bye = session.bye && controllingHop(session.bye, "to-sut");
      return accepted === undefined || bye === undefined || isEndedByFocus(session) ? [] : [bye];
    }),
  judge: (bye, trace) => expectStatus(bye, [200], trace.complete),
});

/** With its own BYE sent it knows the dialog no more (RFC 3261 15.1.2); on a network that loses packets it may be seen late. */
function isEndedByFocus({ requests }: InviteSession): boolean {
  return requests.some(
    (journey) => journey.method === "BYE" && controllingHop(journey, "from-sut") !== undefined,
  );
}
