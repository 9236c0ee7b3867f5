/** The page of an SCR item: its row, why it has its verdict, its statements and scenarios. */
import type { ItemResult } from "../../judge/results.ts";
import { countsInWords } from "../tables.ts";
import { referenceMarkup, requirementMarkup, statusMarkup } from "./item-table.ts";
import { html, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { scenarioTable } from "./scenario-list.ts";
import { statementTable } from "./statement-view.ts";
import { badge, facts, roleInWords } from "./words.ts";

export function itemMarkup(item: ItemResult, { statement, scenario }: IndexedInput): Markup {
  const statements = item.statements.flatMap((id) => statement.get(id) ?? []);
  const scenarios = item.scenarios.flatMap((id) => scenario.get(id) ?? []);
  return html`<p class="crumbs"><a href="#overview">SCR tables</a> ${item.table} ${item.tableTitle}</p>
    <h2 tabindex="-1"><span class="id">${item.id}</span> ${badge(item.verdict)}</h2>
    <p class="says">${item.function}</p>
    <ul class="reasons">
      ${item.reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    ${facts([
      ["Reference", referenceMarkup(item)],
      ["Correction", item.correction],
      ["Status", statusMarkup(item)],
      ["Requirement", requirementMarkup(item)],
      ["Exists nowhere", item.requirement?.dangling.join(", ")],
      ["Speaks to", roleInWords(item.role)],
      ["Declared (ICS)", item.supported ? "supported" : "not supported"],
      ["Statements", countsInWords(item)],
      ["Run just this", html`<code>scrim run --sut FILE ${item.id}</code>`],
    ])}
    <h3>Statements</h3>
    ${statements.length > 0 ? statementTable(statements) : html`<p class="nothing">No statement belongs to this item.</p>`}
    <h3>Scenarios</h3>
    ${scenarios.length > 0 ? scenarioTable(scenarios) : html`<p class="nothing">No scenario gave evidence.</p>`}`;
}
