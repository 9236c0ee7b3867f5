/** 7.2.3.1, 7.2.3.3: what the switch lets through and what it refuses. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { certainRecipients } from "./deliveries.ts";
import { failuresOf, hadTime, hearsOfFailure, OF_SESSION } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { goodForEverybody, talks, type Talk } from "./switch-messages.ts";

/** Refusals that a good message may meet with for reasons that the trace does not tell. */
const OTHER_REASONS: ReadonlySet<number> = new Set([408, 413, 415, 423, 481, 506]);

function judgePassage(talk: Talk, expected: string, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { sent, token, others } = talk;
  const copies = others.flatMap((one) => copiesAt(one, token, trace));
  const [refusal] = failuresOf(sent);
  const evidence = [{ seq: sent.seq }, ...copies.slice(0, 1).map(({ seq }) => ({ seq }))];
  if (copies.length > 0) return { result: "pass", expected, actual: "it was sent to others", evidence };
  if (others.length === 0 || (refusal !== undefined && OTHER_REASONS.has(refusal))) return [];
  if (refusal !== undefined)
    return { result: "miss", expected, actual: `it was refused with ${refusal}`, evidence };
  if (!trace.complete || certainRecipients(talk, trace).length === 0) return [];
  return { result: "miss", expected, actual: "nobody received it", evidence };
}

export const rightSenderIsLetThrough = check<Talk>("7.2.3.1-3b", {
  trigger: goodForEverybody,
  judge: (talk, trace) =>
    judgePassage(talk, `a message with From <${talk.from ?? ""}>, the sender's, goes on`, trace),
});

export const sessionIsEverybody = check<Talk>("7.2.3.3-2-2", {
  trigger: (trace) => goodForEverybody(trace).filter(({ others }) => others.length > 1),
  judge: (talk, trace) =>
    judgePassage(talk, `a message to <${talk.to[0] ?? ""}> goes to everybody else in the session`, trace),
});

export const wrapperIsSupported = check<Talk>("7.2.3.1-1", {
  trigger: (trace) => talks(trace).filter(({ sent }) => sent.flag === "$"),
  judge: ({ sent }) => {
    const expected = "a message of type message/cpim is not refused because of its type";
    const isRefused = failuresOf(sent).includes(415);
    const evidence = [{ seq: sent.seq }];
    if (isRefused) return { result: "miss", expected, actual: "415", evidence };
    return sent.status === undefined
      ? []
      : { result: "pass", expected, actual: `response ${sent.status}`, evidence };
  },
});

/** Under a name that is not the sender's. */
const forged = (trace: ScenarioTrace): readonly Talk[] =>
  talks(trace).filter(
    ({ sent, fromIsOwn }) => fromIsOwn === false && sent.flag === "$" && hearsOfFailure(sent),
  );

function judgeRefusal(talk: Talk, expected: string, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { sent, token, others, sender } = talk;
  const [copy] = others.flatMap((one) => copiesAt(one, token, trace));
  const evidence = [{ seq: sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  if (copy !== undefined) return { result: "miss", expected, actual: "it was sent on", evidence };
  const failures = failuresOf(sent);
  if (failures.includes(403)) return { result: "pass", expected, actual: "403", evidence };
  const [other] = failures;
  if (other !== undefined && OF_SESSION.has(other)) return [];
  if (other !== undefined)
    return { result: "miss", expected, actual: `it was refused with ${other}`, evidence };
  if (!trace.complete || !hadTime(sent, trace, sender.untilAt)) return [];
  return { result: "miss", expected, actual: "it was not refused", evidence };
}

/** That it is refused, with whatever status, tells that From was looked at. */
function judgeComparison(talk: Talk, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { sent, token, others, from = "none", sender } = talk;
  const expected = `From <${from}> is not that of ${sender.user.actor}: the message does not go on`;
  const [copy] = others.flatMap((one) => copiesAt(one, token, trace));
  const [failure] = failuresOf(sent);
  const evidence = [{ seq: sent.seq }, ...(copy === undefined ? [] : [{ seq: copy.seq }])];
  if (copy !== undefined) return { result: "miss", expected, actual: "it was sent on", evidence };
  if (failure === undefined || OF_SESSION.has(failure)) return [];
  return { result: "pass", expected, actual: `it was refused with ${failure}`, evidence };
}

const wrongSender = ({ from }: Talk): string =>
  `403, in a response or in a report, for From <${from ?? "none"}>, which is not the sender's`;

export const senderIsCompared = check<Talk>("7.2.3.1-3a", { trigger: forged, judge: judgeComparison });

export const senderIsChecked = check<Talk>("7.2.3.3-1a", { trigger: forged, judge: judgeComparison });

export const wrongSenderIsRejected = check<Talk>("7.2.3.1-3c", {
  trigger: forged,
  judge: (talk, trace) => judgeRefusal(talk, wrongSender(talk), trace),
});

export const wrongSenderGets403 = check<Talk>("7.2.3.3-1b", {
  trigger: forged,
  judge: (talk, trace) => judgeRefusal(talk, wrongSender(talk), trace),
});

export const rulesOfTheSwitch = check<Talk>("7.2.3.3-0", {
  trigger: (trace) => [...forged(trace), ...goodForEverybody(trace)],
  judge: (talk, trace) =>
    talk.fromIsOwn === false
      ? judgeRefusal(talk, wrongSender(talk), trace)
      : judgePassage(talk, "a message under the name of its sender is let through", trace),
});
