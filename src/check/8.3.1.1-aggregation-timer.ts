/** 8.3.1.1 step 9: a request for notifications starts Ts2; nothing else does. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { acceptedGroupMessages, type GroupMessage } from "./group-message.ts";
import {
  isGathering,
  isSentEarly,
  reportedMessages,
  sentOn,
  silentPastGathering,
  unaskedNotices,
  type Notice,
  type ReportedMessage,
} from "./group-notifications.ts";
import { missed, passed, withFacets } from "./outcome.ts";
import { dispositionsAsked } from "./pager-message.ts";

/** What was sent on of the notifications that came while Ts2 had to run. Failures that the server itself tells of are 8.3.1.4-3. */
function sentOnOf(message: ReportedMessage, trace: ScenarioTrace): readonly Notice[] {
  const gathered = message.received.filter(({ at }) => isGathering(message, at, trace));
  return gathered.flatMap(({ imdns, seq }) => imdns.flatMap((imdn) => sentOn(imdn, seq, message) ?? []));
}

export const aggregationStarted = check<ReportedMessage>("8.3.1.1-9", {
  trigger: (trace) => reportedMessages(trace).filter((message) => sentOnOf(message, trace).length > 0),
  judge: (message, trace) => withFacets(judgeHeld(message, trace), message.kind),
});

/** 15.1: the aggregate goes out at the end of Ts2, or as soon as everyone has reported. */
function judgeHeld(message: ReportedMessage, trace: ScenarioTrace): Outcome {
  const expected = "notifications are sent when Ts2 is over, or everyone has reported";
  const sent = sentOnOf(message, trace);
  const early = sent.find((notice) => isSentEarly(message, notice, trace));
  const first = early ?? sent[0];
  const after = Math.round((first?.at ?? message.start) - message.start);
  const actual = `a notification was sent ${after} ms after the message`;
  return early === undefined
    ? passed(expected, actual, message.exchange, first?.exchange)
    : missed(expected, `${actual}, while recipients had not reported yet`, message.exchange, early.exchange);
}

/** Judged where silence was waited for, or was broken. */
export const noAggregationWithoutRequest = check<GroupMessage>("8.3.1.1-9b", {
  trigger: (trace) =>
    acceptedGroupMessages(trace).filter(
      (message) =>
        dispositionsAsked(message.request).length === 0 &&
        (silentPastGathering(message.exchange.request.at, trace) ||
          unaskedNotices(message, trace).length > 0),
    ),
  judge: (message, trace) => {
    const expected = "no delivery notification, for none was asked for";
    const [unasked] = unaskedNotices(message, trace);
    const outcome =
      unasked === undefined
        ? passed(expected, "none was sent", message.exchange)
        : missed(expected, "a delivery notification was sent", message.exchange, unasked.exchange);
    return withFacets(outcome, message.kind);
  },
});
