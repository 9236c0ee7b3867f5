/** 7.2.2.8: with auto-release false the others stay in the session of a group when its originator leaves. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { referrals } from "./referred-users.ts";
import { check } from "./check.ts";
import { groupSetUps, type SetUp } from "./conference.ts";
import { policyOf } from "./originating-message.ts";
import { missed, passed } from "./outcome.ts";
import { releaseCauses, rulesAt } from "./release-causes.ts";
import { isCertainAt, isInAt, isOf, staysIn, usersOf, type Stay } from "./session-stays.ts";

interface Remaining {
  readonly left: NonNullable<Stay["leaving"]>;
  readonly stay: Stay;
}

/** Participants who were in when the originator had left, and whom nothing else puts out. */
function remaining(trace: ScenarioTrace): readonly Remaining[] {
  if (policyOf(trace)?.autoRelease !== false || isDisturbed(trace)) return [];
  return groupSetUps(trace).flatMap((setUp) => {
    const stays = staysIn(setUp, trace);
    return stays
      .filter((stay) => isOf(stay, setUp.originator))
      .flatMap(({ leaving: left }) => {
        if (left === undefined || (left.final?.message.status ?? 999) >= 300) return [];
        return stays
          .filter((stay) => isInAt(stay, left.request.seq) && !mayGo(stay, setUp, trace))
          .map((stay) => ({ left, stay }));
      })
      .filter((one) => isRemoved(one) || isHeard(one, trace));
  });
}

/** Removal by the wish of another participant, and lines that broke, are none of this. */
function isDisturbed(trace: ScenarioTrace): boolean {
  return (
    referrals(trace).some(({ removes }) => removes) ||
    trace.stimuli.some(
      ({ action, intent }) => action === "misbehave-in-sessions" || intent["ends"] !== undefined,
    )
  );
}

/** It has to, or so few were in for certain that the function may have had to: who leaves at the same time, or has not acknowledged yet. */
function mayGo(stay: Stay, setUp: SetUp, trace: ScenarioTrace): boolean {
  const before = stay.removal?.request.seq ?? Infinity;
  const hasCause = releaseCauses(trace).some(
    (cause) => cause.setUp === setUp && cause.removed.some(({ session }) => session === stay.session),
  );
  if (hasCause || stay.removal === undefined) return hasCause;
  const certain = staysIn(setUp, trace).filter((one) => one === stay || isCertainAt(one, before));
  const { minParticipantCount = 0, requiredParticipants = [] } = rulesAt({ setUp, trace }, before) ?? {};
  const least = Math.max(minParticipantCount, (policyOf(trace)?.remainingParticipants ?? 0) + 1);
  return (
    usersOf(certain).length < least ||
    requiredParticipants.some((uri) => !certain.some((one) => isOf(one, uri)))
  );
}

/** The function's BYE, before any of its own. */
function isRemoved({ stay: { removal, goes } }: Remaining): boolean {
  return removal !== undefined && removal.request.seq < (goes?.seq ?? Infinity);
}

/** A message of the session reached it after the originator had left. */
function isHeard({ left, stay: { user, goes } }: Remaining, trace: ScenarioTrace): boolean {
  return trace.sessionMode.messages.some(
    ({ node, way, seq }) =>
      node === user?.node && way === "from-sut" && seq > left.request.seq && seq < (goes?.seq ?? Infinity),
  );
}

export const othersStay = check<Remaining>("7.2.2.8-4b", {
  trigger: remaining,
  judge: (one) => {
    const { left, stay } = one;
    const who = stay.user?.actor ?? `<${stay.uri}>`;
    const expected = `${who} stays when the originator leaves, for auto-release is false`;
    return isRemoved(one)
      ? missed(expected, `BYE to ${who}`, left, stay.removal)
      : passed(expected, `${who} is still sent messages`, left);
  },
});
