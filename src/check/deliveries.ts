/** Messages that the switch took, for each participant whom they are for and whom nothing kept from them (7.2.3.3, 7.2.3.4). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import type { Outcome } from "./check.ts";
import type { Participant } from "./conference.ts";
import { memo } from "./memo.ts";
import { failuresOf, hadTime, isBound, limitOf, sizeOf } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { isKnown, misbehaves, talks, type Talk } from "./switch-messages.ts";

export interface Delivery {
  readonly talk: Talk;
  readonly recipient: Participant;
  /** What of it came, whole or not. */
  readonly copies: readonly SessionMessage[];
}

export const deliveries = memo((trace: ScenarioTrace): readonly Delivery[] =>
  talks(trace).flatMap((talk) => {
    if (!isTaken(talk, trace)) return [];
    return recipientsOf(talk)
      .filter((one) => mayTake(one, talk, trace))
      .map((recipient) => ({ talk, recipient, copies: copiesAt(recipient, talk.token, trace) }))
      .filter(({ recipient, copies }) => copies.length > 0 || hadTime(talk.sent, trace, recipient.untilAt));
  }),
);

/** Whom it is for: nobody, where the trace does not tell. */
export function recipientsOf({ audience, others, sender }: Talk): readonly Participant[] {
  if (audience === "strangers") return [];
  return audience === "everybody" ? others : audience.filter(({ user }) => user.node !== sender.user.node);
}

/** With 200, and with no word of failure but that it is too large for somebody. */
export function isTaken({ sent, fromIsOwn, others }: Talk, trace: ScenarioTrace): boolean {
  const failures = failuresOf(sent);
  const isLarge = others.some((one) => isTooLargeFor(one, sent, trace));
  const isTold = failures.every((status) => status === 413 && isLarge);
  const responses = sent.chunks.every(
    ({ response }) => response === undefined || response.head.status === 200,
  );
  return sent.flag === "$" && fromIsOwn === true && sent.status !== undefined && responses && isTold;
}

export function isTooLargeFor(one: Participant, sent: SessionMessage, trace: ScenarioTrace): boolean {
  const [limit, size] = [limitOf(one, trace), sizeOf(sent)];
  return typeof limit === "number" && size !== undefined && size > limit;
}

/** Its MSRP session was bound before, and takes messages of that size. */
function mayTake(one: Participant, { sent }: Talk, trace: ScenarioTrace): boolean {
  const takesPart = isKnown(one, sent.seq) && isBound(one, sent.seq, trace);
  if (!takesPart || misbehaves(one, trace)) return false;
  const limit = limitOf(one, trace);
  const size = sizeOf(sent);
  return limit === undefined || (limit !== "unclear" && size !== undefined && size <= limit);
}

/** Those of whom it is certain that the message had to be there, and that there was time for it before they left. */
export function certainRecipients(talk: Talk, trace: ScenarioTrace): readonly Participant[] {
  return recipientsOf(talk).filter(
    (one) => mayTake(one, talk, trace) && hadTime(talk.sent, trace, one.untilAt),
  );
}

export function outcomeOf(
  result: "pass" | "miss" | "inconclusive",
  { talk, copies: [copy] }: Delivery,
  expected: string,
  actual: string,
): Outcome {
  const evidence = [{ seq: talk.sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  return { result, expected, actual, evidence, ...(result === "inconclusive" ? { note: actual } : {}) };
}
