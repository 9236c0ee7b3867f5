/** How the setting up of an ad-hoc session went: who of the invited users took part, and who refused. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { privacyOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import {
  attemptedSetUps,
  controllingHop,
  laterInvitations,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { policyOf } from "./conference-members.ts";
import { readable } from "./pager-message.ts";

export interface Course {
  readonly setUp: SetUp;
  /** When the inviting user gave up or left, in milliseconds since the epoch; else infinite. */
  readonly left: number;
  /** The first 2xx of an invited user with which that user takes part, for all that anybody could say. */
  readonly firstAcceptance: SipRecord<SipResponse> | undefined;
  /** Final responses of all invited users, where each was invited and has refused; else undefined. */
  readonly allRefused: readonly SipRecord<SipResponse>[] | undefined;
}

/** Of ad-hoc sessions. */
export function courses(trace: ScenarioTrace): readonly Course[] {
  return attemptedSetUps(trace)
    .filter(({ kind }) => kind === "ad-hoc")
    .map((setUp) => ({
      setUp,
      left: leavingOf(setUp),
      firstAcceptance: firstOf(setUp.invitations.flatMap((one) => acceptanceOf(one, setUp, trace) ?? [])),
      allRefused: allRefused(setUp),
    }));
}

function leavingOf({ session: { cancel, requests } }: SetUp): number {
  const own = [cancel, ...requests.filter(({ method }) => method === "BYE")];
  const sent = own.flatMap(
    (journey) => (journey && controllingHop(journey, "to-sut") && journey.hops[0]) ?? [],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...sent.map(({ request }) => request.at));
}

function firstOf<R extends SipRecord>(records: readonly R[]): R | undefined {
  return records.toSorted((one, other) => one.seq - other.seq)[0];
}

/** Milliseconds. */
const BRIEF_MS = 1000;

/** A user who hides where that is not allowed, and one whose answer is of no use, are let go (7.2.2.2). */
function acceptanceOf(
  { accepted, session }: ConferenceInvite,
  { exchange }: SetUp,
  trace: ScenarioTrace,
): SipRecord<SipResponse> | undefined {
  if (accepted === undefined || session.cancel !== undefined) return undefined;
  const media = descriptionIn(accepted)?.media ?? [];
  const isUseful = media.some(({ port, path }) => port !== 0 && path.length > 0);
  const hides = readable(() => privacyOf(accepted.message).some((value) => value === "id"), true);
  // Who leaves at once may be gone before the inviting user is answered.
  const left = session.bye?.atSut.request;
  const isAnswered = left !== undefined && (exchange.final?.seq ?? Infinity) < left.seq;
  const leaves = left !== undefined && !isAnswered && left.at - accepted.at < BRIEF_MS;
  return isUseful && !leaves && (!hides || policyOf(trace)?.adHocAnonymity === true) ? accepted : undefined;
}

/** Redirection is left open, and an invitation that the server gave up was not refused by its user. */
function allRefused({ listed, originator, invitations }: SetUp): Course["allRefused"] {
  const others = listed.filter((uri) => originator === undefined || !sameAddressOfRecord(uri, originator));
  const isInvited = (uri: string): boolean =>
    invitations.some(({ request }) => sameAddressOfRecord(request.uri, uri));
  const finals = invitations.flatMap(({ exchange, session }) =>
    isRefusal(exchange) && session.cancel === undefined ? (exchange.final ?? []) : [],
  );
  const isAll = others.length > 0 && others.every(isInvited) && finals.length === invitations.length;
  return isAll ? finals : undefined;
}

/** After these an INVITE is tried again. */
const TRIED_AGAIN: ReadonlySet<number> = new Set([401, 407, 422, 423, 491, 500, 503]);

/** Which the function may take for the last word of who was invited. */
export function isRefusal({ final }: Exchange): boolean {
  return final !== undefined && final.message.status >= 400 && !TRIED_AGAIN.has(final.message.status);
}

/** The inviting user had its 200 before that: where the function answers before anybody has accepted, both may have crossed. */
export function isAnsweredBefore(
  { accepted }: Pick<SetUp, "accepted">,
  last: SipRecord,
  trace: ScenarioTrace,
): boolean {
  if (accepted === undefined) return false;
  if (accepted.seq < last.seq) return true;
  return policyOf(trace)?.answersEarly === true && accepted.at - last.at < BRIEF_MS;
}

/** Somebody else has come, or was asked for: who set the session up may not be alone in it. */
export function hasCompany(setUp: SetUp, until: SipRecord, trace: ScenarioTrace): boolean {
  return (
    setUp.comers.some(({ accepted }) => accepted !== undefined) ||
    setUp.session.requests.some(({ method, seq }) => method === "REFER" && seq < until.seq) ||
    laterInvitations(setUp, trace).length > 0
  );
}
