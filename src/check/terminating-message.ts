/** The requests that reach the IM Server for a user that it serves (6.1.2), and what it did with them. */
import { policyIn } from "../spec/configuration-sets.ts";
import type { AccessRule } from "../trace/event.ts";
import { registeredAt } from "../trace/registered-at.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { maxForwardsOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { faultsOf } from "./message-faults.ts";
import type { Outcome } from "./check.ts";
import { groundsForRefusal, originatorOf, soleGround, type Ground } from "./grounds.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import {
  asksAnonymity,
  compareBodies,
  contentsOf,
  imdnsOf,
  isGroupAdvertisement,
  isSystemMessage,
  readable,
} from "./pager-message.ts";

/** Pager-mode messages for a user of the scenario. What the operator says itself (5.4) and advertisements (6.1.2.6) have rules of their own. */
export function arrivals(trace: ScenarioTrace): readonly Exchange[] {
  return reaching(trace).filter(({ request }) => !isGroupAdvertisement(request.message));
}

export function advertisements(trace: ScenarioTrace): readonly Exchange[] {
  return reaching(trace).filter(({ request }) => isGroupAdvertisement(request.message));
}

function reaching(trace: ScenarioTrace): readonly Exchange[] {
  return trace
    .exchanges({ way: "to-sut", method: "MESSAGE", function: "terminating" })
    .filter(
      ({ request }) => trace.userOf(request.message.uri) !== undefined && !isSystemMessage(request.message),
    );
}

/**
 * Those that only `ground` speaks against. Delivery notifications are left out: whether a user who bars messages bars what was asked for
 * as well is not said.
 */
export function refusable(trace: ScenarioTrace, ...grounds: readonly Ground[]): readonly Exchange[] {
  return arrivals(trace).filter((exchange) => {
    const ground = soleGround(exchange, trace);
    return ground !== undefined && grounds.includes(ground) && imdnsOf(exchange.request.message).length === 0;
  });
}

/** Those that nothing speaks against. */
export function deliverable(trace: ScenarioTrace): readonly Exchange[] {
  return arrivals(trace).filter((exchange) => isFaultless(exchange, trace));
}

/** No ground to refuse it, no fault in its syntax, and of a kind that no server has to look at twice. */
export function isFaultless(exchange: Exchange, trace: ScenarioTrace): boolean {
  const { message, bytes } = exchange.request;
  const { server } = trace.sutFile;
  const largest = server === undefined ? Infinity : policyIn(server, trace.configurationSet).maximumBytes;
  return (
    groundsForRefusal(exchange, trace).length === 0 &&
    faultsOf(message).length === 0 &&
    (readable(() => maxForwardsOf(message), 0) ?? 70) > 0 &&
    // What an operator counts, the body or all of it, is not said.
    bytes.length <= largest &&
    hasCommonContent(message)
  );
}

/** Types that the specification itself makes clients send: no operator can mean to refuse these. */
const COMMON_TYPES: readonly string[] = [
  "text/plain",
  "message/cpim",
  "message/external-body",
  "application/resource-lists+xml",
  "application/vnd.poc.group-advertisement+xml",
];

function hasCommonContent(request: SipRequest): boolean {
  const contents = contentsOf(request);
  return contents.length > 0 && contents.every(({ type }) => COMMON_TYPES.includes(type));
}

/**
 * The leg on which the server sent the request on. What it kept until the user registered is not that: it is sent anew, by the rules of
 * deferred messages.
 */
export function sentOn(exchange: Exchange, trace: ScenarioTrace): Exchange | undefined {
  const onward = trace.onwardOf(exchange);
  if (onward === undefined) return undefined;
  const user = exchange.request.message.uri;
  const wasThere = registeredAt(user, exchange.request.seq, trace);
  return !wasThere && registeredAt(user, onward.request.seq, trace) ? undefined : onward;
}

export function isRefused({ final }: Exchange): boolean {
  return final !== undefined && final.message.status >= 300;
}

/** Pass where the request was sent on, miss where it was not. */
export function expectSentOn(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = sentOn(exchange, trace);
  if (onward !== undefined) return passed(expected, "it was sent on", exchange, onward);
  if (exchange.final === undefined && !trace.complete)
    return undecided(expected, "the trace ends before anything came of it", exchange);
  return missed(expected, `it was not sent on: ${endOf(exchange)}`, exchange);
}

