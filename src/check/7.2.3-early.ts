/** 7.2.3.1, 7.2.3.3, 7.2.3.4: distribution starts when the headers of the wrapper are there, not when the message is. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import type { Outcome } from "./check.ts";
import { ofEachMessage } from "./copies.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import { endedAt } from "./session-media.ts";

/** Milliseconds that a message has to take for it to be told what came first. */
const SLOW_MS = 200;

/** To those who have it whole. The wrapper was there with the first piece: what is slow is written in pieces that hold it. */
function slow(trace: ScenarioTrace): readonly Delivery[] {
  return deliveries(trace).filter(({ talk, copies: [copy] }) => {
    const [first] = talk.sent.chunks;
    const hasHeaders =
      talk.sent.chunks.length === 1 ||
      Buffer.from(first?.request.body ?? [])
        .toString("latin1")
        .includes("\r\n\r\n");
    return copy?.flag === "$" && hasHeaders && endedAt(talk.sent, trace) - begunAt(talk.sent) >= SLOW_MS;
  });
}

function begunAt({ at, chunks: [first] }: SessionMessage): number {
  return first?.request.begunAt ?? at;
}

/**
 * What takes about as long to come as it took to be written was not kept back, however far away the recipient is. What comes at once, and long
 * after the last octet, may have been lost on the way and sent again.
 */
function judge(delivery: Delivery, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { talk, recipient, copies } = delivery;
  const [copy] = copies;
  if (copy === undefined) return [];
  const end = endedAt(talk.sent, trace);
  const [lead, taken] = [end - begunAt(copy), endedAt(copy, trace) - begunAt(copy)];
  const duration = end - begunAt(talk.sent);
  const expected = `what is sent to ${recipient.user.actor} begins before the last octet has come`;
  if (lead > 0) return outcomeOf("pass", delivery, expected, `it began ${Math.round(lead)} ms before`);
  if (taken >= duration / 2)
    return outcomeOf("pass", delivery, expected, `it took ${Math.round(taken)} ms, as the message did`);
  return -lead <= SLOW_MS
    ? outcomeOf("miss", delivery, expected, `it began ${Math.round(-lead)} ms behind`)
    : [];
}

const slowForEverybody = (trace: ScenarioTrace): readonly Delivery[] =>
  slow(trace).filter(({ talk }) => talk.audience === "everybody");

export const relayingStartsEarly = ofEachMessage("7.2.3.1-7", slowForEverybody, judge);

export const distributionStartsEarly = ofEachMessage("7.2.3.3-2b-3", slowForEverybody, judge);

export const privateSendingStartsEarly = ofEachMessage(
  "7.2.3.4-n",
  (trace) => slow(trace).filter(({ talk }) => talk.audience !== "everybody"),
  judge,
);
