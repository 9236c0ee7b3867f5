/** What may reach the served user, and when: operator policies, validity, registration, final responses (clause 6.1.2.1, steps 3 to 5). */
import { policyIn } from "../spec/configuration-sets.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { soleGround } from "./grounds.ts";
import { endOf, expectStatus, expectThat, missed, noted, undecided } from "./outcome.ts";
import { contentsOf } from "./pager-message.ts";
import {
  answeredByClient,
  arrivals,
  deliverable,
  expectFinalOf,
  expectHeldBack,
  expectSentOn,
  refusable,
  sentOn,
} from "./terminating-message.ts";

/** Refused for its size, its type being one that is allowed; and the other way round. */
function tooLarge(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "content-refused").filter((exchange) => !isOfRefusedType(exchange, trace));
}

function ofRefusedType(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "content-refused").filter((exchange) => isOfRefusedType(exchange, trace));
}

function isOfRefusedType({ request }: Exchange, trace: ScenarioTrace): boolean {
  const { server } = trace.sutFile;
  if (server === undefined) return false;
  const refused = policyIn(server, trace.configurationSet).refusedTypes.map((type) => type.toLowerCase());
  return contentsOf(request.message).some(({ type }) => refused.includes(type));
}

export const terminatingSizePolicy = check("6.1.2.1-3", {
  trigger: tooLarge,
  judge: (exchange, trace) =>
    expectHeldBack("a message above the largest size of the operator is not delivered", exchange, trace),
});

export const terminatingContentPolicy = check("6.1.2.1-3a-1", {
  trigger: (trace) =>
    deliverable(trace).filter(
      (exchange) => sentOn(exchange, trace) !== undefined || exchange.final?.message.status === 415,
    ),
  judge: (exchange, trace) =>
    expectSentOn("content of a type that the policies allow is delivered", exchange, trace),
});

export const terminatingContent415 = check("6.1.2.1-3a-2", {
  trigger: ofRefusedType,
  judge: (exchange, trace) => expectStatus(exchange, [415], trace.complete),
});

/** The carrier of the list is not named; RFC 3261 21.4.13 has Accept, and Accept-Encoding or Accept-Language where these are at fault. */
export const terminating415ListsTypes = check("6.1.2.1-3a-3", {
  trigger: (trace) => ofRefusedType(trace).filter(({ final }) => final?.message.status === 415),
  judge: ({ request, final }) => {
    const accept = final === undefined ? undefined : header(final.message, "Accept");
    const actual = accept === undefined ? "no Accept header" : `Accept: ${accept}`;
    return expectThat(
      accept !== undefined && accept.trim() !== "",
      "the 415 lists the supported types in Accept",
      actual,
      request,
      final,
    );
  },
});

/** The message says how long it is valid, by Expires. */
function saysItsLifetime({ request }: Exchange): boolean {
  return header(request.message, "Expires") !== undefined;
}

export const terminatingExpiresChecked = check("6.1.2.1-4", {
  trigger: (trace) => [...deliverable(trace).filter(saysItsLifetime), ...refusable(trace, "expired")],
  judge: (exchange, trace) =>
    soleGround(exchange, trace) === "expired"
      ? endOfExpired(exchange, trace)
      : expectSentOn("a message that is still valid is delivered", exchange, trace),
});

function endOfExpired(exchange: Exchange, trace: ScenarioTrace): Outcome {
  const expected = "an expired message is dealt with by local policy, and gets a final response";
  if (exchange.final === undefined)
    return trace.complete
      ? missed(expected, "no final response within the response guard", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  const onward = sentOn(exchange, trace);
  const what = onward === undefined ? "it was not delivered" : "it was delivered all the same";
  return noted(expected, `${what}: ${endOf(exchange)}`, "local policy decides", exchange, onward);
}

export const registrationStatusChecked = check("6.1.2.1-5a", {
  trigger: (trace) => refusable(trace, "not-registered"),
  judge: (exchange, trace) =>
    expectHeldBack("nothing is sent on for a user who is not registered", exchange, trace),
});

export const terminatingFinalResponse = check("6.1.2.1-fin", {
  facets: ["pager-mode"],
  trigger: (trace) => answeredByClient(arrivals(trace), trace),
  judge: expectFinalOf,
});
