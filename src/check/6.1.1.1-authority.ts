/** Who may send, who owes the operator an answer, and which release a client must have (clause 6.1.1.1, steps 1 to 3). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { originatorOf } from "./grounds.ts";
import {
  expectErrorInfo,
  expectGoesOn,
  forwardable,
  policyOf,
  refusable,
  refusesAuthority,
  refusesByErrorInfo,
} from "./originating-message.ts";
import { expectWarning } from "./outcome.ts";
import { answeredWith, expectOwnAnswer, type OwnAnswer } from "./server-answers.ts";

export const originatorMaySend = check("6.1.1.1-1a", {
  trigger: forwardable,
  judge: (exchange, trace) =>
    expectGoesOn("a message of a user who may send goes on", exchange, trace, refusesAuthority),
});

function unauthorised(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "unauthorised");
}

export const unauthorisedOriginator403 = check("6.1.1.1-1b", {
  trigger: unauthorised,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 403, trace),
});

export const unauthorisedOriginatorWarning = check("6.1.1.1-1c", {
  trigger: (trace) => forbidden(unauthorised(trace), trace),
  judge: ({ final }) => expectWarning(final, 127),
});

function forbidden(exchanges: readonly Exchange[], trace: ScenarioTrace): readonly OwnAnswer[] {
  return exchanges.flatMap((exchange) => answeredWith(exchange, 403, trace));
}

interface Demand {
  readonly to: string;
  readonly at: number;
  /** When the time to answer is over, by the clock of the trace. */
  readonly until: number;
}

/** System messages that ask for an answer. */
function demands(trace: ScenarioTrace): readonly Demand[] {
  return trace.events.flatMap((event) =>
    event.type === "provisioned" && event.item.kind === "system-message"
      ? [{ to: event.item.to, at: event.at, until: event.at + event.item.responseWithinMs }]
      : [],
  );
}

function demandsOf({ request }: Exchange, trace: ScenarioTrace): readonly Demand[] {
  const sender = originatorOf(request.message);
  return demands(trace).filter(
    ({ to, at }) => at < request.at && sender !== undefined && sameAddressOfRecord(to, sender),
  );
}

/** The sender was asked for an answer. */
export function isOfDemand(exchange: Exchange, trace: ScenarioTrace): boolean {
  return demandsOf(exchange, trace).length > 0;
}

/** Others owe an answer and their time is over; the sender was asked nothing. */
export function isFreeOfDemands(exchange: Exchange, trace: ScenarioTrace): boolean {
  return (
    demandsOf(exchange, trace).length === 0 && demands(trace).some(({ until }) => exchange.request.at > until)
  );
}

export const unansweredSystemMessageLookedFor = check("6.1.1.1-2a", {
  trigger: (trace) => forwardable(trace).filter((exchange) => isFreeOfDemands(exchange, trace)),
  judge: (exchange, trace) =>
    expectGoesOn(
      "a message of a user who owes no answer to a system message goes on",
      exchange,
      trace,
      refusesByErrorInfo,
    ),
});

export const systemMessagePeriodChecked = check("6.1.1.1-2b", {
  trigger: (trace) => forwardable(trace).filter((exchange) => isOfDemand(exchange, trace)),
  judge: (exchange, trace) =>
    expectGoesOn(
      "a message goes on while there is time to answer the system message",
      exchange,
      trace,
      refusesByErrorInfo,
    ),
});

/** The server's timer started later than Scrim asked for the message: what came close to the end of the period decides nothing. */
export function isLongOverdue(exchange: Exchange, trace: ScenarioTrace): boolean {
  const margin = trace.sutFile.guards.quietMs / 2;
  return demandsOf(exchange, trace).some(({ until }) => exchange.request.at > until + margin);
}

function overdue(trace: ScenarioTrace): readonly Exchange[] {
  return refusable(trace, "system-message-unanswered").filter((exchange) => isLongOverdue(exchange, trace));
}

export const unansweredSystemMessage403 = check("6.1.1.1-2c", {
  trigger: overdue,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 403, trace),
});

export const unansweredSystemMessageErrorInfo = check("6.1.1.1-2d", {
  trigger: (trace) => forbidden(overdue(trace), trace),
  judge: ({ final }) => expectErrorInfo(final),
});

export const releaseChecked = check("6.1.1.1-3a", {
  trigger: (trace) => ((policyOf(trace)?.requiredReleases ?? []).length > 0 ? forwardable(trace) : []),
  judge: (exchange, trace) =>
    expectGoesOn(
      "a message of a client with a supported release goes on",
      exchange,
      trace,
      refusesByErrorInfo,
    ),
});

function unsupported(trace: ScenarioTrace): readonly Exchange[] {
  // Without User-Agent there is no release to look at, which the step does not speak of.
  return refusable(trace, "release-unsupported").filter((exchange) => announcesRelease(exchange));
}

function announcesRelease({ request }: Exchange): boolean {
  return request.message.headers.some(({ name }) => name.toLowerCase() === "user-agent");
}

export const unsupportedRelease403 = check("6.1.1.1-3b", {
  trigger: unsupported,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 403, trace),
});

export const unsupportedReleaseErrorInfo = check("6.1.1.1-3c", {
  trigger: (trace) => forbidden(unsupported(trace), trace),
  judge: ({ final }) => expectErrorInfo(final),
});

/** Everything that a general check stops before it goes on (6.1.1.3.1-1). */
export function stoppedByGeneralChecks(trace: ScenarioTrace): readonly Exchange[] {
  return [
    ...unauthorised(trace),
    ...overdue(trace),
    ...unsupported(trace),
    ...refusable(trace, "content-refused"),
  ];
}
