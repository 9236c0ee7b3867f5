/** Who may begin a session, who owes the operator an answer, and which release a client must have: steps 1 to 3 of 6.1.1.1, of INVITEs. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { isFreeOfDemands, isLongOverdue, isOfDemand } from "./6.1.1.1-authority.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { expectErrorInfo, refusesAuthority, refusesByErrorInfo } from "./originating-message.ts";
import {
  forwardableSessions,
  groundsAgainstDeparture,
  isLate,
  policyOf,
  sessionDepartures,
} from "./originating-session.ts";
import { endOf, expectWarning, missed, passed, undecided } from "./outcome.ts";
import { groundsAgainstSession } from "./session-grounds.ts";
import { answeredWith, expectOwnAnswer, type OwnAnswer } from "./server-answers.ts";

/** For a user against whom nothing speaks on the other side either: a server that is both sides may refuse for that side. */
function isWelcome(exchange: Exchange, trace: ScenarioTrace): boolean {
  const isForUser = trace.userOf(exchange.request.message.uri) !== undefined;
  return isForUser && groundsAgainstSession(exchange, trace).length === 0;
}

/** Those that went on, or that got a refusal of the kind that the statement is about: what else becomes of an INVITE is not its business. */
function goesOn(
  statement: string,
  expected: string,
  isThisRefusal: (response: SipResponse) => boolean,
  applies: (exchange: Exchange, trace: ScenarioTrace) => boolean = () => true,
): Check {
  return check<Exchange>(statement, {
    trigger: (trace) => forwardableSessions(trace).filter((exchange) => applies(exchange, trace)),
    judge: (exchange, trace): Outcome | readonly Outcome[] => {
      const onward = trace.onwardOf(exchange);
      if (onward !== undefined) return passed(expected, "it was sent on", exchange.request, onward.request);
      // Whose answer it is cannot be told where what went on cannot be told.
      const isUnknown = trace.sutFile.server?.originalDialogToken === false;
      const isOthers = isUnknown || !isWelcome(exchange, trace);
      return exchange.final === undefined || isOthers || !isThisRefusal(exchange.final.message)
        ? []
        : missed(expected, `it was refused: ${endOf(exchange)}`, exchange);
    },
  });
}

export const originatorMayBegin = goesOn(
  "6.1.1.1-1a",
  "an INVITE of a user who may send goes on",
  refusesAuthority,
);
export const otherDemandsHoldNobody = goesOn(
  "6.1.1.1-2a",
  "an INVITE of a user who owes no answer to a system message goes on",
  refusesByErrorInfo,
  isFreeOfDemands,
);
export const timeToAnswerIsLeft = goesOn(
  "6.1.1.1-2b",
  "an INVITE goes on while there is time to answer the system message",
  refusesByErrorInfo,
  isOfDemand,
);
export const supportedReleaseBegins = goesOn(
  "6.1.1.1-3a",
  "an INVITE of a client with a supported release goes on",
  refusesByErrorInfo,
  (_exchange, trace) => (policyOf(trace)?.requiredReleases ?? []).length > 0,
);

function refusable(trace: ScenarioTrace, ground: string): readonly Exchange[] {
  return sessionDepartures(trace).filter((exchange) => {
    const grounds = groundsAgainstDeparture(exchange, trace);
    return grounds.length === 1 && grounds[0] === ground;
  });
}

const unauthorised = (trace: ScenarioTrace): readonly Exchange[] => refusable(trace, "unauthorised");

const overdue = (trace: ScenarioTrace): readonly Exchange[] =>
  refusable(trace, "system-message-unanswered").filter((exchange) => isLongOverdue(exchange, trace));

/** Without User-Agent there is no release to look at, which the step does not speak of. */
const unsupported = (trace: ScenarioTrace): readonly Exchange[] =>
  refusable(trace, "release-unsupported").filter(({ request }) =>
    request.message.headers.some(({ name }) => name.toLowerCase() === "user-agent"),
  );

type Refusable = (trace: ScenarioTrace) => readonly Exchange[];

function gets403(statement: string, exchanges: Refusable): Check {
  return check<Exchange>(statement, {
    trigger: exchanges,
    judge: (exchange, trace) =>
      exchange.final === undefined && !isLate(exchange.request.at, trace)
        ? undecided("final response 403", "the trace ends before a final response", exchange)
        : expectOwnAnswer(exchange, 403, trace),
  });
}

export const unauthorisedInviter403 = gets403("6.1.1.1-1b", unauthorised);
export const owingInviter403 = gets403("6.1.1.1-2c", overdue);
export const unsupportedInviter403 = gets403("6.1.1.1-3b", unsupported);

function explains(
  statement: string,
  exchanges: Refusable,
  judge: (final: SipRecord<SipResponse>) => Outcome,
): Check {
  return check<OwnAnswer>(statement, {
    trigger: (trace) => exchanges(trace).flatMap((exchange) => answeredWith(exchange, 403, trace)),
    judge: ({ final }) => judge(final),
  });
}

export const unauthorisedInviterWarning = explains("6.1.1.1-1c", unauthorised, (final) =>
  expectWarning(final, 127),
);
export const owingInviterErrorInfo = explains("6.1.1.1-2d", overdue, expectErrorInfo);
export const unsupportedInviterErrorInfo = explains("6.1.1.1-3c", unsupported, expectErrorInfo);
