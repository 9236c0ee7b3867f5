/** Participants who stay when another leaves: by the operator's variables and the rules of the group nothing puts them out (7.2.2.8). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check } from "./check.ts";
import { setUps, type SetUp } from "./conference.ts";
import { sizeOfList } from "./list-size.ts";
import { policyOf } from "./originating-message.ts";
import { missed, passed } from "./outcome.ts";
import { referrals } from "./referred-users.ts";
import { releaseCauses } from "./release-causes.ts";
import { isCertainAt, isOf, staysIn, usersOf, type Stay } from "./session-stays.ts";
import { graceOf } from "./waiting-time.ts";

interface Staying {
  readonly left: Exchange;
  readonly stay: Stay;
  /** By the function, before anything else happened. */
  readonly isPutOut: boolean;
}

/** A participant leaves, who did not begin the session, and more are left than it is released with. */
function stayings(trace: ScenarioTrace): readonly Staying[] {
  if (isSteered(trace)) return [];
  return setUps(trace).flatMap((setUp) => {
    const stays = staysIn(setUp, trace);
    const leavers = stays.filter((stay) => !isOf(stay, setUp.originator) && isLeaving(stay));
    return leavers.flatMap(({ leaving: left }) => {
      if (left === undefined) return [];
      const others = stays.filter((stay) => isCertainAt(stay, left.request.seq));
      return isEnough(others, setUp, trace)
        ? others
            .map((stay) => ({ left, stay, isPutOut: isPutOut(stay, left, { setUp, stays, trace }) }))
            .filter((one) => one.isPutOut || isHeard(one, trace))
        : [];
    });
  });
}

/** Time limits, hooks, removals by other participants and lines that break have rules of their own. */
function isSteered(trace: ScenarioTrace): boolean {
  const hooks = ["misbehave-in-sessions", "limit-session", "group-changed", "cancel-invitations"];
  return (
    policyOf(trace)?.sessionMaximumS !== undefined ||
    referrals(trace).some(({ removes }) => removes) ||
    trace.stimuli.some(({ action, intent }) => hooks.includes(action) || intent["ends"] !== undefined)
  );
}

function isLeaving({ leaving, removal }: Stay): boolean {
  return removal === undefined && (leaving?.final?.message.status ?? 999) < 300;
}

/** Of a list with one user the session may have been one-to-one. */
function isEnough(others: readonly Stay[], setUp: SetUp, trace: ScenarioTrace): boolean {
  const { remainingParticipants } = policyOf(trace) ?? {};
  const rules = setUp.group?.rules;
  const isPlain =
    setUp.kind === "group"
      ? rules !== undefined && rules.requiredParticipants === undefined && rules.maxDurationS === undefined
      : sizeOfList(setUp.listed, setUp.originator).least > 1;
  if (!isPlain || remainingParticipants === undefined) return false;
  return usersOf(others).length > Math.max(1, remainingParticipants, (rules?.minParticipantCount ?? 0) - 1);
}

interface About {
  readonly setUp: SetUp;
  readonly stays: readonly Stay[];
  readonly trace: ScenarioTrace;
}

function isPutOut({ removal, goes }: Stay, left: Exchange, { setUp, stays, trace }: About): boolean {
  if (removal === undefined) return false;
  const { seq, at, phase } = removal.request;
  const isBefore = (moment: { readonly seq: number } | undefined): boolean =>
    moment !== undefined && moment.seq > left.request.seq && moment.seq < seq;
  return (
    phase !== "postamble" &&
    at - left.request.at < graceOf(trace) &&
    (goes?.seq ?? Infinity) > seq &&
    !stays.some((other) => other.leaving !== left && isBefore(other.goes)) &&
    !releaseCauses(trace).some((cause) => cause.setUp === setUp && cause.seq < seq)
  );
}

/** A message of the session was sent to it after the other had left. */
function isHeard(
  { left, stay: { user, goes, removal } }: Omit<Staying, "isPutOut">,
  trace: ScenarioTrace,
): boolean {
  const until = Math.min(goes?.seq ?? Infinity, removal?.request.seq ?? Infinity);
  const since = left.final?.seq ?? Infinity;
  return trace.sessionMode.messages.some(
    ({ node, way, seq }) => node === user?.node && way === "from-sut" && seq > since && seq < until,
  );
}

export function othersStayAfterBye(statement: string): Check {
  return check<Staying>(statement, {
    trigger: stayings,
    judge: ({ left, stay: { user, uri, removal }, isPutOut: isGone }) => {
      const who = user?.actor ?? `<${uri}>`;
      const expected = `${who} stays: by the policy of release so many go on`;
      return isGone
        ? missed(expected, `BYE to ${who}`, left, removal)
        : passed(expected, `${who} is still sent messages`, left);
    },
  });
}
