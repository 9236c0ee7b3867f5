/** Ways to say what was expected and what was seen. Matchers return, they do not judge: the level of the statement does that. */
import type { Evidence } from "../trace/event.ts";
import type { Exchange, SipRecord } from "../trace/scenario-trace.ts";
import { header, warningsOf } from "../wire/sip/headers.ts";
import type { Outcome } from "./check.ts";

export type Seen = SipRecord | Exchange | undefined;

/** The record itself, or the messages of an exchange that tell its end. */
export function evidence(...seen: readonly Seen[]): readonly Evidence[] {
  return seen.flatMap((item) => {
    if (item === undefined) return [];
    if ("message" in item) return [{ seq: item.seq }];
    return item.final === undefined
      ? [{ seq: item.request.seq }]
      : [{ seq: item.request.seq }, { seq: item.final.seq }];
  });
}

export function passed(expected: string, actual: string, ...seen: readonly Seen[]): Outcome {
  return { result: "pass", expected, actual, evidence: evidence(...seen) };
}

export function missed(expected: string, actual: string, ...seen: readonly Seen[]): Outcome {
  return { result: "miss", expected, actual, evidence: evidence(...seen) };
}

export function undecided(expected: string, why: string, ...seen: readonly Seen[]): Outcome {
  return { result: "inconclusive", expected, actual: why, note: why, evidence: evidence(...seen) };
}

/** A variant reading that is accepted, or a successor RFC that is followed. */
export function noted(expected: string, actual: string, note: string, ...seen: readonly Seen[]): Outcome {
  return { result: "noted", expected, actual, note, evidence: evidence(...seen) };
}

/** Pass when `holds`, else miss: the plainest comparison. */
export function expectThat(
  holds: boolean,
  expected: string,
  actual: string,
  ...seen: readonly Seen[]
): Outcome {
  return (holds ? passed : missed)(expected, actual, ...seen);
}

export function withFacets(outcome: Outcome, ...facets: readonly string[]): Outcome {
  return { ...outcome, facets: [...(outcome.facets ?? []), ...facets] };
}

/** The value of one header field of a message, judged by a predicate; an absent header does not hold. */
export function expectHeader(
  record: SipRecord,
  name: string,
  holds: (value: string) => boolean,
  expected: string,
): Outcome {
  const value = header(record.message, name);
  const actual = value === undefined ? `no ${name} header` : `${name}: ${value}`;
  return expectThat(value !== undefined && holds(value), `${name}: ${expected}`, actual, record);
}

/** How an exchange ended, in words. */
export function endOf(exchange: Exchange): string {
  const final = exchange.final?.message;
  return final === undefined ? "no final response" : `${final.status} ${final.reason}`;
}

/**
 * The final response is one of `statuses`. No response at all: the SUT was obliged to answer, so that is a miss where the trace is whole
 * (whether the SUT was alive is the rig's to say), and undecided in a trace that was cut.
 */
export function expectStatus(exchange: Exchange, statuses: readonly number[], complete: boolean): Outcome {
  const expected = `final response ${statuses.join(" or ")}`;
  if (exchange.final === undefined) {
    return complete
      ? missed(expected, "no final response within the response guard", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  }
  return expectThat(statuses.includes(exchange.final.message.status), expected, endOf(exchange), exchange);
}

/** The response carries a Warning whose text starts with one of the three-digit codes (5.6). Digits decide, words do not; 399 before it is 5.6.1's. */
export function expectWarning(response: SipRecord, ...codes: readonly number[]): Outcome {
  const warnings = warningsOf(response.message);
  const holds = warnings.some((warning) =>
    codes.some((code) => new RegExp(`^\\s*${code}(?!\\d)`, "u").test(warning.text)),
  );
  const unread = header(response.message, "Warning");
  const actual =
    warnings.length === 0
      ? unread === undefined
        ? "no Warning header"
        : `Warning: ${unread}, which is none by RFC 3261`
      : warnings.map((w) => `Warning: ${w.code} ${w.agent} "${w.text}"`).join(", ");
  return expectThat(holds, `a Warning whose text has code ${codes.join(" or ")}`, actual, response);
}
