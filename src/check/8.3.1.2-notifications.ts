/** 8.3.1.2: what the controlling function does with a delivery notification that it receives. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import {
  aggregationMs,
  isGathering,
  isPastGathering,
  isSentEarly,
  reportedMessages,
  sentOn,
  silentPastGathering,
  type Notice,
  type ReportedMessage,
} from "./group-notifications.ts";
import { missed, noted, passed, withFacets } from "./outcome.ts";

interface Received {
  readonly notice: Notice;
  readonly message: ReportedMessage;
}

function received(trace: ScenarioTrace): readonly Received[] {
  return reportedMessages(trace).flatMap((message) =>
    message.received.map((notice) => ({ notice, message })),
  );
}

/** All that a notification reports was sent on after it had come; the last message that it went in. */
function sentOnWhole({ notice, message }: Received): Notice | undefined {
  const sent = notice.imdns.map((imdn) => sentOn(imdn, notice.seq, message));
  return sent.includes(undefined) ? undefined : sent.at(-1);
}

export const notificationForwarded = check<Received>("8.3.1.2-1", {
  trigger: (trace) =>
    received(trace).filter(
      (one) =>
        isPastGathering(one.message, one.notice.at, trace) &&
        (sentOnWhole(one) !== undefined || silentPastGathering(one.notice.at, trace)),
    ),
  judge: (one, trace) => withFacets(judgeForwarded(one, trace), one.message.kind),
});

/** Ts2 may have been started again (8.3.1.3-2): what is held then is sent when it ends. */
function judgeForwarded(one: Received, trace: ScenarioTrace): Outcome {
  const expected = "the notification is forwarded at once, for Ts2 does not run";
  const { exchange, at } = one.notice;
  const sent = sentOnWhole(one);
  if (sent === undefined) return missed(expected, "it was not forwarded", exchange);
  const after = Math.round(sent.at - at);
  const actual = `it was forwarded after ${after} ms`;
  if (aggregationMs(trace) === undefined || sent.at - at <= trace.sutFile.guards.quietMs)
    return passed(expected, actual, exchange, sent.exchange);
  return noted(expected, actual, "Ts2 was started again (8.3.1.3)", exchange, sent.exchange);
}

/** Judged where something was sent about the message; whether it is sent at all is 8.3.1.3. */
export const notificationHeld = check<Received>("8.3.1.2-2", {
  trigger: (trace) =>
    received(trace)
      .filter(({ message, notice }) => message.sent.length > 0 && isGathering(message, notice.at, trace))
      .filter((one) => sentOnWhole(one) !== undefined || silentPastGathering(one.message.start, trace)),
  judge: (one, trace) => withFacets(judgeHeld(one, trace), one.message.kind),
});

function judgeHeld(one: Received, trace: ScenarioTrace): Outcome {
  const { notice, message } = one;
  const expected = "the notification is kept while Ts2 runs, and is in the aggregate";
  const sent = sentOnWhole(one);
  if (sent === undefined) {
    const others = message.sent.map(({ exchange }) => exchange);
    return missed(expected, "it is in nothing that was sent", notice.exchange, ...others);
  }
  return isSentEarly(message, sent, trace)
    ? missed(expected, "it was sent on while recipients had not reported yet", notice.exchange, sent.exchange)
    : passed(expected, "it is in what was sent to who asked", notice.exchange, sent.exchange);
}
