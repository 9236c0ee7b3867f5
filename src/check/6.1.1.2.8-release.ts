/** 6.1.1.2.8: the user leaves, and the originating participating function is a B2BUA. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { b2buaCalls, isLate } from "./originating-session.ts";
import { missed, passed, undecided } from "./outcome.ts";
import { requestsFrom, requestsTo, type SessionLegs } from "./session-legs.ts";
import { isSuccess } from "./terminating-session.ts";

interface Left {
  readonly call: SessionLegs;
  readonly bye: Exchange;
}

/** Of sessions that both sides had agreed on; where the far end hung up at the same time, nobody is left to tell. */
function left(trace: ScenarioTrace): readonly Left[] {
  return b2buaCalls(trace).flatMap((call) => {
    const [bye] = requestsFrom(call, "caller", "BYE");
    const { sent, taken } = call;
    const isRunning =
      sent.final !== undefined &&
      isSuccess(sent.final) &&
      taken.final !== undefined &&
      isSuccess(taken.final) &&
      bye !== undefined &&
      taken.final.seq < bye.request.seq;
    return isRunning && !isEndedByOthers(call, bye) ? [{ call, bye }] : [];
  });
}

function isEndedByOthers(call: SessionLegs, { request, final }: Exchange): boolean {
  const until = (final?.at ?? request.at) + CROSSING_MS;
  return (
    requestsFrom(call, "callee", "BYE").some((bye) => bye.request.at <= until) ||
    requestsTo(call, "caller", "BYE").length > 0
  );
}

const CROSSING_MS = 1000;

export const farEndIsLeft = check<Left>("6.1.1.2.8-3", {
  trigger: left,
  judge: ({ call, bye }, trace): Outcome => {
    const expected = "BYE towards the far end, in the dialog with it";
    const onward = requestsTo(call, "callee", "BYE")[0];
    if (onward !== undefined) return passed(expected, "it was sent", bye.request, onward.request);
    return isLate(bye.request.at, trace)
      ? missed(expected, "none was sent", bye)
      : undecided(expected, "the trace ends before one", bye);
  },
});
