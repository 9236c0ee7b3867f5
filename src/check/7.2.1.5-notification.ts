/** 7.2.1.5-12 and 13: subscribers are told of who came back. They may be told later, with what else has changed (7.2.2.10). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { isConnected, watchesOf, type Told, type Watch } from "./conference-events.ts";
import { hadTimeWith, presenceOf, spanOf } from "./conference-members.ts";
import { missed, passed } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";
import { goodRejoinings, type Rejoining } from "./rejoining.ts";

interface Return {
  readonly rejoining: Rejoining;
  readonly watch: Watch;
}

/** Subscriptions of others who take part, to whom it would be news. One who hides has another name there. */
function returns(trace: ScenarioTrace): readonly Return[] {
  return goodRejoinings(trace)
    .filter(({ accepted, request }) => accepted !== undefined && !asksAnonymity(request))
    .flatMap((rejoining) =>
      watchesOf(trace)
        .filter((watch) => isOn(watch, rejoining, trace))
        .map((watch) => ({ rejoining, watch })),
    );
}

function isOn(watch: Watch, { conference, exchange, originator }: Rejoining, trace: ScenarioTrace): boolean {
  const { watcher = "", accepted } = watch;
  if (conference === undefined || watch.conference !== conference) return false;
  const span = spanOf(exchange);
  const before = watch.told.findLast(({ exchange: { request } }) => request.seq < span.from);
  return (
    (accepted?.seq ?? Number.POSITIVE_INFINITY) < span.from &&
    !sameAddressOfRecord(watcher, originator) &&
    presenceOf(conference, watcher, span, trace) === "in" &&
    before !== undefined &&
    !shows(before, originator)
  );
}

function shows({ notification: { known } }: Told, user: string): boolean {
  return [...(known?.users.values() ?? [])].some(
    (one) => isConnected(one) && sameAddressOfRecord(one.entity ?? "", user),
  );
}

/** Whether the subscription was on, and both were in the session, as long as a NOTIFY may take. */
function isOverdue({ rejoining, watch }: Return, trace: ScenarioTrace): boolean {
  const { conference, accepted, originator } = rejoining;
  if (conference === undefined || accepted === undefined) return false;
  const response = watch.accepted?.message;
  const granted = (response && readable(() => expiresOf(response), 0)) ?? 0;
  const { notifyMs, actionMs } = trace.sutFile.guards;
  const until = Math.min(
    (watch.accepted?.at ?? 0) + granted * 1000,
    ...watch.asked.filter(({ request }) => request.seq > accepted.seq).map(({ request }) => request.at),
    ...watch.told
      .filter(({ notification: { state } }) => state?.state.toLowerCase() === "terminated")
      .map(({ exchange: { request } }) => request.at),
  );
  return (
    trace.complete &&
    until - accepted.at >= Math.min(notifyMs, actionMs) &&
    [originator, watch.watcher ?? ""].every((user) => hadTimeWith(conference, user, accepted.at, trace))
  );
}

function told(statement: string, says: string): Check {
  return check<Return>(statement, {
    trigger: returns,
    judge: (one, trace): Outcome | readonly Outcome[] => {
      const { rejoining, watch } = one;
      const expected = `${says} that <${rejoining.originator}> is connected`;
      const { seq } = rejoining.exchange.request;
      // What answers a later SUBSCRIBE tells the state, and nothing of a change.
      const later = watch.told.filter(
        ({ exchange: { request }, lastAsked }) => request.seq > seq && lastAsked.request.seq < seq,
      );
      const found = later.find((notify) => shows(notify, rejoining.originator));
      if (found !== undefined)
        return passed(expected, "a NOTIFY came", rejoining.accepted, found.exchange.request);
      // Where nobody waits for notifications, nothing is missing.
      if (!isOverdue(one, trace)) return [];
      const last = later.at(-1)?.exchange.request;
      const actual = last === undefined ? "no NOTIFY" : "NOTIFYs without that user";
      return missed(expected, actual, rejoining.accepted, watch.exchange, last);
    },
  });
}

export const returnIsNotified = told("7.2.1.5-12", "a notification");
export const returnIsSent = told("7.2.1.5-13", "a NOTIFY to each subscriber");