/** A B2BUA may take a body apart and put it together again; the clauses ask for no more than that it is forwarded. */
export const WRITTEN_ANEW = "its body was written anew, with the same parts";

/** 6.1.2.3.1, 6.1.2.6: the message goes on, and its body with it. */
export function expectSameMessage(exchange: Exchange, trace: ScenarioTrace): Outcome {
  const expected = "the message is sent on towards the client, its body as it was";
  const onward = sentOn(exchange, trace);
  if (onward === undefined) return expectSentOn(expected, exchange, trace);
  const [before, after] = [exchange.request.message, onward.request.message];
  const comparison = compareBodies(before, after);
  if (comparison === "written-anew")
    return noted(expected, "it was sent on", WRITTEN_ANEW, exchange.request, onward.request);
  const actual =
    comparison === "same"
      ? "it was sent on as it was"
      : `it was sent on with another body, ${after.body.length} bytes in place of ${before.body.length}`;
  return expectThat(comparison === "same", expected, actual, exchange.request, onward.request);
}

/** Pass where the request was refused and not sent on, miss where it was sent on or accepted. */
export function expectRefused(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = sentOn(exchange, trace);
  if (onward !== undefined) return missed(expected, "it was sent on", exchange, onward);
  if (exchange.final === undefined) return undecided(expected, "no final response came", exchange);
  return expectThat(isRefused(exchange), expected, endOf(exchange), exchange);
}

/** Pass where silence proves that nothing was sent on. */
export function expectHeldBack(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = sentOn(exchange, trace);
  if (onward !== undefined) return missed(expected, "it was sent on", exchange, onward);
  return trace.absenceProven(exchange.request.at)
    ? passed(expected, `nothing was sent on: ${endOf(exchange)}`, exchange)
    : undecided(expected, "nothing was sent on, but no window of silence proves it", exchange);
}

/**
 * The final response of the client to what had to be sent on, where it came to the server and has to go on as it is: a proxy may make another of 503 (RFC 3261
 * 16.7, step 6), and keeps a 408 to itself (RFC 4320 4.2).
 */
export function answeredByClient(
  exchanges: readonly Exchange[],
  trace: ScenarioTrace,
): readonly { readonly exchange: Exchange; readonly onward: Exchange; readonly status: number }[] {
  const rightly = exchanges.filter((exchange) => groundsForRefusal(exchange, trace).length === 0);
  return rightly.flatMap((exchange) => {
    const onward = sentOn(exchange, trace);
    const status = onward?.final?.message.status;
    return onward === undefined || status === undefined || status === 408 || status === 503
      ? []
      : [{ exchange, onward, status }];
  });
}

/** 6.1.2.1, 6.1.2.6: the final response that the client gave goes on towards the originator. */
export function expectFinalOf(
  { exchange, onward, status }: { exchange: Exchange; onward: Exchange; status: number },
  trace: ScenarioTrace,
): Outcome {
  const expected = `final response ${status}, as the client gave it`;
  if (exchange.final === undefined)
    return trace.complete
      ? missed(expected, "no final response towards the originator", exchange, onward)
      : undecided(expected, "the trace ends before a final response", exchange, onward);
  return expectThat(exchange.final.message.status === status, expected, endOf(exchange), exchange, onward);
}

/** The respects in which a rule of the access policy may fit a request. */
export interface Fit {
  readonly service: boolean;
  readonly media: boolean;
  readonly sender: boolean;
}

/**
 * How the rejecting rules of the addressee fit a request. Only rules that speak of a service and a medium are given, since steps a and b ask
 * for rules in which these evaluate to true; and none for an anonymous sender, whom a rule by identity need not know.
 */
export function rejectingRules(
  exchange: Exchange,
  trace: ScenarioTrace,
  wanted: { readonly service: string; readonly medium: string },
): readonly Fit[] {
  const { message } = exchange.request;
  const sender = originatorOf(message);
  if (sender === undefined || asksAnonymity(message)) return [];
  return trace
    .accessRules(message.uri)
    .filter(({ action, services, media }) => action === "reject" && services.length > 0 && media.length > 0)
    .map((rule) => fitOf(rule, sender, wanted));
}

function fitOf(
  { services, media, senders }: AccessRule,
  sender: string,
  wanted: { readonly service: string; readonly medium: string },
): Fit {
  return {
    service: services.includes(wanted.service),
    media: media.includes(wanted.medium),
    sender: senders.length === 0 || senders.some((uri) => sameAddressOfRecord(uri, sender)),
  };
}
