/** What a flow of the specification draws and what was observed, side by side, with the first difference marked. */
import type { ArrowComparison, ArrowStatus, FlowComparison } from "../../trace/compare-flow.ts";
import { isArrow, type Flow } from "../../trace/flow.ts";
import { stepInWords } from "../../trace/flows/arrow-words.ts";
import { FLOW_NAMES, playedFlow } from "../../trace/flows/played-flows.ts";
import type { ScenarioTrace } from "../../trace/scenario-trace.ts";
import { scenarioLink, statementLink } from "../links.ts";
import { html, type Markup } from "./markup.ts";

/** Those that the scenario was written for. */
export function flowsMarkup(purpose: readonly string[], trace: ScenarioTrace): readonly Markup[] {
  return FLOW_NAMES.filter((name) => purpose.some((statement) => statement.startsWith(`${name}-`))).map(
    (name) => {
      const comparison = playedFlow(name, trace);
      return comparison === undefined
        ? html`<h3>Flow ${name}</h3>
            <p class="nothing">The scenario did not come to where the flow begins.</p>`
        : flowMarkup(comparison, trace);
    },
  );
}

function flowMarkup(comparison: FlowComparison, trace: ScenarioTrace): Markup {
  const { flow, firstDifference } = comparison;
  const says =
    firstDifference === undefined
      ? "What was observed agrees with what is drawn."
      : `The first difference: ${stepInWords(firstDifference.arrow, flow)}.`;
  return html`<h3>Flow ${flow.flow}: ${flow.title}</h3>
    <p>${says}</p>
    <table class="rows flow">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Drawn</th>
          <th scope="col">Observed</th>
        </tr>
      </thead>
      <tbody>
        ${flow.steps.map((step) => stepRow(step, comparison, trace))}
      </tbody>
    </table>`;
}

function stepRow(
  step: Flow["steps"][number],
  { flow, arrows, firstDifference }: FlowComparison,
  trace: ScenarioTrace,
): Markup {
  const compared = isArrow(step) ? arrows.find(({ arrow }) => arrow === step) : undefined;
  const isFirst = compared !== undefined && compared === firstDifference;
  return html`<tr class="${isFirst && "first-difference"}">
    <th scope="row" data-label="Step">${numberOf(step)}</th>
    <td data-label="Drawn">${stepInWords(step, flow)}</td>
    <td data-label="Observed">
      ${compared === undefined ? "by itself, unseen" : observed(compared, trace)}
      ${isFirst && html`<strong>first difference</strong>`}
    </td>
  </tr>`;
}

/** Entries without a number of the specification have no statement. */
function numberOf(step: Flow["steps"][number]): Markup | string {
  if (isArrow(step) && step.unnumbered) return "";
  const statement = step.step ?? step.id;
  return html`<a class="id" href="${statementLink(statement)}">${statement}</a>`;
}

const IN_WORDS: Readonly<Record<ArrowStatus, string>> = {
  matched: "as drawn",
  missing: "missing",
  differs: "otherwise",
  disordered: "out of order",
  unseen: "within one node, unseen",
  absent: "not seen, and need not be",
  "not-applicable": "does not apply here",
};

function observed({ status, seqs, says }: ArrowComparison, trace: ScenarioTrace): Markup {
  const words = says === undefined ? IN_WORDS[status] : `${IN_WORDS[status]}: ${says}`;
  const [seq] = seqs;
  return seq === undefined
    ? html`${words}`
    : html`<a href="${scenarioLink(trace.opened.scenario, seq)}">${words}</a>`;
}
