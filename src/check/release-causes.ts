/** What makes the controlling function remove participants, as the record shows it (7.2.2.8), and whether it did (7.2.2.5). */
import { groupAt, isGranted, type GroupItem } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { setUps, type SetUp } from "./conference.ts";
import { memo } from "./memo.ts";
import { policyOf } from "./originating-message.ts";
import { evidence } from "./outcome.ts";
import { hooked } from "./server-hooks.ts";
import { attendancesOf, isInAt, isOf, staysIn, usersOf, type Stay } from "./session-stays.ts";
import { closingOf, graceOf, hadTimeFor, SLACK } from "./waiting-time.ts";

/** Letters and numbers of 7.2.2.8: 1, a to f; `active`: session-active-policy; `2a`: rules that changed. */
export type ReleaseRule = "a" | "b" | "c" | "d" | "e" | "f" | "active" | "2a";

/** A moment from which on these participants have to be removed. */
export interface ReleaseCause {
  readonly rule: ReleaseRule;
  readonly kind: "one-to-one" | "ad-hoc" | "group";
  readonly setUp: SetUp;
  /** What happened, as a sentence. */
  readonly says: string;
  readonly seq: number;
  readonly at: number;
  readonly removed: readonly Stay[];
  /** The operator alone would not have it so. */
  readonly overridesOperator: boolean;
}

/** Whether somebody had to be removed, and was. Only what can be decided. */
export interface Removal {
  readonly cause: ReleaseCause;
  readonly stay: Stay;
  readonly done: boolean;
}

/** The session of a list is one-to-one with one user on it; one that was extended later is neither. */
function kindOf({ kind, listed, originator, comers }: SetUp, trace: ScenarioTrace, setUp: SetUp) {
  if (kind === "group") return kind;
  const others = listed.filter((uri) => originator === undefined || !sameAddressOfRecord(uri, originator));
  if (others.length > 1) return kind;
  const extended = comers.length > 0 || attendancesOf(setUp, trace).length > 2;
  return others.length === 1 && !extended ? "one-to-one" : undefined;
}

export const removals = memo((trace: ScenarioTrace): readonly Removal[] => {
  const causes = releaseCauses(trace);
  return causes.flatMap((cause) =>
    cause.removed.flatMap((stay): readonly Removal[] => {
      if (isRemovedBy(cause, stay, causes, trace)) return [{ cause, stay, done: true }];
      return hadTime(cause, stay, trace) ? [{ cause, stay, done: false }] : [];
    }),
  );
});

/** Before it goes by itself, and before there is another reason, if that comes much later. */
function isRemovedBy(
  cause: ReleaseCause,
  { removal, goes, session }: Stay,
  causes: readonly ReleaseCause[],
  trace: ScenarioTrace,
): boolean {
  if (removal === undefined || removal.request.seq > (goes?.seq ?? Infinity)) return false;
  return !causes.some(
    ({ at, seq, setUp, removed }) =>
      setUp === cause.setUp &&
      at - cause.at >= graceOf(trace) &&
      seq < removal.request.seq &&
      removed.some((stay) => stay.session === session),
  );
}

/** Whether the SUT had as much time as scenarios wait for what it should do, before the user left by itself. */
function hadTime({ at }: ReleaseCause, { goes }: Stay, trace: ScenarioTrace): boolean {
  return hadTimeFor(at, trace, goes?.at);
}

export function removalOutcome({ cause, stay, done }: Removal): Outcome {
  const who = stay.user?.actor ?? `<${stay.uri}>`;
  const actual = done ? `BYE to ${who}` : `no BYE to ${who} in time`;
  return {
    result: done ? "pass" : "miss",
    expected: `${cause.says}: ${who} is removed with BYE`,
    actual,
    evidence: [{ seq: cause.seq }, ...evidence(stay.removal)],
  };
}

export const releaseCauses = memo((trace: ScenarioTrace): readonly ReleaseCause[] =>
  setUps(trace).flatMap((setUp) => {
    const kind = kindOf(setUp, trace, setUp);
    if (kind === undefined) return [];
    const about: About = { setUp, kind, stays: staysIn(setUp, trace), trace };
    return [...byLeaving(about), ...byTime(about), ...byGroup(about)];
  }),
);

interface About {
  readonly setUp: SetUp;
  readonly kind: ReleaseCause["kind"];
  readonly stays: readonly Stay[];
  readonly trace: ScenarioTrace;
}

interface Moment {
  readonly seq: number;
  readonly at: number;
}

function causeOf(
  { setUp, kind, stays }: About,
  rule: ReleaseRule,
  says: string,
  { seq, at }: Moment,
  {
    concerns = () => true,
    overridesOperator = false,
  }: { readonly concerns?: (stay: Stay) => boolean; readonly overridesOperator?: boolean } = {},
): readonly ReleaseCause[] {
  const removed = stays.filter((stay) => isInAt(stay, seq) && (stay.goes?.seq ?? Infinity) > seq);
  return [{ rule, kind, setUp, says, seq, at, removed: removed.filter(concerns), overridesOperator }];
}

/** Somebody left, with a BYE that the focus has answered. */
function byLeaving(about: About): readonly ReleaseCause[] {
  return about.stays.flatMap((stay) => {
    const { request, final } = stay.leaving ?? {};
    if (request === undefined || final === undefined || final.message.status >= 300) return [];
    if (stay.removal !== undefined) return [];
    const left = { seq: request.seq, at: final.at };
    // Somebody who is coming may count or not.
    const few = isComing(about, request.seq, final.seq) ? [] : withTooFew(about, left);
    return [...withOriginator(about, stay, left), ...few];
  });
}

