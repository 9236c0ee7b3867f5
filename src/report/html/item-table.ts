/** SCR items as a table: as printed, corrections marked, verdict and evidence beside. */
import type { ItemResult } from "../../judge/results.ts";
import { clauseLink, itemLink } from "../links.ts";
import { countsInWords, reasonOf, referenceOf, type ScrTable } from "../tables.ts";
import { html, type Markup } from "./markup.ts";
import { badge, joined, verdictKey } from "./words.ts";

export function itemTable({ id, title, items }: ScrTable): Markup {
  return html`<section class="table-block" data-group>
    <h3 id="table-${id}"><span class="table-id">${id}</span> ${title}</h3>
    <table class="rows scr">
      <thead>
        <tr>
          <th scope="col">Item</th>
          <th scope="col">Function</th>
          <th scope="col">Reference</th>
          <th scope="col">Status</th>
          <th scope="col">Requirement</th>
          <th scope="col">Verdict</th>
          <th scope="col">Evidence</th>
        </tr>
      </thead>
      <tbody>
        ${items.map(itemRow)}
      </tbody>
    </table>
  </section>`;
}

function itemRow(item: ItemResult): Markup {
  const printed = item.printed?.id ?? item.id;
  const aside = item.verdict === "NOT RUN" || item.verdict === "NOT APPLICABLE";
  return html`<tr class="${aside && "aside"}" data-row data-verdict="${verdictKey(item.verdict)}">
    <th scope="row" data-label="Item">
      <a class="id" href="${itemLink(item.id)}">${item.id}</a>${
        printed !== item.id && html`<small class="printed">printed ${printed}</small>`
      }
    </th>
    <td data-label="Function">${item.function}</td>
    <td data-label="Reference">${referenceMarkup(item)}</td>
    <td data-label="Status">${statusMarkup(item)}</td>
    <td data-label="Requirement">${requirementMarkup(item)}</td>
    <td data-label="Verdict">${badge(item.verdict)}</td>
    <td data-label="Evidence" class="evidence">${reasonOf(item)}<small>${countsInWords(item)}</small></td>
  </tr>`;
}

/** A corrected reference shows both; the printed one is what a reader finds in the document. */
export function referenceMarkup(item: ItemResult): Markup {
  const { printed, corrected } = referenceOf(item);
  const clauses = joined(
    item.clause.corrected.map((clause) => html`<a href="${clauseLink(clause)}">${clause}</a>`),
  );
  if (corrected === undefined) return clauses;
  return html`<span class="corrected" title="${item.correction}"
    ><del>${printed}</del> <ins>${clauses}</ins></span
  >`;
}

/** The document mixes Latin and Cyrillic letters and zeros; they look alike and are shown as the letter they stand for. */
export function statusMarkup({ status, printed }: ItemResult): Markup {
  if (printed === undefined || printed.status === status) return html`${status}`;
  const code = Array.from(
    printed.status,
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return html`<span class="corrected" title="printed as ${code.join(" ")}"
    >${status}<sup aria-hidden="true">†</sup></span
  >`;
}

export function requirementMarkup({ requirement }: ItemResult): Markup {
  if (requirement === undefined) return html``;
  if (requirement.dangling.length === 0) return html`<code>${requirement.expression}</code>`;
  const title = `${requirement.dangling.join(", ")}: no such item in the document`;
  return html`<code class="corrected" title="${title}"
    >${requirement.expression}<sup aria-hidden="true">†</sup></code
  >`;
}
