/** Whom of those that a REFER names the controlling function has to invite (7.2.1.7-9, 7.2.2.7). */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { groupOf, presenceOf, spanOf } from "./conference-members.ts";
import { isOfAge } from "./group-ages.ts";
import { atArrival, type Referral } from "./referrals.ts";

/** Whether 7.2.2.7 and 7.2.2.9 let the user take part, where that is certain. */
export function mayTakePart(
  { exchange, conference }: Referral,
  user: string,
  trace: ScenarioTrace,
): boolean | undefined {
  if (conference === undefined) return undefined;
  if (conference.kind !== "group") return true;
  const group = groupOf(conference, spanOf(exchange), trace);
  if (group === undefined) return undefined;
  const granted = isGranted(group, "join-handling", user);
  return granted === true ? isOfAge(group, user, exchange.request.seq, trace) : granted;
}

/** Users whom a good REFER names who are in no way in yet, and of whom it is certain that they may be. */
export function toBeInvited(referral: Referral, trace: ScenarioTrace): readonly string[] {
  const { conference, exchange, targets } = referral;
  if (conference === undefined) return [];
  return targets
    .map(({ requestUri }) => requestUri)
    .filter(
      (uri) =>
        trace.userOf(uri) !== undefined &&
        presenceOf(conference, uri, atArrival(exchange), trace) === "out" &&
        mayTakePart(referral, uri, trace) === true,
    );
}
