/** 6.1.2.2.4: the inviting side gives an INVITE up that the user has not answered. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, expectStatus, missed, noted, passed, undecided } from "./outcome.ts";
import { isMetByFinal, MET } from "./6.1.1.2.7-cancel.ts";
import {
  cancelFromNetwork,
  cancelToClient,
  fromClient,
  isWaitedOut,
  toClient,
} from "./terminating-dialog.ts";
import { isSuccess, terminatingCalls, type TerminatingCall } from "./terminating-session.ts";

interface GivenUp {
  readonly call: TerminatingCall;
  readonly cancel: Exchange;
}

/** One that comes when the INVITE has its final response has no effect (RFC 3261 9.2). */
function givenUp(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly GivenUp[] {
  return terminatingCalls(trace).flatMap((call) => {
    const cancel = cancelFromNetwork(call);
    if (cancel === undefined || call.isB2bua !== (by === "b2bua")) return [];
    const final = call.taken.final?.seq ?? Number.POSITIVE_INFINITY;
    return cancel.request.seq < final ? [{ call, cancel }] : [];
  });
}

/** The user's own answer was on its way when the CANCEL went on, or would have gone on. */
function isCrossed({ call }: GivenUp): boolean {
  const status = call.sent.final?.message.status;
  return status !== undefined && status !== 487;
}

export const cancelIsAnswered = check<GivenUp>("6.1.2.2.4-1", {
  trigger: (trace) => givenUp(trace, "b2bua"),
  judge: (occasion, trace) => [
    answerToCancel(occasion, trace),
    ...(occasion.cancel.final?.message.status === 200 ? [answerToInvite(occasion, trace)] : []),
  ],
});

function answerToCancel({ call: { taken }, cancel }: GivenUp, trace: ScenarioTrace): Outcome {
  if (isMetByFinal(taken, cancel))
    return noted("final response 200 to CANCEL", endOf(cancel), MET, cancel, taken);
  if (cancel.final === undefined && !isWaitedOut(cancel.request.at, trace))
    return undecided("final response 200 to CANCEL", "the trace ends before it", cancel);
  return expectStatus(cancel, [200], trace.complete);
}

/** RFC 3261 9.2: at once. */
function answerToInvite(occasion: GivenUp, trace: ScenarioTrace): Outcome {
  const { call, cancel } = occasion;
  const { taken } = call;
  const expected = "final response 487 to the INVITE that was given up";
  if (taken.final === undefined)
    return isWaitedOut(cancel.request.at, trace)
      ? missed(expected, "no final response", cancel, taken)
      : undecided(expected, "the trace ends before a final response", cancel, taken);
  if (taken.final.message.status === 487) return passed(expected, endOf(taken), cancel, taken);
  return isCrossed(occasion)
    ? noted(expected, endOf(taken), "the user had answered before the CANCEL got there", cancel, taken)
    : missed(expected, endOf(taken), cancel, taken);
}

/** Before a provisional response has come a CANCEL must wait (RFC 3261 9.1). */
function ringing(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly GivenUp[] {
  return givenUp(trace, by).filter(
    ({ call }) =>
      call.sent.responses.some(({ message }) => message.status < 200) || cancelToClient(call) !== undefined,
  );
}

export const inviteToClientIsCancelled = check<GivenUp>("6.1.2.2.4-2", {
  trigger: (trace) => ringing(trace, "b2bua"),
  judge: expectCancelToClient,
});

function expectCancelToClient(occasion: GivenUp, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { call, cancel } = occasion;
  const expected = "CANCEL of the INVITE towards the client";
  if (isLeftAlone(call)) return expectEnded(occasion, trace);
  const own = cancelToClient(call);
  if (own !== undefined) return passed(expected, "it was sent", cancel.request, own.request);
  const ended = call.sent.final;
  // The user's answer crossed the CANCEL: there is nothing to cancel any more.
  if (isCrossed(occasion) && (ended?.at ?? 0) - cancel.request.at < trace.sutFile.guards.actionMs) return [];
  return ended !== undefined || isWaitedOut(cancel.request.at, trace)
    ? missed(expected, "no CANCEL was sent", cancel, call.sent.request)
    : undecided(expected, "the trace ends before it was due", cancel, call.sent.request);
}

/** The user accepted as the inviting side gave up, and that was told 487. */
function isLeftAlone({ isB2bua, taken, sent }: TerminatingCall): boolean {
  return isB2bua && taken.final?.message.status === 487 && sent.final !== undefined && isSuccess(sent.final);
}

/** RFC 3261 9.1: who gets a 2xx to what was cancelled has a session, which it ends by BYE (15). */
function expectEnded({ call, cancel }: GivenUp, trace: ScenarioTrace): Outcome {
  const expected = "BYE to the client, which accepted what the inviting side had given up";
  const [bye] = toClient(call, "BYE");
  if (bye !== undefined) return passed(expected, "it was sent", cancel.request, bye.request);
  const acceptedAt = call.sent.final?.at ?? cancel.request.at;
  // What comes long after is not what the server need not have done.
  const soon = acceptedAt + trace.sutFile.guards.actionMs * 0.9;
  if (fromClient(call, "BYE").some(({ request }) => request.at < soon))
    return noted(expected, "the client sent one", "nothing was left to end", cancel, call.sent);
  return isWaitedOut(acceptedAt, trace)
    ? missed(expected, "none was sent", cancel, call.sent)
    : undecided(expected, "the trace ends before it was due", cancel, call.sent);
}

export const proxyCancels = check<GivenUp>("6.1.2.2.4-prx", {
  trigger: (trace) => givenUp(trace, "proxy"),
  judge: (occasion, trace) => [
    answerToCancel(occasion, trace),
    ...(ringing(trace, "proxy").some(({ call }) => call.sent === occasion.call.sent)
      ? [expectCancelToClient(occasion, trace)].flat()
      : []),
  ],
});