function isComing({ setUp, trace }: About, from: number, to: number): boolean {
  return attendancesOf(setUp, trace).some(
    ({ exchange: { request, final } }) => request.seq < to && from < (final?.seq ?? Infinity),
  );
}

function withOriginator(about: About, leaver: Stay, left: Moment): readonly ReleaseCause[] {
  const { setUp, kind, stays, trace } = about;
  const isOriginator = isOf(leaver, setUp.originator);
  const isBack = stays.some((stay) => isOf(stay, leaver.uri) && isInAt(stay, left.seq));
  if (!isOriginator || isBack) return [];
  if (kind !== "group") return causeOf(about, "a", "the originator has left", left);
  return policyOf(trace)?.autoRelease === true
    ? causeOf(about, "b", "the originator has left, and auto-release is true", left)
    : [];
}

function withTooFew(about: About, left: Moment): readonly ReleaseCause[] {
  const { kind, stays, trace } = about;
  const remaining = usersOf(stays.filter((stay) => isInAt(stay, left.seq)));
  if (remaining.length === 0) return [];
  if (kind === "one-to-one")
    return remaining.length === 1 ? causeOf(about, "c", "one is left in a one-to-one session", left) : [];
  const limit = policyOf(trace)?.remainingParticipants;
  const rules = rulesAt(about, left.seq);
  const least = rules?.minParticipantCount;
  const few = `${remaining.length} participants are left`;
  const required = rules?.requiredParticipants ?? [];
  const missing = required.filter((uri) => !remaining.some((stay) => isOf(stay, uri)));
  return [
    ...(least === undefined && limit !== undefined && remaining.length <= limit
      ? causeOf(about, "d", `${few}, as many as the limit or fewer`, left)
      : []),
    ...(least !== undefined && remaining.length < least
      ? causeOf(about, "active", `${few}, and the group wants ${least}`, left, {
          overridesOperator: limit !== undefined && remaining.length > limit,
        })
      : []),
    ...(missing.length > 0
      ? causeOf(about, "active", `<${missing[0] ?? ""}>, whom the group requires, has left`, left)
      : []),
  ];
}

/** The group's document as it stood; undefined of other sessions. */
export function rulesAt(
  { setUp, trace }: Pick<About, "setUp" | "trace">,
  seq: number,
): GroupItem["rules"] | undefined {
  return setUp.group === undefined ? undefined : groupAt(trace.events, setUp.group.uri, seq)?.rules;
}

/** 7.2.2.8-1, e, and the duration that the group allows. */
function byTime(about: About): readonly ReleaseCause[] {
  const { setUp, trace } = about;
  const { accepted } = setUp;
  if (accepted === undefined) return [];
  const allowed = rulesAt(about, accepted.seq)?.maxDurationS;
  const usual = policyOf(trace)?.sessionMaximumS;
  const begun = setUp.exchange.request.at;
  return [
    ...(allowed === undefined
      ? []
      : after(about, "active", `${allowed} s have passed, as many as the group allows`, begun, allowed)),
    ...(allowed !== undefined || usual === undefined
      ? []
      : after(about, "e", `the session has lasted ${usual} s`, begun, usual)),
    ...hooked(setUp, "limit-session", trace).flatMap(({ at, intent }) => {
      const seconds = Number(intent["seconds"]);
      return after(about, "e", `the session has reached its maximum length`, at, seconds);
    }),
  ];
}

/** The session began with the INVITE or with its answer: the later of both gives the SUT its due, and its clock may have begun with the earlier. */
function after(
  about: About,
  rule: ReleaseRule,
  says: string,
  from: number,
  seconds: number,
): readonly ReleaseCause[] {
  const { setUp, kind, stays, trace } = about;
  const at = Math.max(from, setUp.accepted?.at ?? from) + seconds * 1000;
  const nearly = from + seconds * 1000 * (1 - SLACK);
  const seq = trace.events.findLast((event) => event.at <= nearly)?.seq;
  if (seq === undefined) return [];
  const removed = stays.filter(({ entered, removal, goes }) => {
    const isDue = removal === undefined ? closingOf(trace) >= at : removal.request.at >= nearly;
    return isDue && entered.at < at && (goes?.at ?? Infinity) > nearly;
  });
  return [{ rule, kind, setUp, says, seq, at, removed, overridesOperator: false }];
}

/** When the server had looked at the document again that was changed at `seq`. */
function lookedAgain(group: string, seq: number, trace: ScenarioTrace): number | undefined {
  const asked = trace.stimuli.find(
    (stimulus) =>
      stimulus.action === "group-changed" && stimulus.seq > seq && stimulus.intent["group"] === group,
  );
  const done = trace.events.find(
    (event) =>
      event.type === "driver-answered" && event.stimulus === asked?.id && asked !== undefined && event.ok,
  );
  return done?.at;
}

/** 7.2.2.8-1, f, and 7.2.2.8-2, a. */
function byGroup(about: About): readonly ReleaseCause[] {
  const { setUp, trace } = about;
  const { group, accepted } = setUp;
  if (group === undefined || accepted === undefined) return [];
  return trace.events.flatMap((event) => {
    if (event.type !== "provisioned" || event.seq < accepted.seq) return [];
    const { item, seq } = event;
    const at = lookedAgain(group.uri, seq, trace);
    // Without the hook, nobody knows when the server learns of it.
    if (at === undefined) return [];
    if (item.kind === "group-deleted" && sameAddressOfRecord(item.uri, group.uri))
      return causeOf(about, "f", "the group was deleted", { seq, at });
    if (item.kind !== "group" || !sameAddressOfRecord(item.uri, group.uri)) return [];
    return causeOf(
      about,
      "2a",
      "the rules of the group no longer let it take part",
      { seq, at },
      { concerns: (stay) => isGranted(item, "join-handling", stay.uri) === false },
    );
  });
}
