/** Operator policies on what a served user sends (clause 6.1.1.1, step 4). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { headerValues } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { expectGoesOn, expectTurnedAway, forwardable, policyOf, refusable } from "./originating-message.ts";
import { missed, noted, passed } from "./outcome.ts";
import { contentsOf } from "./pager-message.ts";
import { answeredWith, expectOwnAnswer } from "./server-answers.ts";

function isTooLarge({ request }: Exchange, trace: ScenarioTrace): boolean {
  return request.message.body.length > (policyOf(trace)?.maximumBytes ?? Infinity);
}

function hasRefusedType({ request }: Exchange, trace: ScenarioTrace): boolean {
  const refused = (policyOf(trace)?.refusedTypes ?? []).map((type) => type.toLowerCase());
  return contentsOf(request.message).some(({ type }) => refused.includes(type));
}

/** Those that the type alone speaks against. */
function ofRefusedType(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "content-refused").filter(
    (exchange) => hasRefusedType(exchange, trace) && !isTooLarge(exchange, trace),
  );
}

export const originatingSizePolicy = check("6.1.1.1-4", {
  trigger: (trace) => refusable(trace, "content-refused").filter((exchange) => isTooLarge(exchange, trace)),
  judge: (exchange, trace) =>
    expectTurnedAway("a message above the operator's size is refused", exchange, trace),
});

export const originatingContentPolicy = check("6.1.1.1-4a-1", {
  trigger: forwardable,
  judge: (exchange, trace) =>
    expectGoesOn(
      "a message whose content the operator allows goes on",
      exchange,
      trace,
      ({ status }) => status === 415,
    ),
});

export const originatingContent415 = check("6.1.1.1-4a-2", {
  trigger: ofRefusedType,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 415, trace),
});

export const originating415ListsTypes = check("6.1.1.1-4a-3", {
  trigger: (trace) => ofRefusedType(trace).flatMap((exchange) => answeredWith(exchange, 415, trace)),
  judge: ({ final }): Outcome => {
    const expected = "an Accept header with the types that may be sent";
    const accepted = headerValues(final.message, "Accept");
    if (accepted.length > 0) return passed(expected, `Accept: ${accepted.join(", ")}`, final);
    return final.message.body.length > 0
      ? noted(expected, "no Accept header, but a body", "the carrier of the list is not named", final)
      : missed(expected, "neither an Accept header nor a body", final);
  },
});
