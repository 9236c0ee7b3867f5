/** Who had the controlling function invite somebody: whoever set the session up, or asked for it by REFER (7.2.1.2, 7.2.1.3, 7.2.1.7). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { attemptedSetUps, laterInvitations, type ConferenceInvite, type SetUp } from "./conference.ts";
import { memo } from "./memo.ts";
import { asksAnonymity } from "./pager-message.ts";
import { referralOf, referrals } from "./referred-users.ts";

/** An INVITE of the function with all who may have asked for it: of several who name the same user any counts. */
export interface Inviting {
  readonly setUp: SetUp;
  readonly invitation: ConferenceInvite;
  /** At least one. */
  readonly inviters: readonly Exchange[];
  /** By REFER, after the beginning. */
  readonly isLater: boolean;
}

/** Of INVITEs whose cause the record shows. */
export const invitings = memo((trace: ScenarioTrace): readonly Inviting[] =>
  attemptedSetUps(trace).flatMap((setUp) =>
    [...setUp.invitations, ...laterInvitations(setUp, trace)].flatMap((invitation): readonly Inviting[] => {
      const isLater = referralOf(invitation, trace) !== undefined;
      const asked = referringTo(invitation, trace);
      const isFirst = setUp.invitations.includes(invitation);
      const inviters = [...(isFirst ? [setUp.exchange] : []), ...asked];
      return inviters.length === 0 ? [] : [{ setUp, invitation, inviters, isLater }];
    }),
  ),
);

function referringTo({ exchange, request }: ConferenceInvite, trace: ScenarioTrace): readonly Exchange[] {
  return referrals(trace)
    .filter(
      ({ exchange: refer, removes, users }) =>
        !removes &&
        refer.request.seq < exchange.request.seq &&
        users.some((uri) => sameAddressOfRecord(uri, request.uri)),
    )
    .map(({ exchange: refer }) => refer);
}

/** Somebody who asked for it wants to hide. */
export function isHiding({ inviters }: Inviting): boolean {
  return inviters.some(({ request }) => asksAnonymity(request.message));
}

/** The INVITE is that of one who hides, whom no field need name (14.3); that of a group has the group for its originator. */
export function isOfHiding({ session }: ConferenceInvite, trace: ScenarioTrace): boolean {
  return invitings(trace).some(
    (one) => one.invitation.session === session && one.setUp.kind !== "group" && isHiding(one),
  );
}
