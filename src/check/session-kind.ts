/** Of which kind of session a finding speaks, in the words that the guards of edges to SCR items ask for. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { attemptedSetUps } from "./conference.ts";
import type { KnownConference } from "./conference-members.ts";

/** B.1.3 has items of their own for users in Ad-hoc IM Group Sessions and in Pre-defined IM Groups. */
export function facetOfKind({ kind }: { readonly kind: KnownConference["kind"] }): string {
  return kind === "group" ? "predefined-group" : "uri-list";
}

/** Of an INVITE of the controlling function; none where the trace does not show for which session it was. */
export function facetsOfInvited(session: InviteSession, trace: ScenarioTrace): readonly string[] {
  const setUp = attemptedSetUps(trace).find(({ invitations }) =>
    invitations.some((one) => one.session === session),
  );
  return setUp === undefined ? [] : [facetOfKind(setUp)];
}
