/** 6.1.1.2.7: the user gives an invitation up, and the originating participating function has sent it on. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { originatingCalls, isLate, isSuccess } from "./originating-session.ts";
import { endOf, missed, noted, passed, undecided } from "./outcome.ts";
import { requestsFrom, requestsTo, type SessionLegs } from "./session-legs.ts";

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
      return isMetByFinal(taken, cancel)
        ? noted(expected, `CANCEL: ${endOf(cancel)}; INVITE: ${endOf(taken)}`, MET, cancel, taken)
        : missed(expected, `CANCEL: ${endOf(cancel)}`, cancel);
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

export const MET = "the final response to the INVITE was on its way, and with it the transaction was over";

/** RFC 3261 9.2, 17.2.1: what the server had answered when the CANCEL came has no transaction any more, which 481 says. */
export function isMetByFinal(invite: Exchange, cancel: Exchange): boolean {
  const [own, toCancel] = [invite.final, cancel.final];
  return (
    toCancel?.message.status === 481 &&
    own !== undefined &&
    own.message.status !== 487 &&
    own.seq < toCancel.seq
  );
}

/** A final response that had come from the far end. */
function isPassedOn(taken: Exchange, sent: Exchange): boolean {
  const [came, went] = [sent.final, taken.final];
  return came !== undefined && went !== undefined && came.seq < went.seq && isSameKind(came, went);
}

function isSameKind(came: NonNullable<Exchange["final"]>, went: NonNullable<Exchange["final"]>): boolean {
  return came.message.status === went.message.status;
}

export const farEndIsCancelled = check<GivenUp>("6.1.1.2.7-2", {
  trigger: (trace) => givenUp(trace, true),
  judge: (call, trace): Outcome | readonly Outcome[] => {
    if (isLeftAlone(call)) return expectEnded(call, trace);
    if (!isTooLate(call)) return expectCancelled(call, trace);
    const { cancel, sent } = call;
    return sent.final === undefined
      ? []
      : noted(
          "a CANCEL of the INVITE that was sent on",
          endOf(sent),
          "there was nothing to cancel",
          cancel,
          sent,
        );
  },
});

/** The far end accepted as the client gave up, and the client was told 487: nobody is there for whom it would be in the session. */
function isLeftAlone({ taken, sent }: GivenUp): boolean {
  return taken.final?.message.status === 487 && sent.final !== undefined && isSuccess(sent.final);
}

/** RFC 3261 9.1: who gets a 2xx to what was cancelled has a session, which it ends by BYE (15). */
function expectEnded(call: GivenUp, trace: ScenarioTrace): Outcome {
  const { cancel, sent } = call;
  const expected = "BYE to the far end, which accepted what the client had given up";
  const [bye] = requestsTo(call, "callee", "BYE");
  if (bye !== undefined) return passed(expected, "it was sent", cancel, bye.request);
  const acceptedAt = sent.final?.at ?? cancel.request.at;
  // What comes long after is not what the server need not have done.
  const soon = acceptedAt + trace.sutFile.guards.actionMs * 0.9;
  if (requestsFrom(call, "callee", "BYE").some(({ request }) => request.at < soon))
    return noted(expected, "the far end sent one", "nothing was left to end", cancel, sent);
  return isLate(acceptedAt, trace)
    ? missed(expected, "none was sent", cancel, sent)
    : undecided(expected, "the trace ends before one", cancel, sent);
}

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
    if (cancel.final.message.status === 200) return expectCancelled(call, trace);
    return isMetByFinal(call.taken, cancel)
      ? noted(expected, `CANCEL: ${endOf(cancel)}`, MET, cancel, call.taken)
      : missed(expected, `CANCEL: ${endOf(cancel)}`, cancel);
  },
});
