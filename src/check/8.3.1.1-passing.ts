/** 8.3.1.1: what passes each check of the controlling function, and is taken with 202. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  goodGroupMessages,
  isAccepted,
  refusingCheck,
  type GroupMessage,
  type RefusingCheck,
} from "./group-message.ts";
import { endOf, expectStatus, missed, passed, withFacets } from "./outcome.ts";
import { asksAnonymity } from "./pager-message.ts";

/**
 * A good message to which `applies` passes the check: it is accepted. A refusal is held against the check that it speaks for, so that one
 * wrong refusal is one finding.
 */
function passes(
  statement: string,
  by: RefusingCheck,
  what: string,
  applies: (message: GroupMessage) => boolean,
): Check {
  const speaksFor = (message: GroupMessage): boolean =>
    refusingCheck(message, asksAnonymity(message.request)) === by;
  return check<GroupMessage>(statement, {
    trigger: (trace) =>
      goodGroupMessages(trace).filter(
        (message) => applies(message) && (isAccepted(message) || speaksFor(message)),
      ),
    judge: (message) => withFacets(judgePassing(message, what), message.kind),
  });
}

function judgePassing(message: GroupMessage, what: string): Outcome {
  const verdict = isAccepted(message) ? passed : missed;
  return verdict(`${what} is accepted`, endOf(message.exchange), message.exchange);
}

const isAnonymous = ({ request }: GroupMessage): boolean => asksAnonymity(request);

export const groupWithImAccepted = passes(
  "8.3.1.1-2b",
  "group-service",
  "a message to a pre-defined group that supports the IM service",
  ({ kind }) => kind === "predefined-group",
);

export const knownSessionAccepted = passes(
  "8.3.1.1-3b",
  "session",
  "a message to an on-going session",
  ({ kind }) => kind === "ongoing-session",
);

export const listWithinMaximumAccepted = passes(
  "8.3.1.1-4c",
  "maximum",
  "a URI-list within the maximum",
  ({ kind }) => kind === "uri-list",
);

export const originatorWithAuthorityAccepted = passes(
  "8.3.1.1-5c",
  "authority",
  "a message of a user with authority",
  () => true,
);

export const groupAnonymityAccepted = passes(
  "8.3.1.1-6c",
  "anonymity",
  "an anonymous message to a group that allows anonymity",
  (message) => message.kind === "predefined-group" && isAnonymous(message),
);

export const listAnonymityAccepted = passes(
  "8.3.1.1-7c",
  "anonymity",
  "an anonymous message to a URI-list, where the server allows anonymity",
  (message) => message.kind === "uri-list" && isAnonymous(message),
);

export const groupMessage202 = check<GroupMessage>("8.3.1.1-12", {
  trigger: (trace) => notWronglyRefused(trace),
  judge: ({ exchange, kind }, trace) => withFacets(expectStatus(exchange, [202], trace.complete), kind),
});

/** A refusal that speaks for a check of the clause is that check's; this statement is about what is not refused. */
function notWronglyRefused(trace: ScenarioTrace): readonly GroupMessage[] {
  return goodGroupMessages(trace).filter(
    (message) => refusingCheck(message, isAnonymous(message)) === undefined,
  );
}
