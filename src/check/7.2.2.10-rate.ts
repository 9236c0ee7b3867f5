/** 7.2.2.10: notifications are limited in rate. How is left open, and what is no limit at all is judged. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { changes } from "./7.2.1.12-changes.ts";
import { lasting } from "./7.2.1.12-subscription.ts";
import { check, type Outcome } from "./check.ts";
import type { Told, Watch } from "./conference-events.ts";
import { missed, noted, passed } from "./outcome.ts";

/**
 * So much at once that whoever limits anything tells of several things together, in milliseconds. RFC 4575 3.9 has one notification in five
 * seconds; a limit may let some through before it takes hold.
 */
const MANY = 5;
const SHORT_MS = 100;

interface Lively {
  readonly watch: Watch;
  /** When the changes came, in milliseconds since the epoch. */
  readonly times: readonly number[];
}

/** Subscriptions in which as much changed. */
function lively(trace: ScenarioTrace): readonly Lively[] {
  const found = changes(trace);
  return lasting(trace)
    .map((watch) => ({ watch, times: found.filter((one) => one.watch === watch).map(({ at }) => at) }))
    .filter(({ times }) => times.length >= MANY);
}

/** When the first of so many in so short a time came. */
function crowdIn(times: readonly number[]): number | undefined {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted.find((at, index) => (sorted[index + MANY - 1] ?? Number.POSITIVE_INFINITY) - at < SHORT_MS);
}

const isOfChange = ({ mayAnswer, notification: { state } }: Told): boolean =>
  !mayAnswer && state?.state === "active";

export const notificationsAreLimited = check<Lively>("7.2.2.10-2", {
  trigger: lively,
  judge: ({ watch: { told, exchange }, times }): Outcome => {
    const expected = `fewer than ${MANY} notifications of changes within ${SHORT_MS} ms`;
    const sent = told.filter(isOfChange).map((one) => one.exchange.request);
    const actual = `${sent.length} in all, of ${times.length} changes`;
    if (crowdIn(times) === undefined)
      return noted(expected, actual, "what changes slowly tells of no limit", exchange);
    const crowd = crowdIn(sent.map(({ at }) => at));
    if (crowd === undefined) return passed(expected, actual, exchange);
    const first = sent.find(({ at }) => at === crowd);
    return missed(expected, `${MANY} notifications or more`, first);
  },
});
