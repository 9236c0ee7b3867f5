/** The first page: what was tested, what was found, the SCR tables. */
import type { ItemResult, ItemVerdict } from "../../judge/results.ts";
import { defectsOf } from "../defects.ts";
import { reportHead } from "../head.ts";
import { itemLink, statementLink } from "../links.ts";
import type { ReportInput } from "../model.ts";
import { ITEM_VERDICTS, plural, summarise, type Nonconformity } from "../summary.ts";
import { isIdle, tablesOf, type ScrTable } from "../tables.ts";
import { filterBar } from "./filter-bar.ts";
import { itemTable } from "./item-table.ts";
import { html, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge, durationInWords, facts, verdictKey } from "./words.ts";

export function headMarkup({ input }: IndexedInput): Markup {
  const head = reportHead(input);
  return html`<header class="masthead">
    <p class="kicker">SIMPLE IM 1.0 conformance of</p>
    <h1>${head.product} <span class="version">${head.version}</span></h1>
    ${facts([
      ["Tested as", head.roles.join("; ")],
      ["Judged against", head.document],
      ["Selection", head.selection.join(", ") || "everything"],
      [
        "Date",
        html`<time datetime="${head.startedAt}">${head.startedAt.slice(0, 16).replace("T", " ")} UTC</time>`,
      ],
      ["Run", `${head.completion}, ${durationInWords(head.durationMs)}`],
      ["Vendor", head.vendor],
      ["Tester", head.tester],
      ["Scrim", head.virtual ? `${head.scrim}, simulated network, seed ${head.seed}` : head.scrim],
    ])}
  </header>`;
}

export function overviewMarkup(indexed: IndexedInput): Markup {
  const { input } = indexed;
  const tables = tablesOf(input.scr);
  const present = ITEM_VERDICTS.filter((verdict) =>
    [...input.scr, ...input.general].some((item) => item.verdict === verdict),
  );
  const idle = tables.filter(isIdle);
  return html`<section id="overview" class="view" aria-labelledby="found">
    ${foundMarkup(indexed)} ${filterBar("Find an item, clause or word", present)}
    ${tables.filter((table) => !isIdle(table)).map(itemTable)}
    ${
      input.general.length > 0 &&
      itemTable({ id: "General", title: "statements that no SCR item references", items: input.general })
    }
    ${idle.length > 0 && idleMarkup(idle)} ${readingsMarkup(indexed)}
  </section>`;
}

function idleMarkup(tables: readonly ScrTable[]): Markup {
  const items = tables.flatMap((table) => table.items);
  const first = tables[0]?.id;
  const last =
    tables.length > 1
      ? `, ${tables
          .slice(1)
          .map(({ id }) => id)
          .join(", ")}`
      : "";
  return html`<details class="idle">
    <summary>
      Nothing was judged of ${plural(tables.length, "more table")}, ${plural(items.length, "item")}
      <small>${first}${last}</small>
    </summary>
    ${tables.map(itemTable)}
  </details>`;
}

function foundMarkup({ input, statement }: IndexedInput): Markup {
  const { headline, tone, qualifications, nonconformities } = summarise(input);
  return html`<section class="found ${tone}">
    <h2 id="found" tabindex="-1">${headline}</h2>
    <p class="scope">${scopeInWords(input)}</p>
    ${verdictsMarkup(input)}
    ${
      nonconformities.length > 0 &&
      html`<ul class="nonconformities">
        ${nonconformities.map((one) => nonconformityMarkup(one, statement))}
      </ul>`
    }
    ${
      qualifications.length > 0 &&
      html`<ul class="qualifications">
        ${qualifications.map((one) => html`<li>${one}</li>`)}
      </ul>`
    }
  </section>`;
}

const JUDGED: readonly ItemVerdict[] = ["FAIL", "INCONCLUSIVE", "PARTIAL", "PASS"];

function judgedOf(items: readonly ItemResult[]): readonly ItemResult[] {
  return items.filter(({ verdict }) => JUDGED.includes(verdict));
}

function scopeInWords({ scr, general, scenarios }: ReportInput): string {
  const ran = scenarios.filter(({ verdict }) => verdict !== "not-run").length;
  const items = `${judgedOf(scr).length} of ${plural(scr.length, "SCR item")}`;
  const others =
    general.length > 0 ? ` and ${judgedOf(general).length} of ${plural(general.length, "General item")}` : "";
  return `${items}${others} judged in ${plural(ran, "scenario")}. Choose an item to see its statements, a statement to see where it was met or not, down to the message.`;
}

/** What was judged, each verdict a way to its rows; the rest is only counted. */
function verdictsMarkup({ scr, general }: ReportInput): Markup {
  const all = [...scr, ...general];
  return html`<p class="verdict-counts">
    ${JUDGED.map((verdict) => ({ verdict, count: all.filter((item) => item.verdict === verdict).length }))
      .filter(({ count }) => count > 0)
      .map(
        ({ verdict, count }) =>
          html`<a href="#overview?verdict=${verdictKey(verdict)}">${badge(verdict)} ${count}</a> `,
      )}
  </p>`;
}

/** Of an item the statements that it fails by are told, as far as the reader needs them to know what to mend. */
function nonconformityMarkup(one: Nonconformity, statement: IndexedInput["statement"]): Markup {
  const known = one.statements.flatMap((id) => statement.get(id) ?? []);
  const link = one.kind === "item" ? itemLink(one.id) : statementLink(one.id);
  return html`<li>
    <a class="id" href="${link}">${one.id}</a> <span>${one.title}</span>${
      one.kind === "statement" || known.length === 0
        ? html`<em>${one.says}</em>`
        : known.map(
            ({ id, says, expected, actual }) =>
              html`<div class="why">
                <a class="id" href="${statementLink(id)}">${id}</a> ${says}.
                <em>Expected ${expected}; seen ${actual}</em>
              </div>`,
          )
    }
  </li>`;
}

function readingsMarkup({ input }: IndexedInput): Markup {
  const excluded = input.statements.filter(({ disposition }) => disposition.kind === "excluded");
  const notes = input.events.filter((event) => event.type === "noted");
  const readings = input.readings ?? [];
  const defects = defectsOf(input);
  return html`<section class="aside-lists">
    <h2>What stands beside the verdicts</h2>
    ${list(
      "Readings accepted",
      readings.map(({ name, reading, says }) => html`<b>${name}</b>: ${reading}. ${says}`),
    )}
    ${list(
      "Statements excluded",
      excluded.map(
        ({ id, disposition }) =>
          html`<b>${id}</b>
            ${disposition.kind === "excluded" && `${disposition.because.replaceAll("-", " ")}: ${disposition.note}`}`,
      ),
    )}
    ${list(
      "Defects of the specification",
      defects.map(({ at, says }) => html`<b>${at}</b> ${says}`),
    )}
    ${list(
      "What Scrim noticed",
      notes.map(({ about, text }) => html`<b>${about}</b> ${text}`),
    )}
  </section>`;
}

function list(title: string, entries: readonly Markup[]): Markup {
  if (entries.length === 0) return html``;
  return html`<details>
    <summary>${title} <span class="count">${entries.length}</span></summary>
    <ul>
      ${entries.map((entry) => html`<li>${entry}</li>`)}
    </ul>
  </details>`;
}
