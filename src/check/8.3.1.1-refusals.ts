/** 8.3.1.1: what the controlling function refuses, and how. A refusal is judged where its ground is the only one. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { soleGround, type Ground } from "./grounds.ts";
import { groupMessages, type GroupKind, type GroupMessage } from "./group-message.ts";
import { expectStatus, expectWarning, noted, withFacets } from "./outcome.ts";

interface Refused {
  readonly ground: Ground;
  /** Of which messages the statement speaks; default: of all. */
  readonly kind?: GroupKind;
  readonly status: number;
}

function refusedMessages({ ground, kind }: Refused, trace: ScenarioTrace): readonly GroupMessage[] {
  return groupMessages(trace).filter(
    (message) =>
      (kind === undefined || message.kind === kind) && soleGround(message.exchange, trace) === ground,
  );
}

function refusal(statement: string, refused: Refused): Check {
  return check<GroupMessage>(statement, {
    trigger: (trace) => refusedMessages(refused, trace),
    judge: (message, trace) =>
      withFacets(expectStatus(message.exchange, [refused.status], trace.complete), message.kind),
  });
}

/** Judged on the refusal that the clause asks for; another one is the matter of the statement about the status. */
function warning(statement: string, refused: Refused, code: number): Check {
  return check<GroupMessage>(statement, {
    trigger: (trace) =>
      refusedMessages(refused, trace).filter(
        ({ exchange }) => exchange.final?.message.status === refused.status,
      ),
    judge: ({ exchange: { final }, kind }) =>
      final === undefined ? [] : withFacets(expectWarning(final, code), kind),
  });
}

const unsupportedList: Refused = { ground: "uri-list-unsupported", kind: "uri-list", status: 420 };
const tooLong: Refused = { ground: "list-too-long", kind: "uri-list", status: 486 };
const noAuthority: Refused = { ground: "unauthorised", status: 403 };
const anonymousToGroup: Refused = { ground: "anonymity-refused", kind: "predefined-group", status: 403 };
const anonymousToList: Refused = { ground: "anonymity-refused", kind: "uri-list", status: 403 };

export const uriListUnsupported420 = refusal("8.3.1.1-1a", unsupportedList);
export const uriListUnsupportedWarning = warning("8.3.1.1-1b", unsupportedList, 122);
export const groupWithoutIm404 = refusal("8.3.1.1-2", {
  ground: "group-without-im",
  kind: "predefined-group",
  status: 404,
});
export const tooManyRecipients486 = refusal("8.3.1.1-4a", tooLong);
export const tooManyRecipientsWarning = warning("8.3.1.1-4b", tooLong, 102);
export const groupOriginator403 = refusal("8.3.1.1-5a", noAuthority);
export const groupOriginatorWarning = warning("8.3.1.1-5b", noAuthority, 127);
export const groupAnonymity403 = refusal("8.3.1.1-6a", anonymousToGroup);
export const groupAnonymityWarning = warning("8.3.1.1-6b", anonymousToGroup, 119);
export const listAnonymity403 = refusal("8.3.1.1-7a", anonymousToList);
export const listAnonymityWarning = warning("8.3.1.1-7b", anonymousToList, 119);

const noSession: Refused = { ground: "unknown-session", kind: "ongoing-session", status: 403 };

export const unknownSession403 = check<GroupMessage>("8.3.1.1-3", {
  trigger: (trace) => refusedMessages(noSession, trace),
  judge: ({ exchange, kind }, trace) => withFacets(judgeUnknownSession(exchange, trace), kind),
});

/** 11.2 has 404 for what was never allocated, and nothing tells the two apart once a session is over. */
function judgeUnknownSession(exchange: Exchange, trace: ScenarioTrace): Outcome {
  if (exchange.final?.message.status !== 404)
    return expectStatus(exchange, [noSession.status], trace.complete);
  return noted(
    "final response 403",
    "404 Not Found",
    "taken as a session identity that is not allocated (11.2)",
    exchange,
  );
}
