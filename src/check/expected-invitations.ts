/** Whom the controlling function has to invite when a session is set up, and whether it did (7.2.1.2, 7.2.1.3, 7.2.2.2, 7.2.2.3). */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { referralOf } from "./referred-users.ts";
import { attemptedSetUps, type ConferenceInvite, type SetUp } from "./conference.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { hadTimeFor } from "./waiting-time.ts";

export interface Expected {
  readonly setUp: SetUp;
  readonly uri: string;
  readonly invitation: ConferenceInvite | undefined;
}

/** Of sessions that came about, and of those that everybody is said to have refused. Only what can be decided. */
export const expectedInvitations = memo((trace: ScenarioTrace): readonly Expected[] =>
  attemptedSetUps(trace)
    .filter((setUp) => setUp.accepted !== undefined || isRefusedByAll(setUp))
    .flatMap((setUp) =>
      invitedBy(setUp).flatMap((uri): readonly Expected[] => {
        const invitation = setUp.invitations.find(({ request }) => sameAddressOfRecord(request.uri, uri));
        if (invitation !== undefined && referralOf(invitation, trace) === undefined)
          return [{ setUp, uri, invitation }];
        if (comesByItself(setUp, uri)) return [];
        return isRefusedByAll(setUp) || hadTime(setUp, trace) ? [{ setUp, uri, invitation: undefined }] : [];
      }),
    ),
);

/** 7.2.1.2, 7.2.1.3: a refusal goes back when there is one of everybody, and there is one of all whom the function did invite. */
function isRefusedByAll({ exchange: { final }, session, invitations }: SetUp): boolean {
  return (
    final !== undefined &&
    final.message.status >= 300 &&
    session.cancel === undefined &&
    invitations.length > 0 &&
    invitations.every(
      ({ exchange }) =>
        (exchange.final?.message.status ?? 0) >= 300 && (exchange.final?.seq ?? Infinity) < final.seq,
    )
  );
}

/** Whom the function finds in the session need not be asked into it. */
function comesByItself({ comers }: SetUp, uri: string): boolean {
  return comers.some(({ request }) => {
    const comer = originatorOf(request);
    return comer !== undefined && sameAddressOfRecord(comer, uri);
  });
}

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
