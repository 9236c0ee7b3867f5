/** 7.2.3.3, step 2a: a message that is too large for a participant is not sent to it, and the sender is told. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import type { Participant } from "./conference.ts";
import { reportedLegs } from "./final-reports.ts";
import { endedAt, failuresOf, hadTime, hearsOfFailure, isBound, limitOf, sizeOf } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { goodForEverybody, type Talk } from "./switch-messages.ts";

interface Excess {
  readonly talk: Talk;
  readonly recipient: Participant;
  readonly size: number;
  readonly limit: number;
}

function excesses(trace: ScenarioTrace): readonly Excess[] {
  return goodForEverybody(trace).flatMap((talk) => {
    const size = sizeOf(talk.sent);
    if (size === undefined) return [];
    return talk.others.flatMap((recipient) => {
      const limit = limitOf(recipient, trace);
      const isExceeded =
        typeof limit === "number" && size > limit && isBound(recipient, talk.sent.seq, trace);
      return isExceeded ? [{ talk, recipient, size, limit }] : [];
    });
  });
}

/** Others, who take more, have it: the one is told from the other. */
function reachedOthers({ talk, recipient }: Excess, trace: ScenarioTrace): boolean {
  return talk.others.some(
    (one) => one.user.node !== recipient.user.node && copiesAt(one, talk.token, trace).length > 0,
  );
}

function judgeAbsence(excess: Excess, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { talk, recipient, size, limit } = excess;
  const { actor } = recipient.user;
  const expected = `${size} octets are not sent to ${actor}, who takes ${limit}`;
  const [copy] = copiesAt(recipient, talk.token, trace);
  const evidence = [{ seq: talk.sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  if (copy !== undefined) return { result: "miss", expected, actual: "they were sent", evidence };
  const isTold = failuresOf(talk.sent).length > 0;
  const isProven = isTold || trace.absenceProven(endedAt(talk.sent, trace), `message at ${actor}`);
  return trace.complete && isProven ? { result: "pass", expected, actual: "they were not", evidence } : [];
}

export const tooLargeIsNotSent = check<Excess>("7.2.3.3-2a-i-1", {
  trigger: excesses,
  judge: judgeAbsence,
});

/** By what each of them said of itself. */
export const limitsAreLookedUp = check<Excess>("7.2.3.3-2a-1", {
  trigger: (trace) => excesses(trace).filter((excess) => reachedOthers(excess, trace)),
  judge: judgeAbsence,
});

export const attributesAreKnown = check<Excess>("7.2.3.1-2", {
  trigger: (trace) => excesses(trace).filter((excess) => reachedOthers(excess, trace)),
  judge: judgeAbsence,
});

/** No chunk alone is too large. */
export const totalIsCompared = check<Excess>("7.2.3.3-2a-2", {
  trigger: (trace) =>
    excesses(trace).filter(({ talk, limit }) =>
      talk.sent.chunks.every(({ request }) => request.bodyBytes <= limit),
    ),
  judge: judgeAbsence,
});

/** In a report or a response of MSRP, or in the Final Report where one was asked for. */
export const senderIsToldOfExcess = check<Excess>("7.2.3.3-2a-i-2", {
  trigger: (trace) => excesses(trace).filter(({ talk }) => hearsOfFailure(talk.sent)),
  judge: ({ talk, recipient, limit }, trace) => {
    const { sent } = talk;
    const expected = `a failure is reported, for ${recipient.user.actor} takes ${limit} octets only`;
    const [status] = failuresOf(sent);
    const evidence = [{ seq: sent.seq }];
    if (status !== undefined) return { result: "pass", expected, actual: `${status} was reported`, evidence };
    const leg = reportedLegs(talk, trace).find((one) => one.status !== undefined && one.status !== 200);
    if (leg !== undefined)
      return { result: "pass", expected, actual: `${leg.status ?? ""} in the Final Report`, evidence };
    if (!trace.complete || !hadTime(sent, trace, talk.sender.untilAt)) return [];
    return { result: "miss", expected, actual: "nothing was reported", evidence };
  },
});
