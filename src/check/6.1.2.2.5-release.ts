/** 6.1.2.2.5: the inviting side ends the session with BYE. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, expectStatus, missed, noted, passed, undecided } from "./outcome.ts";
import {
  fromClient,
  fromNetwork,
  isEstablished,
  isWaitedOut,
  toClient,
  toNetwork,
} from "./terminating-dialog.ts";
import { terminatingCalls, type TerminatingCall } from "./terminating-session.ts";

interface Ended {
  readonly call: TerminatingCall;
  readonly bye: Exchange;
}

/** The first BYE of the inviting side in a session that both sides had accepted. */
function endings(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly Ended[] {
  return terminatingCalls(trace).flatMap((call) => {
    const [bye] = fromNetwork(call, "BYE");
    const isOf = call.isB2bua === (by === "b2bua");
    return isOf && bye !== undefined && isEstablished(call, bye.request.seq) ? [{ call, bye }] : [];
  });
}

/** The server, or the client, ended it as well: then the dialog may be gone (RFC 3261 15.1.2). What comes long after does not cross it. */
function meetsAnother({ call, bye }: Ended, trace: ScenarioTrace): boolean {
  const until = bye.final?.seq ?? Number.POSITIVE_INFINITY;
  const others = [...toNetwork(call, "BYE"), ...fromClient(call, "BYE")];
  return others.some(({ request }) => request.seq < until && isNear(request, bye, trace));
}

function isNear({ at }: SipRecord, { request }: Exchange, trace: ScenarioTrace): boolean {
  return at - request.at < trace.sutFile.guards.actionMs * 0.9;
}

export const byeIsAnswered = check<Ended>("6.1.2.2.5-1", {
  trigger: (trace) => endings(trace, "b2bua"),
  judge: (ended, trace) => {
    const outcome = answerToBye(ended, trace);
    const { bye } = ended;
    return outcome.result === "miss" && bye.final?.message.status === 481 && meetsAnother(ended, trace)
      ? noted(outcome.expected, endOf(bye), "the session had ended from the other side", bye)
      : outcome;
  },
});

function answerToBye({ bye }: Ended, trace: ScenarioTrace): Outcome {
  if (bye.final === undefined && !isWaitedOut(bye.request.at, trace))
    return undecided("final response 200", "the trace ends before a final response", bye);
  return expectStatus(bye, [200], trace.complete);
}

export const byeGoesToClient = check<Ended>("6.1.2.2.5-3", {
  trigger: (trace) => endings(trace, "b2bua").filter((ended) => !meetsAnother(ended, trace)),
  judge: expectByeToClient,
});

function expectByeToClient({ call, bye }: Ended, trace: ScenarioTrace): Outcome {
  const expected = "BYE towards the client";
  const own = toClient(call, "BYE").find(({ request }) => request.seq > bye.request.seq);
  if (own !== undefined) return passed(expected, "it was sent", bye.request, own.request);
  const [earlier] = toClient(call, "BYE");
  if (earlier !== undefined)
    return noted(expected, "it had been sent before", "the server ended the session too", earlier.request);
  if (fromClient(call, "BYE").some(({ request }) => isNear(request, bye, trace)))
    return noted(expected, "the client ended the session too", "there was nothing to end", bye.request);
  return isWaitedOut(bye.request.at, trace)
    ? missed(expected, "none was sent", bye)
    : undecided(expected, "the trace ends before it was due", bye);
}

/** RFC 3261 16: the request goes on, and its final response comes back. */
export const proxyForwardsBye = check<Ended>("6.1.2.2.5-prx", {
  trigger: (trace) => endings(trace, "proxy").filter((ended) => !meetsAnother(ended, trace)),
  judge: (ended, trace) => {
    const { call, bye } = ended;
    const expected = "the BYE goes on to the client, and its final response comes back";
    const onward = toClient(call, "BYE").find(({ request }) => request.seq > bye.request.seq);
    if (onward === undefined) return { ...expectByeToClient(ended, trace), expected };
    if (onward.final === undefined) return undecided(expected, "the client has not answered", bye, onward);
    if (bye.final === undefined)
      return isWaitedOut(onward.final.at, trace)
        ? missed(expected, "the final response did not come back", bye, onward)
        : undecided(expected, "the trace ends before the response is back", bye, onward);
    return bye.final.message.status === onward.final.message.status
      ? passed(expected, endOf(bye), bye, onward)
      : missed(expected, `${endOf(bye)}, where the client said ${endOf(onward)}`, bye, onward);
  },
});
