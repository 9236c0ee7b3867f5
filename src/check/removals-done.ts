/** Users whom the controlling function removed because of a REFER, told from those whom it removed for other reasons (7.2.1.8). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { isSameUser, within, type KnownConference } from "./conference-members.ts";
import { acceptanceOf, goodOnes, removals, type Referral } from "./referrals.ts";

export interface Removal {
  readonly referral: Referral;
  readonly conference: KnownConference;
  readonly user: string;
  /** To the user named, the first since the REFER. */
  readonly bye: Exchange | undefined;
}

/** REFERs that had to be accepted, and were. */
export function removalsDone(trace: ScenarioTrace): readonly Removal[] {
  return goodOnes(removals(trace)).flatMap((referral) => {
    const { conference, targets } = referral;
    const user = targets[0]?.requestUri;
    if (acceptanceOf(referral) === undefined || conference === undefined || user === undefined) return [];
    const first = byesOf(conference, referral).find((one) => isTo(one, user, trace))?.exchange;
    // Who else leaves may have been the reason.
    const bye =
      first !== undefined && leavingAfter(conference, referral.exchange.request.seq) < first.request.seq
        ? undefined
        : first;
    return [{ referral, conference, user, bye }];
  });
}

export interface ByeOfFocus {
  readonly exchange: Exchange;
  readonly user: string;
}

/** BYEs of the function to participants of the session, since the REFER. */
export function byesOf({ attendances }: KnownConference, { exchange }: Referral): readonly ByeOfFocus[] {
  return attendances
    .flatMap((one) => within(one, "BYE").map((bye) => ({ exchange: bye, user: one.uri })))
    .filter(({ exchange: bye }) => bye.way === "from-sut" && bye.request.seq > exchange.request.seq)
    .toSorted((one, other) => one.exchange.request.seq - other.exchange.request.seq);
}

/** Place of the first BYE of a participant behind `seq`. */
export function leavingAfter({ attendances }: KnownConference, seq: number): number {
  const leavings = attendances
    .flatMap((one) => within(one, "BYE"))
    .filter(({ way, request }) => way === "to-sut" && request.seq > seq);
  return Math.min(Number.POSITIVE_INFINITY, ...leavings.map(({ request }) => request.seq));
}

export const isTo = (bye: ByeOfFocus, user: string, trace: ScenarioTrace): boolean =>
  isSameUser(bye.user, user, trace);

/** Something else than the REFER happened until then for which the function may send a BYE. */
export function isDisturbed(
  conference: KnownConference,
  { exchange }: Referral,
  until: number,
  trace: ScenarioTrace,
): boolean {
  const { seq } = exchange.request;
  const isBetween = (at: number): boolean => at > seq && at < until;
  const leaves = leavingAfter(conference, seq) < until;
  const others = removals(trace).some(
    (one) =>
      one.exchange !== exchange &&
      (isBetween(one.exchange.request.seq) || isBetween(one.exchange.final?.seq ?? Number.POSITIVE_INFINITY)),
  );
  const steered = trace.events.some(
    ({ type, seq: at }) => (type === "provisioned" || type === "stimulated") && isBetween(at),
  );
  return leaves || others || steered;
}
