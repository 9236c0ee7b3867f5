/** 7.2.3.1, 7.2.3.3: a message for everybody in a session reaches every other participant, once, as it was sent. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { parseContentType } from "../wire/mime/content-type.ts";
import { check, type Outcome } from "./check.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import { readable } from "./pager-message.ts";
import { copiesAt } from "./session-tokens.ts";
import { goodForEverybody, type Talk } from "./switch-messages.ts";

const forEverybody = (trace: ScenarioTrace): readonly Delivery[] =>
  deliveries(trace).filter(({ talk }) => talk.audience === "everybody");

const arrived = (trace: ScenarioTrace): readonly Delivery[] =>
  forEverybody(trace).filter(({ copies: [copy] }) => copy?.flag === "$");

function judgeArrival(delivery: Delivery, { complete }: ScenarioTrace): Outcome {
  const expected = `the message is sent to ${delivery.recipient.user.actor}, who takes part`;
  if (delivery.copies.length > 0) return outcomeOf("pass", delivery, expected, "it was sent");
  if (!complete) return outcomeOf("inconclusive", delivery, expected, "the trace ends before it");
  return outcomeOf("miss", delivery, expected, "it was not sent");
}

export const messagesAreDistributed = check<Delivery>("7.2.3.1-5", {
  trigger: forEverybody,
  judge: judgeArrival,
});

/** Twice in one session is once too often; after a session was made anew it may be. */
function isDoubled(copies: readonly SessionMessage[]): boolean {
  const ends = copies.filter(({ flag }) => flag === "$").map(({ from, to }) => `${from} ${to}`);
  return new Set(ends).size < ends.length;
}

export const everyParticipantButTheSender = check<Delivery | Talk>("7.2.3.3-2b", {
  trigger: (trace) => [...forEverybody(trace), ...goodForEverybody(trace)],
  judge: (occasion, trace) => {
    if (!("sender" in occasion)) {
      const expected = `the message is sent to ${occasion.recipient.user.actor} once`;
      return isDoubled(occasion.copies)
        ? outcomeOf("miss", occasion, expected, `it was sent ${occasion.copies.length} times`)
        : judgeArrival(occasion, trace);
    }
    const { sender, sent, token } = occasion;
    const copies = copiesAt(sender, token, trace);
    const expected = `the message is not sent to ${sender.user.actor}, who sent it`;
    const evidence = [{ seq: sent.seq }, ...copies.map(({ seq }) => ({ seq }))];
    if (copies.length > 0) return { result: "miss", expected, actual: "it was sent back", evidence };
    // That it came to others tells that the server is done with it.
    const isProven = trace.complete && occasion.others.some((one) => copiesAt(one, token, trace).length > 0);
    return isProven ? { result: "pass", expected, actual: "it was not", evidence } : [];
  },
});

/** A copy has what the sender chose; fields of the hop and of reports, and the division in chunks, are the server's own. */
export function judgeCopy(delivery: Delivery): Outcome {
  const { talk, copies } = delivery;
  const [copy] = copies;
  const { messageId, contentType = "" } = talk.sent;
  const expected = `Message-ID: ${messageId}, Content-Type: ${contentType}, as received`;
  const actual = `Message-ID: ${copy?.messageId ?? "none"}, Content-Type: ${copy?.contentType ?? "none"}`;
  const isSame = copy?.messageId === messageId && sameType(copy.contentType ?? "", contentType);
  return outcomeOf(isSame ? "pass" : "miss", delivery, expected, actual);
}

function sameType(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => readable(() => parseContentType(text).type, text));
  return a === b;
}

export const sentIsCopied = check<Delivery>("7.2.3.3-2b-1", { trigger: arrived, judge: judgeCopy });

export function judgeBody(delivery: Delivery): Outcome | readonly Outcome[] {
  const { talk, copies } = delivery;
  const [own, copy] = [talk.sent.body, copies[0]?.body];
  if (own === undefined || copy === undefined) return [];
  const expected = "the body as it was sent, octet by octet";
  if (Buffer.compare(own, copy) === 0)
    return outcomeOf("pass", delivery, expected, `${copy.length} octets, the same`);
  const at = copy.findIndex((octet, index) => octet !== own[index]);
  const where = at < 0 ? `${copy.length} octets of ${own.length}` : `another octet at ${at}`;
  return outcomeOf("miss", delivery, expected, where);
}

export const bodiesAreNotModified = check<Delivery>("7.2.3.3-2b-2", { trigger: arrived, judge: judgeBody });
