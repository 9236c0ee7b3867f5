/** The requests that the IM Server gets from a user that it serves (6.1.1), and what it did with them. */
import { policyIn } from "../spec/configuration-sets.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { header, warningsOf } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { originatorOf, soleGround, type Ground } from "./grounds.ts";
import { endOf, missed, passed, undecided } from "./outcome.ts";
import { ownAnswerTo } from "./server-answers.ts";
import { isFaultless } from "./terminating-message.ts";

/** Pager-mode messages of served users. What is addressed to the operator itself may be an answer to a system message, and ends there. */
export function departures(trace: ScenarioTrace): readonly Exchange[] {
  const operator = trace.sutFile.server?.serviceUris.systemSender;
  return trace
    .exchanges({ way: "to-sut", method: "MESSAGE", function: "originating" })
    .filter(({ request }) => operator === undefined || !sameAddressOfRecord(request.message.uri, operator));
}

/** Those that only one ground speaks against, which is among `grounds`. */
export function refusable(trace: ScenarioTrace, ...grounds: readonly Ground[]): readonly Exchange[] {
  return departures(trace).filter((exchange) => {
    const ground = soleGround(exchange, trace);
    return ground !== undefined && grounds.includes(ground);
  });
}

/** Those of known users that nothing speaks against. */
export function forwardable(trace: ScenarioTrace): readonly Exchange[] {
  return departures(trace).filter((exchange) => {
    const sender = originatorOf(exchange.request.message);
    return sender !== undefined && trace.userOf(sender) !== undefined && isFaultless(exchange, trace);
  });
}

export function policyOf(trace: ScenarioTrace): ReturnType<typeof policyIn> | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** Pass where the message was sent on. A refusal is a miss only where it is of the kind that the statement is about. */
export function expectGoesOn(
  expected: string,
  exchange: Exchange,
  trace: ScenarioTrace,
  isThisRefusal: (response: SipResponse) => boolean,
): Outcome {
  const onward = trace.onwardOf(exchange);
  if (onward !== undefined) return passed(expected, "it was sent on", exchange, onward);
  const { final } = exchange;
  if (final === undefined) return undecided(expected, "it was neither sent on nor answered", exchange);
  return isThisRefusal(final.message)
    ? missed(expected, `it was refused: ${endOf(exchange)}`, exchange)
    : undecided(expected, `it was not sent on, for another reason: ${endOf(exchange)}`, exchange);
}

/** Pass where the server refused the message itself, whatever the status; miss where it sent it on or accepted it. */
export function expectTurnedAway(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = trace.onwardOf(exchange);
  if (onward !== undefined) return missed(expected, "it was sent on", exchange, onward);
  const answer = ownAnswerTo(exchange, trace);
  if (answer === undefined) return undecided(expected, "no final response came", exchange);
  return answer.final.message.status >= 300
    ? passed(expected, endOf(exchange), exchange)
    : missed(expected, `it was accepted: ${endOf(exchange)}`, exchange);
}

/** A 403 that speaks of authority, or of nothing (6.1.1.1-1c). */
export function refusesAuthority(response: SipResponse): boolean {
  return response.status === 403 && (hasText(response, "127") || !isExplained(response));
}

/** A 403 that explains itself by Error-Info, or not at all (6.1.1.1-2d, 6.1.1.1-3c). */
export function refusesByErrorInfo(response: SipResponse): boolean {
  return response.status === 403 && (header(response, "Error-Info") !== undefined || !isExplained(response));
}

function isExplained(response: SipResponse): boolean {
  return header(response, "Error-Info") !== undefined || warningsOf(response).length > 0;
}

function hasText(response: SipResponse, code: string): boolean {
  return warningsOf(response).some(({ text }) => text.trimStart().startsWith(code));
}

/** RFC 3261 20.18: `<URI>`, with parameters behind it. What is said there is free. */
export function expectErrorInfo(response: SipRecord<SipResponse>): Outcome {
  const expected = "an Error-Info header with a URI in angle brackets";
  const value = header(response.message, "Error-Info");
  if (value === undefined) return missed(expected, "no Error-Info header", response);
  return /^<[a-z][a-z0-9+.-]*:[^<>\s]+>/iu.test(value.trim())
    ? passed(expected, `Error-Info: ${value}`, response)
    : missed(expected, `Error-Info: ${value}`, response);
}
