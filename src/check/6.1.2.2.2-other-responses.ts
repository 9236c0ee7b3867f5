/** 6.1.2.2.2: responses other than 200 that the terminating participating function gives to an INVITE. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { check } from "./check.ts";
import { missed, passed } from "./outcome.ts";
import { departureOf } from "./responses-by-rfc3261.ts";
import { groundsAgainstSession } from "./session-grounds.ts";
import { b2buaCalls, expectRelease } from "./terminating-session.ts";

interface Answer {
  readonly exchange: Exchange;
  readonly response: SipRecord<SipResponse>;
}

/**
 * The first of each dialog that is no 200: what a B2BUA answers, and what the server refuses by itself. A 100 is of one hop, and makes no
 * dialog.
 */
function otherResponses(trace: ScenarioTrace): readonly Answer[] {
  const calls = b2buaCalls(trace).map(({ taken }) => taken);
  return trace
    .exchanges({ way: "to-sut", method: "INVITE", function: "terminating" })
    .filter((exchange) => calls.includes(exchange) || isOwnRefusal(exchange, trace))
    .flatMap((exchange) => {
      const told = exchange.responses.filter(({ message }) => message.status > 100);
      const firsts = told.filter(
        (one, index) => told.findIndex((other) => tagOfTo(other.message) === tagOfTo(one.message)) === index,
      );
      return firsts
        .filter(({ message }) => message.status < 200 || message.status >= 300)
        .map((response) => ({ exchange, response }));
    });
}

function isOwnRefusal(exchange: Exchange, trace: ScenarioTrace): boolean {
  return (
    tagOfTo(exchange.request.message) === "" &&
    trace.onwardOf(exchange) === undefined &&
    !groundsAgainstSession(exchange, trace).includes("malformed")
  );
}

export const otherByRfc3261 = check<Answer>("6.1.2.2.2-oth-1", {
  trigger: otherResponses,
  judge: ({ exchange, response }) => {
    const expected = "a response as RFC 3261 8.2.6 has it";
    const departure = departureOf(response, exchange.request.message);
    return departure === undefined
      ? passed(expected, "no fault found", response)
      : missed(expected, departure, exchange.request, response);
  },
});

export const releaseInOthers = check<Answer>("6.1.2.2.2-oth-2", {
  trigger: otherResponses,
  judge: ({ response }) => expectRelease("Server", [response], response),
});
