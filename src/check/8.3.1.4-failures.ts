/** 8.3.1.4: what the controlling function tells the sender of a copy that failed. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { acceptedGroupMessages, type GroupMessage } from "./group-message.ts";
import {
  aggregationMs,
  failedCopies,
  isAbout,
  isGathering,
  isPastGathering,
  isSentEarly,
  reportedMessages,
  saysNotDelivered,
  silentPastGathering,
  unaskedNotices,
  type FailedCopy,
  type Notice,
  type ReportedMessage,
} from "./group-notifications.ts";
import { missed, noted, passed, withFacets } from "./outcome.ts";
import { dispositionsAsked } from "./pager-message.ts";

const NEGATIVE = "negative-delivery";

interface Failure {
  readonly message: ReportedMessage;
  readonly failed: FailedCopy;
  /** The failure notification that tells of it. */
  readonly told: Notice | undefined;
}

/** Copies that failed, of messages whose sender wants to know. */
function failures(trace: ScenarioTrace): readonly Failure[] {
  return reportedMessages(trace)
    .filter(({ asked }) => asked.includes(NEGATIVE))
    .flatMap((message) =>
      failedCopies(message, trace).map((failed) => ({ message, failed, told: toldOf(message, failed) })),
    );
}

function toldOf({ sent }: ReportedMessage, { recipient, seq }: FailedCopy): Notice | undefined {
  return sent.find(
    (notice) =>
      notice.seq > seq && notice.imdns.some((imdn) => saysNotDelivered(imdn) && isAbout(imdn, recipient)),
  );
}

export const failureNotificationSent = check<Failure>("8.3.1.4-1a", {
  trigger: (trace) =>
    failures(trace)
      .filter(
        ({ failed, told, message }) =>
          told !== undefined || silentPastGathering(Math.max(failed.at, message.start), trace),
      )
      .filter(({ message, failed }) => !isPastGathering(message, failed.at, trace)),
  judge: ({ failed, told, message }) => {
    const expected = `a failure notification about ${failed.recipient}, for one was asked for`;
    const outcome =
      told === undefined
        ? missed(expected, "none was sent", failed.copy)
        : passed(expected, "it was sent", failed.copy, told.exchange);
    return withFacets(outcome, message.kind);
  },
});

interface Unwanted {
  readonly message: GroupMessage;
  readonly failed: FailedCopy;
  readonly told: Notice | undefined;
}

/** Judged where silence was waited for, or was broken. */
export const failureNotificationOnlyOnRequest = check<Unwanted>("8.3.1.4-1b", {
  trigger: (trace) =>
    unwanted(trace).filter(({ failed, told }) => told !== undefined || silentPastGathering(failed.at, trace)),
  judge: ({ message, failed, told }) => {
    const expected = `no failure notification about ${failed.recipient}, for none was asked for`;
    const outcome =
      told === undefined
        ? passed(expected, "none was sent", failed.copy)
        : missed(expected, "one was sent", failed.copy, told.exchange);
    return withFacets(outcome, message.kind);
  },
});

function unwanted(trace: ScenarioTrace): readonly Unwanted[] {
  const reported = reportedMessages(trace).filter(({ asked }) => !asked.includes(NEGATIVE));
  const silent = acceptedGroupMessages(trace).filter(
    ({ request }) => dispositionsAsked(request).length === 0,
  );
  return [
    ...reported.flatMap((message) => unwantedAbout(message, message.sent, trace)),
    ...silent.flatMap((message) => unwantedAbout(message, unaskedNotices(message, trace), trace)),
  ];
}

function unwantedAbout(
  message: GroupMessage,
  notices: readonly Notice[],
  trace: ScenarioTrace,
): readonly Unwanted[] {
  return failedCopies(message, trace).map((failed) => ({
    message,
    failed,
    told: notices.find(
      ({ seq, imdns }) =>
        seq > failed.seq && imdns.some((imdn) => saysNotDelivered(imdn) && isAbout(imdn, failed.recipient)),
    ),
  }));
}

export const failureNotificationAfterTimer = check<Failure>("8.3.1.4-2", {
  trigger: (trace) =>
    failures(trace)
      .filter(({ message, failed }) => isPastGathering(message, failed.at, trace))
      .filter(({ failed, told }) => told !== undefined || silentPastGathering(failed.at, trace)),
  judge: (failure, trace) => withFacets(judgeAfterTimer(failure, trace), failure.message.kind),
});

function judgeAfterTimer({ failed, told }: Failure, trace: ScenarioTrace): Outcome {
  const expected = `the failure notification about ${failed.recipient} is sent at once, for Ts2 does not run`;
  if (told === undefined) return missed(expected, "none was sent", failed.copy);
  const after = Math.round(told.at - failed.at);
  const actual = `it was sent ${after} ms after the failure`;
  if (aggregationMs(trace) === undefined || after <= trace.sutFile.guards.quietMs)
    return passed(expected, actual, failed.copy, told.exchange);
  return noted(expected, actual, "Ts2 was started again (8.3.1.3)", failed.copy, told.exchange);
}

/** Judged where the notification is sent; whether it is, is 8.3.1.4-1a. */
export const failureNotificationHeld = check<Failure & { readonly told: Notice }>("8.3.1.4-3", {
  trigger: (trace) =>
    failures(trace)
      .filter(({ message, failed }) => isGathering(message, failed.at, trace))
      .flatMap(({ told, ...failure }) => (told === undefined ? [] : [{ ...failure, told }])),
  judge: ({ message, failed, told }, trace) => {
    const expected = `the failure notification about ${failed.recipient} is kept while Ts2 runs`;
    const early = isSentEarly(message, told, trace);
    const actual = `it was sent ${Math.round(told.at - message.start)} ms after the message`;
    const outcome = (early ? missed : passed)(expected, actual, failed.copy, told.exchange);
    return withFacets(outcome, message.kind);
  },
});
