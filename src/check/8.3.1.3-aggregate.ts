/** 8.3.1.3: what the controlling function sends when Ts2 is over. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import {
  isGathering,
  isPastGathering,
  isSentEarly,
  reportedMessages,
  sentOn,
  silentPastGathering,
  type Notice,
  type ReportedMessage,
} from "./group-notifications.ts";
import { mustReceive } from "./group-message.ts";
import { missed, noted, passed, withFacets } from "./outcome.ts";

/** Notifications that came while Ts2 ran and nothing had been sent yet. */
function kept(message: ReportedMessage, trace: ScenarioTrace): readonly Notice[] {
  const first = message.sent[0]?.seq ?? Number.POSITIVE_INFINITY;
  return message.received.filter(({ at, seq }) => seq < first && isGathering(message, at, trace));
}

function reportsIn(notices: readonly Notice[]): number {
  return notices.reduce((sum, { imdns }) => sum + imdns.length, 0);
}

/** The messages that notifications went out in after they had been kept. What was never sent, or too early, is 8.3.1.2-2. */
function carriersOf(notices: readonly Notice[], message: ReportedMessage): readonly Notice[] {
  const carriers = notices.flatMap(({ imdns, seq }) =>
    imdns.flatMap((imdn) => sentOn(imdn, seq, message) ?? []),
  );
  return [...new Set(carriers)];
}

export const notificationsAggregated = check<ReportedMessage>("8.3.1.3-1a", {
  trigger: (trace) =>
    reportedMessages(trace).filter((message) => {
      const notices = kept(message, trace);
      const carriers = carriersOf(notices, message);
      return (
        reportsIn(notices) > 1 &&
        carriers.length > 0 &&
        !carriers.some((carrier) => isSentEarly(message, carrier, trace))
      );
    }),
  judge: (message, trace) => withFacets(judgeAggregated(message, trace), message.kind),
});

function judgeAggregated(message: ReportedMessage, trace: ScenarioTrace): Outcome {
  const notices = kept(message, trace);
  const carriers = carriersOf(notices, message);
  const expected = `the ${reportsIn(notices)} notifications that were kept go out in one MESSAGE`;
  const exchanges = carriers.map(({ exchange }) => exchange);
  return carriers.length === 1
    ? passed(expected, "they are in one", message.exchange, ...exchanges)
    : missed(expected, `they went out in ${carriers.length} messages`, message.exchange, ...exchanges);
}

/** Judged where it was waited until the aggregate must have gone, or it has. */
export const aggregateSentToRequester = check<ReportedMessage>("8.3.1.3-1b", {
  trigger: (trace) =>
    reportedMessages(trace)
      .filter((message) => kept(message, trace).length > 0)
      .filter((message) => message.sent.length > 0 || silentPastGathering(message.start, trace)),
  judge: (message) => withFacets(judgeRequester(message), message.kind),
});

function judgeRequester({ exchange, sender = "", sent }: ReportedMessage): Outcome {
  const expected = `the aggregate is sent to ${sender}, who asked for it`;
  const [first] = sent;
  if (first === undefined) return missed(expected, "no notification was sent", exchange);
  const stray = sent.find((one) => !sameAddressOfRecord(one.exchange.request.message.uri, sender));
  return stray === undefined
    ? passed(expected, `it was sent to ${first.exchange.request.message.uri}`, exchange, first.exchange)
    : missed(expected, `it was sent to ${stray.exchange.request.message.uri}`, exchange, stray.exchange);
}

interface Late {
  readonly message: ReportedMessage;
  readonly late: Notice;
  readonly sent: Notice;
}

/** Shows in what becomes of a notification that comes after Ts2, while others are missing. */
export const aggregationRestarted = check<Late>("8.3.1.3-2", {
  trigger: (trace) =>
    reportedMessages(trace).flatMap((message) =>
      lateReports(message, trace).filter(() => mustReceive(message).length > 1),
    ),
  judge: ({ message, late, sent }, trace) => {
    const expected = "Ts2 may be started again for notifications that are missing";
    const restarted = sent.at - late.at > trace.sutFile.guards.quietMs;
    const actual = restarted
      ? "a late notification was kept: Ts2 ran again"
      : "a late notification was sent on at once: Ts2 did not run again";
    return withFacets(
      noted(expected, actual, "left to the operator", late.exchange, sent.exchange),
      message.kind,
    );
  },
});

function lateReports(message: ReportedMessage, trace: ScenarioTrace): readonly Late[] {
  return message.received
    .filter(({ at }) => isPastGathering(message, at, trace))
    .flatMap((late) => {
      const sent = late.imdns.map((imdn) => sentOn(imdn, late.seq, message)).find((one) => one !== undefined);
      return sent === undefined ? [] : [{ message, late, sent }];
    });
}
