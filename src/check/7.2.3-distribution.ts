/** 7.2.3.1, 7.2.3.3: a message for everybody in a session reaches every other participant, once, as it was sent. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { check, type Check } from "./check.ts";
import { judgeArrival, judgeBody, judgeCopy, ofEachMessage } from "./copies.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import { copiesAt } from "./session-tokens.ts";
import { goodForEverybody, type Talk } from "./switch-messages.ts";

const forEverybody = (trace: ScenarioTrace): readonly Delivery[] =>
  deliveries(trace).filter(({ talk }) => talk.audience === "everybody");

const arrived = (trace: ScenarioTrace): readonly Delivery[] =>
  forEverybody(trace).filter(({ copies: [copy] }) => copy?.flag === "$");

export const messagesAreDistributed = ofEachMessage("7.2.3.1-5", forEverybody, judgeArrival);

/** Twice in one session is once too often; after a session was made anew it may be. */
function isDoubled(copies: readonly SessionMessage[]): boolean {
  const ends = copies.filter(({ flag }) => flag === "$").map(({ from, to }) => `${from} ${to}`);
  return new Set(ends).size < ends.length;
}

const onceToEach = ofEachMessage("7.2.3.3-2b", forEverybody, (delivery, trace) =>
  isDoubled(delivery.copies)
    ? outcomeOf(
        "miss",
        delivery,
        `the message is sent to ${delivery.recipient.user.actor} once`,
        `it was sent ${delivery.copies.length} times`,
      )
    : judgeArrival(delivery, trace),
);

const notToTheSender = check<Talk>("7.2.3.3-2b", {
  trigger: goodForEverybody,
  judge: ({ sender, sent, token, others }, trace) => {
    const copies = copiesAt(sender, token, trace);
    const expected = `the message is not sent to ${sender.user.actor}, who sent it`;
    const evidence = [{ seq: sent.seq }, ...copies.map(({ seq }) => ({ seq }))];
    if (copies.length > 0) return { result: "miss", expected, actual: "it was sent back", evidence };
    // That it came to others tells that the server is done with it.
    const isProven = trace.complete && others.some((one) => copiesAt(one, token, trace).length > 0);
    return isProven ? { result: "pass", expected, actual: "it was not", evidence } : [];
  },
});

export const everyParticipantButTheSender: Check = {
  ...onceToEach,
  run: (trace) => [...onceToEach.run(trace), ...notToTheSender.run(trace)],
};

export const sentIsCopied = ofEachMessage("7.2.3.3-2b-1", arrived, judgeCopy);

export const bodiesAreNotModified = ofEachMessage("7.2.3.3-2b-2", arrived, judgeBody);
