/** 6.1.4.1: private messages at a participating function, which looks at the release of the next node. */
import { parseReleaseToken } from "../spec/release-token.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { parseCpimAddress } from "../wire/cpim/address.ts";
import { cpimHeaders } from "../wire/cpim/cpim.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { outcome } from "./6.1.3-media.ts";
import { check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference-invites.ts";
import { isNearEnd, passages, type Passage } from "./media-legs.ts";
import { isLate, isSameUri } from "./originating-session.ts";
import { readable } from "./pager-message.ts";
import { identitiesOf } from "./session-fields.ts";
import { otherSide, type SessionLegs, type Side } from "./session-legs.ts";

/** Private messages that came from one end of a conference's leg, the other end of which is or has a focus. */
function privateMessages(trace: ScenarioTrace): readonly Passage[] {
  return passages(trace).filter(
    ({ legs: { call }, taken }) =>
      taken.flag === "$" &&
      isOfConference(call) &&
      recipientsOf(taken).length > 0 &&
      recipientsOf(taken).every((uri) => isOfSomebodyElse(uri, call, trace)),
  );
}

function isOfConference(call: SessionLegs): boolean {
  return (["caller", "callee"] as const).some((side) =>
    messagesOf(call, side).some((message) => focusContactOf(message)?.params.has("isfocus") === true),
  );
}

/** What the end of that side said of itself when the session was made. */
function messagesOf({ taken, sent }: SessionLegs, side: Side): readonly SipMessage[] {
  return side === "caller" ? [taken.request.message] : sent.responses.map(({ message }) => message);
}

function recipientsOf({ cpim }: Passage["taken"]): readonly string[] {
  if (cpim === undefined || isUnreadable(cpim)) return [];
  return readable(() => cpimHeaders(cpim, "To").map(({ value }) => parseCpimAddress(value).uri), []);
}

/** A user, and none of the names that the conference itself goes by in this session. */
function isOfSomebodyElse(uri: string, { taken, sent }: SessionLegs, trace: ScenarioTrace): boolean {
  const messages = [taken.request, sent.request, ...sent.responses, ...taken.responses].map(
    ({ message }) => message,
  );
  const names = messages.flatMap((message) => [
    ...(message.kind === "request" ? [message.uri] : []),
    focusContactOf(message)?.uri,
    readable(() => toOf(message)?.uri, undefined),
    ...identitiesOf(message),
  ]);
  return trace.userOf(uri) !== undefined && !names.some((name) => isSameUri(name, uri));
}

/** Undefined: it told no release of the enabler. */
function releaseOf(call: SessionLegs, side: Side): string | undefined {
  return messagesOf(call, side)
    .flatMap((message) => [header(message, "User-Agent"), header(message, "Server")])
    .find((value) => value !== undefined && parseReleaseToken(value.replace(/\s*\/\s*/u, "/")) !== undefined);
}

function toNode(trace: ScenarioTrace, isKnown: boolean): readonly Passage[] {
  return privateMessages(trace).filter(
    ({ legs: { call }, from }) => (releaseOf(call, otherSide(from)) !== undefined) === isKnown,
  );
}

const failuresOf = ({ taken }: Passage): readonly number[] =>
  [taken.status, ...taken.reports.map(({ status }) => status)].filter(
    (status): status is number => status !== undefined && status !== 200,
  );

export const nextNodeIsLookedAt = check<Passage>("6.1.4.1-1a", {
  trigger: (trace) => [...toNode(trace, true), ...toNode(trace, false)],
  judge: (passage, trace): Outcome => {
    const { legs, from, taken, sent } = passage;
    const release = releaseOf(legs.call, otherSide(from));
    const expected =
      release === undefined
        ? "a private message does not go on to a node that tells no release of the enabler"
        : `a private message goes on to a node that tells its release, ${release}`;
    if (sent !== undefined)
      return outcome(release === undefined ? "miss" : "pass", expected, "it went on", taken, sent);
    if (release === undefined)
      return isLate(taken.at, trace) || failuresOf(passage).length > 0
        ? outcome("pass", expected, "it did not", taken)
        : outcome("inconclusive", expected, "the trace ends before it could", taken);
    return failuresOf(passage).includes(403)
      ? outcome("miss", expected, "it was refused with 403", taken)
      : outcome("inconclusive", expected, "it did not go on, for another reason", taken);
  },
});

export const privateMessage403 = check<Passage>("6.1.4.1-1b", {
  trigger: (trace) => toNode(trace, false),
  judge: (passage, trace): Outcome => {
    const { taken, sent } = passage;
    const expected = "403 for a private message to a node that tells no release of the enabler";
    if (sent !== undefined) return outcome("miss", expected, "it went on", taken, sent);
    const failures = failuresOf(passage);
    if (failures.includes(403)) return outcome("pass", expected, "403", taken);
    const [other] = failures;
    if (other !== undefined) return outcome("miss", expected, `${other}`, taken);
    return isLate(taken.at, trace) && !isNearEnd(passage, trace)
      ? outcome("miss", expected, `${taken.status ?? "no response"}`, taken)
      : outcome("inconclusive", expected, "the trace, or the session, ends before it", taken);
  },
});
