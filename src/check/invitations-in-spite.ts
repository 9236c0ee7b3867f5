/** INVITEs that the controlling function sends because of an INVITE that it has refused (7.2.1.2, 7.2.1.3). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { invitesOfFocus, isContactOf, type ConferenceInvite } from "./conference-invites.ts";
import { conferencesOf } from "./conference-members.ts";
import { referralOf } from "./referred-users.ts";
import { attemptsOf, causeOf } from "./session-attempts.ts";

/**
 * To users whom it asked for, after its refusal, where nothing else asked for them: no other request, and no session that somebody else has
 * begun. `meant`: the entries of its list, or the members of the group.
 */
export function invitationsInSpite(
  { exchange: { final } }: ConferenceInvite,
  meant: readonly string[],
  trace: ScenarioTrace,
): readonly ConferenceInvite[] {
  if (final === undefined || final.message.status < 300) return [];
  return invitesOfFocus(trace).filter(
    (invite) =>
      invite.exchange.request.seq > final.seq &&
      meant.some((uri) => sameAddressOfRecord(uri, invite.request.uri)) &&
      causeOf(invite, attemptsOf(trace)) === undefined &&
      referralOf(invite, trace) === undefined &&
      !conferencesOf(trace).some(({ identity }) => isContactOf(invite.request, identity)),
  );
}
