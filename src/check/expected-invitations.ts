/** Whom the controlling function has to invite when a session is set up, and whether it did (7.2.1.2, 7.2.1.3, 7.2.2.2, 7.2.2.3). */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { referralOf } from "./referred-users.ts";
import { setUps, type ConferenceInvite, type SetUp } from "./conference.ts";
import { memo } from "./memo.ts";
import { hadTimeFor } from "./server-hooks.ts";

export interface Expected {
  readonly setUp: SetUp;
  readonly uri: string;
  readonly invitation: ConferenceInvite | undefined;
}

/** Of sessions that came about. Only what can be decided. */
export const expectedInvitations = memo((trace: ScenarioTrace): readonly Expected[] =>
  setUps(trace).flatMap((setUp) =>
    invitedBy(setUp).flatMap((uri): readonly Expected[] => {
      const invitation = setUp.invitations.find(({ request }) => sameAddressOfRecord(request.uri, uri));
      if (invitation !== undefined && referralOf(invitation, trace) === undefined)
        return [{ setUp, uri, invitation }];
      return hadTime(setUp, trace) ? [{ setUp, uri, invitation: undefined }] : [];
    }),
  ),
);

/** Who began the session is in already. */
function invitedBy({ kind, group, listed, originator }: SetUp): readonly string[] {
  const others = listed.filter((uri) => originator === undefined || !sameAddressOfRecord(uri, originator));
  if (kind === "ad-hoc") return others;
  const { rules } = group ?? {};
  // Which members are chosen where there are too many is outside the scope of 7.2.2.3; of whom the rules do not let in no clause tells.
  if (group === undefined || rules?.inviteMembers !== true) return [];
  if (rules.maxParticipantCount !== undefined && listed.length > rules.maxParticipantCount) return [];
  if (rules.age !== undefined) return [];
  return others.filter((uri) => isGranted(group, "join-handling", uri) === true);
}

/** As much as scenarios wait for an INVITE, before anybody left. */
export function hadTime({ accepted, session }: SetUp, trace: ScenarioTrace): boolean {
  return accepted !== undefined && hadTimeFor(accepted.at, trace, session.bye?.atSut.request.at);
}
