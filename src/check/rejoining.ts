/**
 * INVITEs to IM Session Identities at the controlling function (7.2.1.5), and why it must, or may, refuse one. A statement about a refusal is
 * judged where its ground is the only one, a statement about what is done with a good INVITE where there is none.
 */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { tokensOf } from "../wire/sip/headers.ts";
import { replacesOf, sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { violations } from "../wire/sip/validate.ts";
import {
  controllingHop,
  focusContactOf,
  invitesToFocus,
  type ConferenceInvite,
} from "./conference-invites.ts";
import {
  conferenceAt,
  goesOn,
  groupOf,
  isOver,
  isSameUser,
  policyOf,
  presenceOf,
  spanOf,
  thoseIn,
  thoseNotOut,
  type KnownConference,
} from "./conference-members.ts";
import { isOfAge } from "./group-ages.ts";
import { isEndedSession, originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";
import { asksAnonymity, uriListOf } from "./pager-message.ts";
import { acceptabilityOf } from "./session-offers.ts";

export interface Rejoining extends ConferenceInvite {
  readonly originator: string;
  /** Undefined: the SUT file names the identity as one of a session that is over. */
  readonly conference: KnownConference | undefined;
  readonly grounds: readonly RejoinGround[];
}

export type RejoinGround =
  | "over"
  | "not-admitted"
  | "full"
  | "anonymity"
  | "media"
  /** Something that leaves the function free, or that a check cannot tell. */
  | "open";

/** In the order in which they came. */
export const rejoinings = memo((trace: ScenarioTrace): readonly Rejoining[] =>
  invitesToFocus(trace).flatMap((invite) => {
    const { request, exchange } = invite;
    const originator = originatorOf(request);
    const known = conferenceAt(request.uri, exchange.request.seq, trace);
    // The address of a group is 7.2.1.4's.
    const conference = trace.group(request.uri) === undefined ? known : undefined;
    if (originator === undefined || (conference === undefined && !isEndedSession(request.uri, trace)))
      return [];
    return [{ ...invite, originator, conference, grounds: groundsOf(invite, originator, conference, trace) }];
  }),
);

/** Those that have nothing against them. */
export function goodRejoinings(trace: ScenarioTrace): readonly Rejoining[] {
  return rejoinings(trace).filter(({ grounds }) => grounds.length === 0);
}

/** Those that have this against them, and nothing else. */
export function rejoiningsWith(ground: RejoinGround, trace: ScenarioTrace): readonly Rejoining[] {
  return rejoinings(trace).filter(({ grounds }) => grounds.length === 1 && grounds[0] === ground);
}

function groundsOf(
  invite: ConferenceInvite,
  originator: string,
  conference: KnownConference | undefined,
  trace: ScenarioTrace,
): readonly RejoinGround[] {
  const span = spanOf(invite.exchange);
  const odd = isOutOfOrdinary(invite, originator, trace) ? (["open"] as const) : [];
  // 7.2.1.5-1 comes before all others, but whether the user is served at all.
  if (conference === undefined || isOver(conference, span)) return ["over", ...odd];
  if (!goesOn(conference, span, trace)) return ["open"];
  const present = presenceOf(conference, originator, span, trace);
  if (present !== "out") return ["open"];
  return [
    ...admission(conference, originator, invite, trace),
    ...fullness(conference, invite, trace),
    ...anonymity(conference, originator, invite, trace),
    ...media(invite, trace),
    ...odd,
  ];
}

/** 7.2.2.9. */
function admission(
  conference: KnownConference,
  originator: string,
  { exchange }: ConferenceInvite,
  trace: ScenarioTrace,
): readonly RejoinGround[] {
  const span = spanOf(exchange);
  if (conference.kind !== "group") return adHocAdmission(conference, originator, span.from, trace);
  const group = groupOf(conference, span, trace);
  if (group === undefined) return ["open"];
  const granted = isGranted(group, "join-handling", originator);
  // Another clause is about those who are too young, or of whom that is not known.
  const ofAge = isOfAge(group, originator, span.from, trace) === true;
  if (granted === undefined) return ["open"];
  if (granted) return ofAge ? [] : ["open"];
  return ofAge ? ["not-admitted"] : ["open"];
}

/** Who was invited, at the beginning or since, may come back; who was removed meanwhile, perhaps. */
function adHocAdmission(
  { setUp, listed, attendances }: KnownConference,
  originator: string,
  seq: number,
  trace: ScenarioTrace,
): readonly RejoinGround[] {
  const isMeant = (uri: string): boolean => isSameUser(uri, originator, trace);
  const referred = trace
    .exchanges({ method: "REFER" })
    .filter(({ request }) => request.seq < seq)
    .map(
      ({ request: { message } }) =>
        Buffer.from(message.body).toString("latin1") + JSON.stringify(message.headers),
    );
  const isReferred = referred.some((text) => text.includes(originator.replace(/^sips?:/iu, "")));
  const own = attendances.filter((one) => isMeant(one.uri) && one.exchange.request.seq < seq);
  const invited = isMeant(setUp.uri) || listed.some(isMeant) || own.some(({ way }) => way === "from-sut");
  if (isReferred) return invited && own.every((one) => !wasRemoved(one)) ? [] : ["open"];
  return invited ? [] : ["not-admitted"];
}

/** By the focus itself: a participating function on the way sends the BYE of who leaves as well. */
function wasRemoved({ session: { bye } }: ConferenceInvite): boolean {
  return bye !== undefined && controllingHop(bye, "from-sut") !== undefined;
}

/** Only the number of participants in a group is limited here; of an ad-hoc session see 7.2.1.2-8 and 7.2.1.7-4. */
function fullness(
  conference: KnownConference,
  { exchange }: ConferenceInvite,
  trace: ScenarioTrace,
): readonly RejoinGround[] {
  const span = spanOf(exchange);
  const maximum = groupOf(conference, span, trace)?.rules?.maxParticipantCount;
  if (maximum === undefined) return [];
  if (thoseIn(conference, span, trace).length >= maximum) return ["full"];
  return thoseNotOut(conference, span, trace).length >= maximum ? ["open"] : [];
}

function anonymity(
  conference: KnownConference,
  originator: string,
  { request, exchange }: ConferenceInvite,
  trace: ScenarioTrace,
): readonly RejoinGround[] {
  if (!asksAnonymity(request)) return [];
  const group = groupOf(conference, spanOf(exchange), trace);
  const allowed =
    group === undefined ? policyOf(trace)?.adHocAnonymity : isGranted(group, "allow-anonymity", originator);
  if (allowed === undefined) return ["open"];
  return allowed ? [] : ["anonymity"];
}

function media({ exchange }: ConferenceInvite, trace: ScenarioTrace): readonly RejoinGround[] {
  const found = acceptabilityOf(exchange, trace);
  if (found === "acceptable") return [];
  return found === "unacceptable" ? ["media"] : ["open"];
}

/** RFC 4028 5: no server may find an interval from here on too short. */
const LONG_ENOUGH_S = 1800;

/** What other rules than those of the clause are about. */
function isOutOfOrdinary(
  { request, session, exchange }: ConferenceInvite,
  originator: string,
  trace: ScenarioTrace,
): boolean {
  const interval = sessionExpiresOf(request)?.interval;
  const properties = trace.userOf(originator)?.properties ?? [];
  return (
    properties.includes("unauthorised") ||
    properties.includes("anonymity-not-allowed") ||
    session.cancel !== undefined ||
    uriListOf(request) !== undefined ||
    tokensOf(request, "Require").length > 0 ||
    replacesOf(request) !== undefined ||
    focusContactOf(request)?.params.has("isfocus") === true ||
    (interval !== undefined &&
      interval < LONG_ENOUGH_S &&
      interval < (policyOf(trace)?.minimumIntervalS ?? LONG_ENOUGH_S)) ||
    violations(request).length > 0 ||
    exchange.request.cut === true
  );
}
