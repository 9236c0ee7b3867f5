/** 6.1.1.2.7: the user gives an invitation up, and the originating participating function has sent it on. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { originatingCalls, isLate } from "./originating-session.ts";
import { endOf, missed, noted, passed, undecided } from "./outcome.ts";
import type { SessionLegs } from "./session-legs.ts";

interface GivenUp extends SessionLegs {
  readonly cancel: Exchange;
}

function givenUp(trace: ScenarioTrace, isB2bua: boolean): readonly GivenUp[] {
  return originatingCalls(trace).flatMap((call) => {
    const cancel = call.session.cancel?.hops.find(
      ({ way, request }) => way === "to-sut" && request.serverFunction === "originating",
    );
    const { final } = call.taken;
    // RFC 3261 9.2: what has its final response is not given up.
    const isOver = final !== undefined && cancel !== undefined && final.seq < cancel.request.seq;
    return cancel === undefined || isOver || call.isB2bua !== isB2bua ? [] : [{ ...call, cancel }];
  });
}

export const cancelIsAnswered = check<GivenUp>("6.1.1.2.7-1", {
  trigger: (trace) => givenUp(trace, true),
  judge: ({ taken, sent, cancel }, trace): Outcome => {
    const expected = "200 to CANCEL, and 487 to the INVITE";
    if (cancel.final !== undefined && cancel.final.message.status !== 200)
      return missed(expected, `CANCEL: ${endOf(cancel)}`, cancel);
    const { final } = taken;
    if (cancel.final === undefined || final === undefined)
      return isLate(cancel.request.at, trace)
        ? missed(expected, `CANCEL: ${endOf(cancel)}; INVITE: ${endOf(taken)}`, cancel, taken)
        : undecided(expected, "the trace ends before that", cancel, taken);
    if (final.message.status === 487) return passed(expected, "so it was", cancel, taken);
    return isPassedOn(taken, sent)
      ? noted(expected, endOf(taken), "the answer of the far end came first", cancel, taken)
      : missed(expected, `CANCEL: ${endOf(cancel)}; INVITE: ${endOf(taken)}`, cancel, taken);
  },
});

/** A final response that had come from the far end. */
function isPassedOn(taken: Exchange, sent: Exchange): boolean {
  const [came, went] = [sent.final, taken.final];
  return came !== undefined && went !== undefined && came.seq < went.seq && isSameKind(came, went);
}

function isSameKind(came: NonNullable<Exchange["final"]>, went: NonNullable<Exchange["final"]>): boolean {
  return came.message.status === went.message.status;
}

export const farEndIsCancelled = check<GivenUp>("6.1.1.2.7-2", {
  trigger: (trace) => givenUp(trace, true).filter((call) => !isTooLate(call)),
  judge: (call, trace) => expectCancelled(call, trace),
});

/** How long after the answer to CANCEL a final response may come that had been on its way, in milliseconds. */
const CROSSING_MS = 1000;

/** The far end had answered by then, or gave no provisional response, without which nothing is cancelled (RFC 3261 9.1). */
function isTooLate({ sent, cancel }: GivenUp): boolean {
  const { final, responses } = sent;
  const until = (cancel.final ?? cancel.request).at + CROSSING_MS;
  const isAnswered = final !== undefined && final.at <= until && final.message.status !== 487;
  return isAnswered || responses.every(({ message }) => message.status >= 200);
}

function expectCancelled({ further, sent, cancel }: GivenUp, trace: ScenarioTrace): Outcome {
  const expected = "a CANCEL of the INVITE that was sent on";
  const onward = further.cancel?.hops.find(
    ({ way, request }) => way === "from-sut" && request.serverFunction === "originating",
  );
  if (onward !== undefined) return passed(expected, "it was cancelled", cancel, onward.request);
  return isLate(cancel.request.at, trace)
    ? missed(expected, `none came; the INVITE: ${endOf(sent)}`, cancel, sent)
    : undecided(expected, "the trace ends before one", cancel, sent);
}

/** RFC 3261 16.10: a stateful proxy answers CANCEL itself, and cancels what it sent on; a stateless one passes it on. */
export const cancelByProxy = check<GivenUp>("6.1.1.2.7-prx", {
  trigger: (trace) => givenUp(trace, false).filter((call) => !isTooLate(call)),
  judge: (call, trace): Outcome => {
    const { cancel } = call;
    const expected = "200 to CANCEL, and a CANCEL towards the far end";
    if (cancel.final === undefined)
      return isLate(cancel.request.at, trace)
        ? missed(expected, "no final response to CANCEL", cancel)
        : undecided(expected, "the trace ends before one", cancel);
    return cancel.final.message.status === 200
      ? expectCancelled(call, trace)
      : missed(expected, `CANCEL: ${endOf(cancel)}`, cancel);
  },
});
