/** A served user sends a pager-mode message (clause 6.1.1.3.1). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { sameUri } from "../wire/sip/uri.ts";
import { stoppedByGeneralChecks } from "./6.1.1.1-authority.ts";
import { check, type Outcome } from "./check.ts";
import { expectGoesOn, forwardable, refusable } from "./originating-message.ts";
import { endOf, expectThat, expectWarning, missed, noted, passed, undecided } from "./outcome.ts";
import { compareBodies, readable } from "./pager-message.ts";
import { answeredWith, expectOwnAnswer } from "./server-answers.ts";
import { WRITTEN_ANEW } from "./terminating-message.ts";

export const generalChecksBeforeForwarding = check("6.1.1.3.1-1", {
  trigger: stoppedByGeneralChecks,
  judge: (exchange, trace): Outcome => {
    const expected = "a message that a general check stops is not forwarded";
    const onward = trace.onwardOf(exchange);
    if (onward !== undefined) return missed(expected, "it was forwarded", exchange, onward);
    return trace.absenceProven(exchange.request.at)
      ? passed(expected, `it was not: ${endOf(exchange)}`, exchange)
      : undecided(expected, "it was not, but no window of silence proves it", exchange);
  },
});

function anonymityRefused(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "anonymity-refused");
}

export const originatingAnonymity403 = check("6.1.1.3.1-2a", {
  trigger: anonymityRefused,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 403, trace),
});

export const originatingAnonymityWarning = check("6.1.1.3.1-2b", {
  trigger: (trace) => anonymityRefused(trace).flatMap((exchange) => answeredWith(exchange, 403, trace)),
  judge: ({ final }) => expectWarning(final, 119),
});

export const originatingExpiresChecked = check("6.1.1.3.1-3a", {
  trigger: (trace) =>
    forwardable(trace).filter(({ request }) => header(request.message, "Expires") !== undefined),
  judge: (exchange, trace) =>
    expectGoesOn(
      "a message that has not expired goes on",
      exchange,
      trace,
      ({ status }) => status >= 300 && status !== 403 && status !== 415,
    ),
});

export const originatingExpiredMessage = check("6.1.1.3.1-3b", {
  trigger: (trace) => refusable(trace, "expired"),
  judge: (exchange, trace): Outcome => {
    const expected =
      "a final response to an expired message; local policy says what else becomes of it (RFC 3428 7)";
    const onward = trace.onwardOf(exchange);
    if (exchange.final === undefined)
      return trace.complete
        ? missed(expected, "no final response within the response guard", exchange)
        : undecided(expected, "the trace ends before a final response", exchange);
    return onward === undefined
      ? passed(expected, endOf(exchange), exchange)
      : noted(
          expected,
          `${endOf(exchange)}; it was delivered as it is`,
          "local policy (RFC 3428 7)",
          exchange,
          onward,
        );
  },
});

export const originatingMessageForwarded = check("6.1.1.3.1-4", {
  trigger: forwardable,
  judge: (exchange, trace): Outcome => {
    const expected = "the message goes on to the SIP/IP Core, Request-URI and body as they were";
    const onward = trace.onwardOf(exchange);
    if (onward !== undefined) return judgeForwarded(expected, exchange, onward);
    if (exchange.final !== undefined && exchange.final.message.status >= 300)
      return missed(expected, `it was refused: ${endOf(exchange)}`, exchange);
    return trace.absenceProven(exchange.request.at)
      ? missed(expected, `it was not sent on: ${endOf(exchange)}`, exchange)
      : undecided(
          expected,
          "it was not sent on, but no window of silence proves that it never was",
          exchange,
        );
  },
});

function judgeForwarded(expected: string, exchange: Exchange, onward: Exchange): Outcome {
  const [before, after] = [exchange.request.message, onward.request.message];
  const comparison = compareBodies(before, after);
  const changes = [
    ...(isSameTarget(before.uri, after.uri) ? [] : [`Request-URI ${after.uri} in place of ${before.uri}`]),
    ...(comparison === "different"
      ? [`another body, ${after.body.length} bytes in place of ${before.body.length}`]
      : []),
  ];
  if (changes.length === 0 && comparison === "written-anew")
    return noted(expected, "it was sent on", WRITTEN_ANEW, exchange.request, onward.request);
  const actual =
    changes.length === 0 ? "it was sent on as it was" : `it was sent on with ${changes.join(" and ")}`;
  return expectThat(changes.length === 0, expected, actual, exchange.request, onward.request);
}

/** RFC 3261 19.1.4. */
function isSameTarget(before: string, after: string): boolean {
  return before === after || readable(() => sameUri(before, after), false);
}

export const originatingFinalResponse = check("6.1.1.3.1-fin", {
  trigger: (trace) =>
    forwardable(trace).flatMap((exchange) => {
      const came = trace.onwardOf(exchange)?.final;
      // RFC 3261 16.7, step 6: a proxy may make another of 503; RFC 4320 4.2: it keeps a 408 to itself.
      return came === undefined || [408, 503].includes(came.message.status) ? [] : [{ exchange, came }];
    }),
  judge: ({ exchange, came }, trace): Outcome => {
    const expected = `final response ${came.message.status} towards the originator, as it came`;
    if (exchange.final === undefined)
      return trace.complete
        ? missed(expected, "none within the response guard", came)
        : undecided(expected, "the trace ends before one", came);
    return expectThat(
      exchange.final.message.status === came.message.status,
      expected,
      endOf(exchange),
      came,
      exchange.final,
    );
  },
});
