/**
 * `index.html`: one file that opens from disk and asks nothing of a network. The lists stand in the page; what they lead to is packed and
 * costs next to nothing until it is shown.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { reportHead } from "../head.ts";
import { clauseLink, itemLink, scenarioLink, statementLink } from "../links.ts";
import type { ReportInput } from "../model.ts";
import { annexMarkup } from "./annex-view.ts";
import { itemMarkup } from "./item-view.ts";
import { html, type Markup } from "./markup.ts";
import { headMarkup, overviewMarkup } from "./overview.ts";
import { packedView } from "./packed.ts";
import { indexed, type IndexedInput } from "./record.ts";
import { scenariosMarkup } from "./scenario-list.ts";
import { scenarioMarkup } from "./scenario-view.ts";
import { clauseMarkup, statementMarkup, statementsMarkup } from "./statement-view.ts";

const style = readFileSync(new URL("style.css", import.meta.url), "utf8");
const script = readFileSync(new URL("browse.js", import.meta.url), "utf8");

/** Nothing but the page's own script and style may act, should the escaping ever fail. */
const policy = [
  "default-src 'none'",
  `script-src '${digestOf(script)}'`,
  `style-src '${digestOf(style)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Takes out no credentials: that is done before. Throws `NoRunError` for a record without an opening event. */
export function pageHtml(input: ReportInput): string {
  const record = indexed(input);
  const { product, version } = reportHead(input);
  const body = html`<body>
    ${headMarkup(record)}
    <nav class="tabs" aria-label="Report">
      <a href="#overview">SCR tables</a>
      <a href="#statements">Statements <span class="count">${input.statements.length}</span></a>
      <a href="#scenarios">Scenarios <span class="count">${input.scenarios.length}</span></a>
      <a href="#annex">ICS and IXIT</a>
      <button type="button" id="theme" aria-label="Change between light and dark">◐</button>
    </nav>
    <noscript
      ><p class="noscript">
        Details of items, statements and scenarios need scripts; the tables do not.
      </p></noscript
    >
    <main>
      ${overviewMarkup(record)} ${statementsMarkup(record)} ${scenariosMarkup(record)} ${annexMarkup(record)}
      <section id="detail" class="view" aria-live="polite" hidden></section>
    </main>
    ${cannotUnpack()} ${templatesOf(record)}
  </body> `;
  const title = html`<title>${product} ${version}: SIMPLE IM conformance</title>`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
    title.toString(),
    `<style>${style}</style></head>`,
    body.toString(),
    `<script>${script}</script></body></html>\n`,
  ].join("\n");
}

/** What a browser shows that has no DecompressionStream, or a page that was damaged on its way. */
function cannotUnpack(): Markup {
  return html`<template id="cannot-unpack">
    <h2 tabindex="-1">This view cannot be unpacked here</h2>
    <p class="says">
      The details of this report are packed, and this browser does not unpack them: Chrome and Edge 80,
      Firefox 113, Safari 16.4 and later do. If yours is one of these, the file was damaged;
      <code>scrim report RUN</code> writes it again. Verdicts and tables stand in <code>scr.md</code>,
      everything else in <code>report.json</code> and <code>run.ndjson</code> beside this file.
    </p>
  </template>`;
}

function templatesOf(record: IndexedInput): readonly Markup[] {
  const { input } = record;
  const items = [...input.scr, ...input.general];
  const clauses = new Set([
    ...items.flatMap((item) => item.clause.corrected),
    ...input.statements.map(({ clause }) => clause),
  ]);
  return [
    ...items.map((item) => packedView(itemLink(item.id), itemMarkup(item, record))),
    ...input.statements.map((one) => packedView(statementLink(one.id), statementMarkup(one, record))),
    ...[...clauses].map((clause) => packedView(clauseLink(clause), clauseMarkup(clause, record))),
    ...input.scenarios.map((one) => packedView(scenarioLink(one.id), scenarioMarkup(one, record))),
  ];
}

function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
