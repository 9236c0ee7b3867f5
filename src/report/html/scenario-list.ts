import type { ScenarioResult } from "../../judge/results.ts";
import { scenarioLink } from "../links.ts";
import { filterBar } from "./filter-bar.ts";
import { html, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge, durationInWords, verdictKey, type AnyVerdict } from "./words.ts";

const VERDICTS: readonly AnyVerdict[] = ["fail", "error", "inconclusive", "warn", "pass", "noted", "not-run"];

export function scenariosMarkup({ input }: IndexedInput): Markup {
  const present = VERDICTS.filter((verdict) =>
    input.scenarios.some((scenario) => scenario.verdict === verdict),
  );
  const features = new Set(input.scenarios.map(({ feature }) => feature));
  return html`<section id="scenarios" class="view">
    <h2 tabindex="-1">Scenarios</h2>
    ${filterBar("Find a scenario, statement, tag or feature", present)}
    ${[...features].map((feature) =>
      featureMarkup(
        feature,
        input.scenarios.filter((scenario) => scenario.feature === feature),
      ),
    )}
  </section>`;
}

function featureMarkup(feature: string, scenarios: readonly ScenarioResult[]): Markup {
  return html`<section class="table-block" data-group>
    <h3>${feature} <span class="count">${scenarios.length}</span></h3>
    ${scenarioTable(scenarios)}
  </section>`;
}

/** A scenario's feature is told by what stands above the table; its tags are there to be found by. */
export function scenarioTable(scenarios: readonly ScenarioResult[]): Markup {
  const reasoned = scenarios.some(({ reason }) => reason !== undefined);
  return html`<table class="rows scenarios">
    <thead>
      <tr>
        <th scope="col">Scenario</th>
        <th scope="col">Rule</th>
        <th scope="col">Verdict</th>
        ${reasoned && html`<th scope="col">Reason</th>`}
        <th scope="col">Took</th>
      </tr>
    </thead>
    <tbody>
      ${scenarios.map((scenario) => scenarioRow(scenario, reasoned))}
    </tbody>
  </table>`;
}

function scenarioRow(scenario: ScenarioResult, reasoned: boolean): Markup {
  const { id, name, rule, feature, tags, verdict, reason, durationMs } = scenario;
  return html`<tr data-row data-verdict="${verdictKey(verdict)}" data-words="${feature}">
    <th scope="row" data-label="Scenario">
      <a href="${scenarioLink(id)}">${name}</a><small class="tags">${tags.join(" ")}</small>
    </th>
    <td data-label="Rule" class="evidence">${rule ?? feature}</td>
    <td data-label="Verdict">${badge(verdict)}</td>
    ${reasoned && html`<td data-label="Reason" class="evidence">${reason}</td>`}
    <td data-label="Took" class="number">${durationInWords(durationMs)}</td>
  </tr>`;
}
