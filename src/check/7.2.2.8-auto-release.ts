/** 7.2.2.8: with auto-release false the others stay in the session of a group when its originator leaves. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { referrals } from "./referred-users.ts";
import { check } from "./check.ts";
import { groupSetUps, type SetUp } from "./conference.ts";
import { policyOf } from "./originating-message.ts";
import { missed, passed } from "./outcome.ts";
import { releaseCauses } from "./release-causes.ts";
import { isInAt, isOf, staysIn, type Stay } from "./session-stays.ts";

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
          .filter((stay) => isInAt(stay, left.request.seq) && !mustGo(stay, setUp, trace))
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

function mustGo(stay: Stay, setUp: SetUp, trace: ScenarioTrace): boolean {
  return releaseCauses(trace).some(
    (cause) => cause.setUp === setUp && cause.removed.some(({ session }) => session === stay.session),
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
