/** 8.3.2.1 step 7, 8.3.1.1 step 10: who gets a copy of a group message. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { uriListOf } from "./pager-message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  acceptedGroupMessages,
  copiesOf,
  memberIn,
  mustReceive,
  recipientOf,
  type GroupKind,
  type GroupMessage,
} from "./group-message.ts";
import { missed, passed, undecided, withFacets } from "./outcome.ts";

interface Distribution {
  readonly copies: readonly Exchange[];
  /** Of those who must have a copy, those who have none. */
  readonly missing: readonly string[];
  /** Copies for nobody who may have one. */
  readonly strays: readonly Exchange[];
  /** Those to whom the message was delivered more than once. */
  readonly twice: readonly string[];
}

function distributionOf(message: GroupMessage, trace: ScenarioTrace): Distribution {
  const copies = copiesOf(message, trace);
  const wanted = mustReceive(message);
  const copiesFor = (recipient: string): readonly Exchange[] =>
    copies.filter((copy) => recipientOf(copy, message.recipients) === recipient);
  return {
    copies,
    missing: wanted.filter(
      (recipient) => !copies.some((copy) => recipientOf(copy, [recipient]) !== undefined),
    ),
    strays: copies.filter((copy) => recipientOf(copy, message.recipients) === undefined),
    twice: wanted.filter((recipient) => copiesFor(recipient).filter(isDelivered).length > 1),
  };
}

/** A copy that failed may be tried again. */
function isDelivered({ final }: Exchange): boolean {
  return final !== undefined && final.message.status < 300;
}

function judgeMissing(
  { exchange }: GroupMessage,
  expected: string,
  { copies, missing }: Distribution,
  trace: ScenarioTrace,
): Outcome {
  if (missing.length === 0)
    return passed(
      expected,
      `copies for ${copies.map(({ request }) => request.message.uri).join(", ")}`,
      exchange,
      ...copies,
    );
  const actual = `no MESSAGE for ${missing.join(", ")}`;
  return trace.absenceProven(exchange.request.at)
    ? missed(expected, actual, exchange, ...copies)
    : undecided(expected, `${actual} before the trace ends`, exchange, ...copies);
}

function judgeDistribution(message: GroupMessage, trace: ScenarioTrace): Outcome {
  const distribution = distributionOf(message, trace);
  const expected = `one MESSAGE for each of ${mustReceive(message).join(", ")}, and for nobody else`;
  const { strays, twice } = distribution;
  if (strays.length > 0) {
    const uris = strays.map(({ request }) => request.message.uri).join(", ");
    return missed(expected, `a MESSAGE for ${uris}, too`, message.exchange, ...strays);
  }
  if (twice.length > 0)
    return missed(
      expected,
      `more than one MESSAGE for ${twice.join(", ")}`,
      message.exchange,
      ...distribution.copies,
    );
  const relisted = distribution.copies.find(({ request }) => uriListOf(request.message) !== undefined);
  if (relisted !== undefined)
    return missed(
      "copies without the list of the request: a recipient-list-history, or none (RFC 5365 7.3)",
      `the copy for ${relisted.request.message.uri} has a recipient-list of its own`,
      relisted,
    );
  return judgeMissing(message, expected, distribution, trace);
}

function copyPerRecipient(statement: string, kind: GroupKind): Check {
  return check<GroupMessage>(statement, {
    trigger: (trace) => messagesFor(trace).filter((message) => message.kind === kind),
    judge: (message, trace) => withFacets(judgeDistribution(message, trace), kind),
  });
}

/** A list that names only its own sender, or an empty group, leaves nobody to send to. */
function messagesFor(trace: ScenarioTrace): readonly GroupMessage[] {
  return acceptedGroupMessages(trace).filter((message) => mustReceive(message).length > 0);
}

export const copyPerListEntry = copyPerRecipient("8.3.2.1-7a", "uri-list");
export const copyPerMember = copyPerRecipient("8.3.2.1-7b", "predefined-group");
export const copyPerParticipant = copyPerRecipient("8.3.2.1-7c", "ongoing-session");

export const messagePerAddress = check<GroupMessage>("8.3.1.1-10", {
  trigger: messagesFor,
  judge: (message, trace) =>
    withFacets(
      judgeMissing(
        message,
        `a MESSAGE towards each of ${mustReceive(message).join(", ")}`,
        distributionOf(message, trace),
        trace,
      ),
      message.kind,
    ),
});

/** A copy too many is 8.3.2.1-7; one that is for nobody while somebody has none has the wrong Request-URI. */
export const requestUriOfCopy = check<{ copy: Exchange; message: GroupMessage }>("8.3.2.1-6", {
  trigger: (trace) =>
    acceptedGroupMessages(trace).flatMap((message) => {
      const { copies, strays, missing } = distributionOf(message, trace);
      const judged = missing.length > 0 ? copies : copies.filter((copy) => !strays.includes(copy));
      return judged.map((copy) => ({ copy, message }));
    }),
  judge: ({ copy, message }) => withFacets(judgeRequestUri(copy, message), message.kind),
});

function judgeRequestUri(copy: Exchange, { recipients }: GroupMessage): Outcome {
  const { uri } = copy.request.message;
  const intended = recipientOf(copy, recipients) ?? `one of ${recipients.join(", ")}`;
  const verdict = memberIn(recipients, uri) === undefined ? missed : passed;
  const expected = `Request-URI: the IM Address of the recipient, ${intended}`;
  return verdict(expected, `Request-URI: ${uri}`, copy.request);
}
