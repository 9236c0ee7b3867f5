/** Checks of the flows in the appendices (informative): a statement is a numbered step of the figure, which may be several arrows. */
import type { ArrowComparison, FlowComparison } from "../trace/compare-flow.ts";
import type { FlowArrow } from "../trace/flow.ts";
import { stepInWords } from "../trace/flows/arrow-words.ts";
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
  const wordsOf = (arrow: FlowArrow): string => stepInWords(arrow, flow);
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
