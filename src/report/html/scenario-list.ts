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
  return html`<section id="scenarios" class="view">
    <h2 tabindex="-1">Scenarios</h2>
    ${filterBar("Find a scenario, tag or feature", present)} ${scenarioTable(input.scenarios)}
  </section>`;
}

export function scenarioTable(scenarios: readonly ScenarioResult[]): Markup {
  return html`<table class="rows scenarios" data-group>
    <thead>
      <tr>
        <th scope="col">Scenario</th>
        <th scope="col">Feature</th>
        <th scope="col">Verdict</th>
        <th scope="col">Reason</th>
        <th scope="col">Took</th>
      </tr>
    </thead>
    <tbody>
      ${scenarios.map(scenarioRow)}
    </tbody>
  </table>`;
}

function scenarioRow({ id, name, rule, feature, tags, verdict, reason, durationMs }: ScenarioResult): Markup {
  return html`<tr data-row data-verdict="${verdictKey(verdict)}">
    <th scope="row" data-label="Scenario">
      <a href="${scenarioLink(id)}">${name}</a><small class="tags">${tags.join(" ")}</small>
    </th>
    <td data-label="Feature">${feature}${rule !== undefined && html`<small>${rule}</small>`}</td>
    <td data-label="Verdict">${badge(verdict)}</td>
    <td data-label="Reason" class="evidence">${reason}</td>
    <td data-label="Took" class="number">${durationInWords(durationMs)}</td>
  </tr>`;
}
