/** Checks of the flows in the appendices (informative): a statement is a numbered step of the figure, which may be several arrows. */
import type { ArrowComparison, FlowComparison } from "../trace/compare-flow.ts";
import type { FlowArrow } from "../trace/flow.ts";
import { playedFlow, type FlowName } from "../trace/flows/played-flows.ts";
import { check, type Check, type Outcome } from "./check.ts";

export function flowStep(flow: FlowName, statement: string): Check {
  return check<FlowComparison>(statement, {
    trigger: (trace) => {
      const comparison = playedFlow(flow, trace);
      return comparison === undefined || applying(comparison, statement).length === 0 ? [] : [comparison];
    },
    judge: (comparison) => outcomeOf(comparison, applying(comparison, statement)),
  });
}

/** Arrows whose condition holds, and whose participants are there. */
function applying({ arrows }: FlowComparison, statement: string): readonly ArrowComparison[] {
  return arrows.filter(
    ({ arrow, status }) => (arrow.step ?? arrow.id) === statement && status !== "not-applicable",
  );
}

function outcomeOf({ flow }: FlowComparison, arrows: readonly ArrowComparison[]): Outcome {
  const wordsOf = ({ from, to, request, response, carries }: FlowArrow): string => {
    const name = (id: string): string => flow.participants.find((one) => one.id === id)?.name ?? id;
    const what = carries === undefined ? request : `${request ?? ""} with ${CARRIED[carries]}`;
    return `${what ?? response ?? ""} from ${name(from)} to ${name(to)}`;
  };
  const expected = arrows.map(({ arrow }) => wordsOf(arrow)).join("; ");
  const evidence = arrows.flatMap(({ seqs }) => seqs.map((seq) => ({ seq })));
  const different = arrows.filter(({ status }) => status !== "matched");
  const actual =
    different.length === 0
      ? "seen, in this order"
      : different.map(({ arrow, status, says }) => `${wordsOf(arrow)}: ${says ?? status}`).join("; ");
  const base = { expected, actual, evidence };
  if (different.length === 0) return { result: "pass", ...base };
  return different.every(({ status }) => status === "unseen")
    ? { result: "noted", ...base, note: "it stays within the server, where nobody can see it" }
    : { result: "miss", ...base };
}

const CARRIED: Readonly<Record<NonNullable<FlowArrow["carries"]>, string>> = {
  message: "the message",
  notification: "a delivery notification",
  "full-state": "all participants",
  "partial-state": "those who changed",
};
