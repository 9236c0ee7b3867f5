/** 7.2.1.12: a SUBSCRIBE to the state of a conference that the function must not take. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import type { Watch } from "./conference-events.ts";
import { endOf, expectStatus, expectThat, expectWarning, noted, undecided } from "./outcome.ts";
import { goodWatches, watchesWith, type WatchGround } from "./watching-grounds.ts";

function refusedWith(
  statement: string,
  status: number,
  grounds: readonly WatchGround[],
  variant?: { readonly status: number; readonly note: string },
): Check {
  return check<Watch>(statement, {
    trigger: (trace) => watchesWith(trace, ...grounds),
    judge: ({ exchange }, trace): Outcome => {
      if (variant !== undefined && exchange.final?.message.status === variant.status)
        return noted(`final response ${status}`, endOf(exchange), variant.note, exchange);
      return expectStatus(exchange, [status], trace.complete);
    },
  });
}

export const unknownSessionNotWatched = refusedWith("7.2.1.12-1b", 404, ["unknown-session"], {
  status: 403,
  note: "a session identity that is not on-going (8.3.1.1-3)",
});
export const unknownGroupNotWatched = refusedWith("7.2.1.12-2b", 404, ["unknown-group"]);
export const unauthorisedDoNotWatch = refusedWith("7.2.1.12-3b", 403, ["unauthorised"]);
export const outsidersDoNotWatch = refusedWith("7.2.1.12-4b", 403, ["not-participant", "not-granted"]);

function warnsOf(statement: string, grounds: readonly WatchGround[]): Check {
  return check<Watch>(statement, {
    trigger: (trace) =>
      watchesWith(trace, ...grounds).filter(({ exchange }) => exchange.final?.message.status === 403),
    judge: ({ exchange: { final } }) => (final === undefined ? [] : expectWarning(final, 122)),
  });
}

export const warningToUnauthorised = warnsOf("7.2.1.12-3c", ["unauthorised"]);
export const warningToOutsiders = warnsOf("7.2.1.12-4c", ["not-participant", "not-granted"]);

/** Looked at at all: what is good is taken, what is not is not, whatever the status. */
function looksAt(
  statement: string,
  what: string,
  good: (watch: Watch, trace: ScenarioTrace) => boolean,
  grounds: readonly WatchGround[],
): Check {
  return check<{ readonly watch: Watch; readonly isGood: boolean }>(statement, {
    trigger: (trace) => [
      ...goodWatches(trace)
        .filter((watch) => watch.exchange.final !== undefined && good(watch, trace))
        .map((watch) => ({ watch, isGood: true })),
      ...watchesWith(trace, ...grounds).map((watch) => ({ watch, isGood: false })),
    ],
    judge: ({ watch: { exchange, accepted }, isGood }, trace) => {
      const expected = isGood ? `taken: ${what}` : `not taken: not ${what}`;
      if (exchange.final === undefined && !trace.complete)
        return undecided(expected, "the trace ends before a final response", exchange);
      return expectThat((accepted !== undefined) === isGood, expected, endOf(exchange), exchange);
    },
  });
}

const isOfGroup = ({ exchange }: Watch, trace: ScenarioTrace): boolean =>
  trace.group(exchange.request.message.uri) !== undefined;

export const sessionIsLookedUp = looksAt(
  "7.2.1.12-1a",
  "a session of the server's",
  (watch, trace) => !isOfGroup(watch, trace),
  ["unknown-session"],
);
export const groupIsLookedUp = looksAt("7.2.1.12-2a", "a group of the server's", isOfGroup, [
  "unknown-group",
]);
export const subscriberIsVerified = looksAt("7.2.1.12-3a", "a subscriber who is authorised", () => true, [
  "unauthorised",
]);
export const rulesAreAsked = looksAt(
  "7.2.1.12-4a",
  "a participant whom the rules of the group allow it",
  () => true,
  // Of a session that is over nobody takes part, whatever the status says.
  ["not-participant", "not-granted", "session-over"],
);
