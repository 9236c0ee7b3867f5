/** The annex in the form of an enabler test specification. */
import { annexOf, type IcsRow, type IxitRow } from "../annex.ts";
import { itemLink, scenarioLink } from "../links.ts";
import { html, type Content, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge } from "./words.ts";

export function annexMarkup({ input }: IndexedInput): Markup {
  const annex = annexOf(input);
  return html`<section id="annex" class="view">
    <h2 tabindex="-1">Annex: ICS, IXIT, applicability</h2>
    ${icsMarkup("Client ICS", annex.clientIcs)} ${icsMarkup("Server ICS", annex.serverIcs)}
    ${ixitMarkup("IXIT of the rig", annex.commonIxit)} ${ixitMarkup("Client IXIT", annex.clientIxit)}
    ${ixitMarkup("Server IXIT", annex.serverIxit)}
    <h3>ICS to test case mapping</h3>
    ${plainTable(
      ["Applicability", "Test cases"],
      annex.applicability.map(({ when, scenarios }) => [
        when === "" ? "mandatory features only: run with every implementation" : html`<code>${when}</code>`,
        html`<ul class="plain">
          ${scenarios.map(
            ({ id, name, verdict }) =>
              html`<li>${badge(verdict)} <a href="${scenarioLink(id)}">${name}</a></li>`,
          )}
        </ul>`,
      ]),
    )}
  </section>`;
}

function icsMarkup(title: string, rows: readonly IcsRow[]): Markup {
  if (rows.length === 0) return html``;
  return html`<details>
    <summary>${title} <span class="count">${rows.length}</span></summary>
    ${plainTable(
      ["ICS", "Description", "SCR reference", "Supported"],
      rows.map(({ ics, description, item, supported }) => [
        html`<code>${ics}</code>`,
        description,
        html`<a class="id" href="${itemLink(item)}">${item}</a>`,
        supported ? "yes" : "no",
      ]),
    )}
  </details>`;
}

function ixitMarkup(title: string, rows: readonly IxitRow[]): Markup {
  if (rows.length === 0) return html``;
  return html`<details open>
    <summary>${title} <span class="count">${rows.length}</span></summary>
    ${plainTable(
      ["IXIT", "Description", "Unit", "Value"],
      rows.map(({ ixit, description, unit, value }) => [
        html`<code>${ixit}</code>`,
        description,
        unit,
        value,
      ]),
    )}
  </details>`;
}

function plainTable(head: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return html`<table class="rows">
    <thead>
      <tr>
        ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, index) => html`<td data-label="${head[index]}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
