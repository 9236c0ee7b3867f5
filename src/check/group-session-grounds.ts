/**
 * Why the controlling function must, or may, refuse an INVITE to a Pre-defined Group. A statement about a refusal is judged where its ground
 * is the only one, a statement about what is done with a good INVITE where there is none (see grounds.ts).
 */
import { policyIn } from "../spec/configuration-sets.ts";
import { ageAt, groupAt, isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { header, tokensOf } from "../wire/sip/headers.ts";
import { replacesOf, sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { violations } from "../wire/sip/validate.ts";
import { focusContactOf } from "./conference-invites.ts";
import { isThroughout, type GroupDialog, type GroupInvite } from "./group-session.ts";
import { memo } from "./memo.ts";
import { asksAnonymity, uriListOf } from "./pager-message.ts";

export type GroupGround =
  | "group-without-im"
  | "other-focus"
  | "not-initiator"
  | "not-joiner"
  | "age"
  | "full"
  | "anonymity"
  | "media"
  /** Something that leaves the function free, or that a check cannot tell. */
  | "open";

/** All of them; none: the function has to do with it what the clause says. */
export function groupGrounds(invite: GroupInvite, trace: ScenarioTrace): readonly GroupGround[] {
  const known = groundsIn(trace);
  const found = known.get(invite) ?? readGrounds(invite, trace);
  known.set(invite, found);
  return found;
}

const groundsIn = memo((_trace: ScenarioTrace) => new Map<GroupInvite, readonly GroupGround[]>());

/** The ground, when it is the only one. */
export function soleGroupGround(invite: GroupInvite, trace: ScenarioTrace): GroupGround | undefined {
  const grounds = groupGrounds(invite, trace);
  return grounds.length === 1 ? grounds[0] : undefined;
}

function readGrounds(invite: GroupInvite, trace: ScenarioTrace): readonly GroupGround[] {
  const { group, request, originator = "" } = invite;
  const media = group.rules?.media;
  return [
    ...given("group-without-im", !group.supportsIm),
    ...given("open", group.supportsIm && media !== undefined && !media.includes("message-session")),
    ...given("other-focus", focusContactOf(request)?.params.has("isfocus") === true),
    ...authority(invite),
    ...given("age", !isOfAge(invite, trace)),
    ...fullness(invite),
    ...given(
      "anonymity",
      asksAnonymity(request) && isGranted(group, "allow-anonymity", originator) === false,
    ),
    ...mediaGround(invite, trace),
    ...given("open", isOutOfOrdinary(invite, trace)),
  ];
}

function given<G extends GroupGround>(ground: G, holds: boolean): readonly G[] {
  return holds ? [ground] : [];
}

/** Of one who may begin the session and may not join it, no clause tells. */
function authority({ group, when, originator = "" }: GroupInvite): readonly GroupGround[] {
  const isJoiner = isGranted(group, "join-handling", originator);
  if (when !== "idle") return given("not-joiner", isJoiner === false);
  const isInitiator = isGranted(group, "allow-initiate-conference", originator);
  if (isInitiator === false) return ["not-initiator"];
  return given("open", isJoiner === false);
}

/** Both ends of a range belong to it; who has no age is in none (7.2.2.9). */
function isOfAge({ group, originator, exchange }: GroupInvite, trace: ScenarioTrace): boolean {
  const range = group.rules?.age;
  if (range === undefined) return true;
  const age = originator === undefined ? undefined : ageAt(trace.events, originator, exchange.request.seq);
  return age !== undefined && (range.from ?? 0) <= age && age <= (range.until ?? Number.POSITIVE_INFINITY);
}

/** Whoever may have left, or may be about to come, may count or not. */
function fullness(invite: GroupInvite): readonly ("full" | "open")[] {
  const { group, others, when, exchange } = invite;
  const maximum = group.rules?.maxParticipantCount;
  if (maximum === undefined || when === "idle") return [];
  const inFor = (dialogs: GroupInvite["others"]): number =>
    new Set(dialogs.map(({ user }) => user?.toLowerCase())).size;
  if (inFor(others.filter((one) => isThroughout(one, invite))) >= maximum) return ["full"];
  const { seq } = exchange.request;
  return inFor(others.filter((one) => mayBeThere(one, seq))) >= maximum ? ["open"] : [];
}

function mediaGround({ exchange }: GroupInvite, trace: ScenarioTrace): readonly ("media" | "open")[] {
  const offer = descriptionIn(exchange.request);
  if (offer === undefined || isUnreadable(offer.sdp)) return ["open"];
  const { server } = trace.sutFile;
  const refused = server === undefined ? [] : policyIn(server, trace.configurationSet).refusedSessionTypes;
  const isRefused = (type: string): boolean =>
    refused.some((one) => one.toLowerCase() === type.toLowerCase());
  const isUnusable = ({ acceptTypes }: MessageMedia): boolean =>
    acceptTypes.length > 0 && acceptTypes.every(isRefused);
  if (offer.media.every(isUnusable)) return ["media"];
  return offer.media.some(isPlain) ? [] : ["open"];
}

/** Nobody could object to it: messages of a conference are wrapped in message/cpim (7.1.3.2.1). */
function isPlain({ port, path, acceptTypes, direction, file, protocol }: MessageMedia): boolean {
  return (
    port !== 0 &&
    path.length > 0 &&
    protocol === "TCP/MSRP" &&
    direction === "sendrecv" &&
    file === undefined &&
    acceptTypes.some((type) => ["*", "message/cpim", "message/*"].includes(type.toLowerCase()))
  );
}

/** RFC 4028 5: no server may find an interval from here on too short. */
const LONG_ENOUGH_S = 1800;

/** What other rules than those of the clause are about. */
function isOutOfOrdinary(invite: GroupInvite, trace: ScenarioTrace): boolean {
  const { request, group, originator, others, exchange } = invite;
  const interval = sessionExpiresOf(request)?.interval;
  const shortest = policyOf(trace)?.minimumIntervalS ?? LONG_ENOUGH_S;
  const user = originator === undefined ? undefined : trace.userOf(originator);
  return (
    originator === undefined ||
    user?.properties.includes("unauthorised") === true ||
    group.rules === undefined ||
    wasGivenUp(invite, trace) ||
    uriListOf(request) !== undefined ||
    tokensOf(request, "Require").length > 0 ||
    replacesOf(request) !== undefined ||
    header(request, "Referred-By") !== undefined ||
    (interval === undefined ? header(request, "Session-Expires") !== undefined : interval < shortest) ||
    violations(request).length > 0 ||
    others.some((one) => isOf(originator, one) && mayBeThere(one, exchange.request.seq)) ||
    isRewritten(invite, trace)
  );
}

/** Where members ring, anybody may become tired of it; else a CANCEL that comes when all patience is over changes nothing. */
function wasGivenUp(
  { session: { cancel }, exchange, when }: GroupInvite,
  { sutFile }: ScenarioTrace,
): boolean {
  if (cancel === undefined || when !== "running") return cancel !== undefined;
  const { actionMs, responseMs } = sutFile.guards;
  return cancel.atSut.request.at - exchange.request.at < Math.min(actionMs, responseMs);
}

function isOf(originator: string, { user }: GroupDialog): boolean {
  return user !== undefined && sameAddressOfRecord(user, originator);
}

/** Its end is not over for both of its ends. What the INVITE itself brings about is counted, too. */
function mayBeThere({ until, invite: { session } }: GroupDialog, seq: number): boolean {
  const left = session.bye?.atSut.final?.seq ?? Number.POSITIVE_INFINITY;
  return Math.max(until, left) > seq;
}

function policyOf(trace: ScenarioTrace): ReturnType<typeof policyIn> | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** A document that was written twice may be known in either form. */
function isRewritten({ group, until }: GroupInvite, { events }: ScenarioTrace): boolean {
  const versions = events.filter(
    (event) =>
      event.type === "provisioned" &&
      (event.item.kind === "group" || event.item.kind === "group-deleted") &&
      sameAddressOfRecord(event.item.uri, group.uri) &&
      event.seq < until,
  );
  return versions.length > 1 || groupAt(events, group.uri, until) !== group;
}
