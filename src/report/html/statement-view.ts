/** Statements: the list of all, the page of one, the page of a clause. */
import type { StatementResult } from "../../judge/results.ts";
import { clauseLink, itemLink, scenarioLink, statementLink } from "../links.ts";
import { plural } from "../summary.ts";
import { filterBar } from "./filter-bar.ts";
import { findingsMarkup } from "./findings.ts";
import { html, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge, facts, joined, levelMark, roleInWords, verdictKey, type AnyVerdict } from "./words.ts";

const VERDICTS: readonly AnyVerdict[] = [
  "fail",
  "error",
  "inconclusive",
  "warn",
  "pass",
  "noted",
  "not exercised",
  "not applicable",
  "excluded",
  "waiting",
];

export function statementsMarkup({ input }: IndexedInput): Markup {
  const present = VERDICTS.filter((verdict) =>
    input.statements.some((statement) => statement.verdict === verdict),
  );
  return html`<section id="statements" class="view">
    <h2 tabindex="-1">Statements</h2>
    ${filterBar("Find a statement, clause or word", present)} ${statementTable(input.statements)}
  </section>`;
}

export function statementTable(statements: readonly StatementResult[]): Markup {
  return html`<table class="rows statements" data-group>
    <thead>
      <tr>
        <th scope="col">Statement</th>
        <th scope="col">Level</th>
        <th scope="col">Says</th>
        <th scope="col">Verdict</th>
        <th scope="col">Seen</th>
      </tr>
    </thead>
    <tbody>
      ${statements.map(statementRow)}
    </tbody>
  </table>`;
}

function statementRow(statement: StatementResult): Markup {
  const { id, level, role, says, verdict } = statement;
  return html`<tr data-row data-verdict="${verdictKey(verdict)}">
    <th scope="row" data-label="Statement"><a class="id" href="${statementLink(id)}">${id}</a></th>
    <td data-label="Level">${levelMark(level)}</td>
    <td data-label="Says">${says}<small>${roleInWords(role)}</small></td>
    <td data-label="Verdict">${badge(verdict)}</td>
    <td data-label="Seen" class="evidence">${seenMarkup(statement)}</td>
  </tr>`;
}

function seenMarkup({ verdict, actual, note, disposition, scenarios, evidence }: StatementResult): Markup {
  if (disposition.kind === "excluded") return html`${disposition.note}`;
  if (disposition.kind === "waiting") return html`waits for ${disposition.for}`;
  const first = evidence[0];
  const plain = verdict === "pass" || verdict === "not exercised" || verdict === "not applicable";
  return html`${!plain && (actual ?? note)}
  ${
    first !== undefined
      ? html`<a href="${scenarioLink(first.scenario, first.seq)}"
          >${plain ? `in ${plural(scenarios.length, "scenario")}` : "the message"}</a
        >`
      : scenarios.length > 0 && `in ${plural(scenarios.length, "scenario")}`
  }`;
}

export function statementMarkup(statement: StatementResult, indexed: IndexedInput): Markup {
  const { id, clause, level, role, says, disposition, items, verdict } = statement;
  return html`<p class="crumbs">
      <a href="#statements">Statements</a> <a href="${clauseLink(clause)}">clause ${clause}</a>
    </p>
    <h2 tabindex="-1"><span class="id">${id}</span> ${badge(verdict)}</h2>
    <p class="says">${levelMark(level)} ${says}</p>
    ${facts([
      ["Clause", html`<a href="${clauseLink(clause)}">${clause}</a>`],
      ["Speaks to", roleInWords(role)],
      ["Belongs to", joined(items.map((item) => html`<a class="id" href="${itemLink(item)}">${item}</a>`))],
      ["Check", disposition.kind === "bound" ? html`<code>${disposition.check}</code>` : undefined],
      [
        "Excluded",
        disposition.kind === "excluded"
          ? `${disposition.because.replaceAll("-", " ")}: ${disposition.note}`
          : undefined,
      ],
      ["Waits for", disposition.kind === "waiting" ? disposition.for : undefined],
      ["Run just this", html`<code>scrim run --sut FILE ${id}</code>`],
    ])}
    <h3>Findings</h3>
    ${findingsMarkup(indexed.findingsOfStatement(id), indexed, "scenario")}`;
}

export function clauseMarkup(clause: string, indexed: IndexedInput): Markup {
  const { input } = indexed;
  const items = [...input.scr, ...input.general].filter((item) => item.clause.corrected.includes(clause));
  const statements = input.statements.filter((statement) => statement.clause === clause);
  return html`<p class="crumbs"><a href="#statements">Statements</a></p>
    <h2 tabindex="-1">Clause ${clause}</h2>
    ${facts([["SCR items", joined(items.map(({ id }) => html`<a class="id" href="${itemLink(id)}">${id}</a>`))]])}
    ${statements.length > 0 ? statementTable(statements) : html`<p>No statement of this clause is in the register.</p>`}`;
}
