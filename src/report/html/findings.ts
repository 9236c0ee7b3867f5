/**
 * Findings as they stand on the page of a scenario or of a statement. What offends, and what the scenario was written for, is told in full;
 * what was seen in passing and found good (by far the most) is a line in a folded table. Equal findings are told once.
 */
import type { FindingMade } from "../../trace/event.ts";
import { scenarioLink, statementLink } from "../links.ts";
import { plural } from "../summary.ts";
import { html, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge, facts, joined } from "./words.ts";

/** What the findings are headed with; the subject of the page itself is left out. */
export type HeadedBy = "scenario" | "statement";

const WORST_FIRST = ["fail", "error", "inconclusive", "warn", "noted", "pass"];

export function findingsMarkup(
  findings: readonly FindingMade[],
  indexed: IndexedInput,
  by: HeadedBy,
): Markup {
  if (findings.length === 0) return html`<p class="nothing">No finding.</p>`;
  const inPassing = findings.filter(isInPassing);
  const told = findings
    .filter((finding) => !isInPassing(finding))
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const alike = grouped(told, (finding) => [finding[by], finding.purpose, ...contentOf(finding)]);
  return html`${alike.map((group) => groupMarkup(group, indexed, by))}
  ${inPassing.length > 0 && inPassingMarkup(inPassing, indexed, by, told.length === 0)}`;
}

/** Good, and in a scenario that was not written for it. */
export function isInPassing({ purpose, items, verdict }: FindingMade): boolean {
  const ofEveryMessage = items.includes("GEN-SIP");
  return (!purpose || ofEveryMessage) && (verdict === "pass" || verdict === "noted");
}

/** Groups in the order in which their first came; none is empty. */
function grouped(
  findings: readonly FindingMade[],
  key: (finding: FindingMade) => readonly unknown[],
): readonly Group[] {
  const groups = new Map<string, FindingMade[]>();
  for (const finding of findings) {
    const name = JSON.stringify(key(finding));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((all) => (all[0] === undefined ? [] : [{ first: all[0], all }]));
}

interface Group {
  readonly first: FindingMade;
  readonly all: readonly FindingMade[];
}

function contentOf({ verdict, blame, expected, actual, note }: FindingMade): readonly unknown[] {
  return [verdict, blame, expected, actual, note];
}

function groupMarkup({ first, all }: Group, indexed: IndexedInput, by: HeadedBy): Markup {
  const { verdict, blame, purpose, expected, actual, note } = first;
  return html`<article class="finding">
    <h4>
      ${badge(verdict)} ${by === "scenario" ? scenarioName(first, indexed) : statementName(first, indexed)}
    </h4>
    ${facts([
      ["Expected", expected],
      ["Seen", actual],
      ["Blame", verdict === "pass" || verdict === "noted" ? undefined : blame],
      ["Note", note],
      ["By-catch", purpose ? undefined : "the scenario was not written for this statement"],
      ["Evidence", evidenceMarkup(all, "event ")],
    ])}
  </article>`;
}

/** Each event once; the place of a finding is the message that it cites. */
function evidenceMarkup(findings: readonly FindingMade[], word: string): Markup {
  const cited = new Map(
    findings.flatMap(({ scenario, evidence }) => evidence.map(({ seq }) => [seq, scenario] as const)),
  );
  return joined(
    [...cited].map(([seq, scenario]) => html`<a href="${scenarioLink(scenario, seq)}">${word}${seq}</a>`),
  );
}

function scenarioName({ scenario }: FindingMade, indexed: IndexedInput): Markup {
  return html`<a href="${scenarioLink(scenario)}">${indexed.scenario.get(scenario)?.name ?? scenario}</a>`;
}

function statementName({ statement }: FindingMade, indexed: IndexedInput): Markup {
  return html`<a class="id" href="${statementLink(statement)}">${statement}</a>
    ${indexed.statement.get(statement)?.says}`;
}

function inPassingMarkup(
  findings: readonly FindingMade[],
  indexed: IndexedInput,
  by: HeadedBy,
  open: boolean,
): Markup {
  const subjects = new Set(findings.map((finding) => finding[by])).size;
  return html`<details class="in-passing" ${open && "open"}>
    <summary>Seen in passing, nothing wrong <span class="count">${plural(subjects, by)}</span></summary>
    ${by === "statement" ? statementsInPassing(findings, indexed) : scenariosInPassing(findings, indexed)}
  </details>`;
}

function statementsInPassing(findings: readonly FindingMade[], indexed: IndexedInput): Markup {
  const groups = grouped(findings, (finding) => [finding.statement, ...contentOf(finding)]);
  return html`<table class="rows passing">
    <thead>
      <tr>
        <th scope="col">Statement</th>
        <th scope="col">Seen</th>
        <th scope="col">Events</th>
      </tr>
    </thead>
    <tbody>
      ${groups.map(
        ({ first, all }) =>
          html`<tr>
            <th scope="row">${statementName(first, indexed)}</th>
            <td class="evidence">
              ${first.actual}${first.note !== undefined && html`<small>${first.note}</small>`}
            </td>
            <td>${evidenceMarkup(all, "")}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function scenariosInPassing(findings: readonly FindingMade[], indexed: IndexedInput): Markup {
  const groups = grouped(findings, contentOf);
  return html`${groups.map(({ first, all }) => {
    const scenarios = grouped(all, (finding) => [finding.scenario]);
    return html`<article class="finding">
      ${facts([
        ["Verdict", badge(first.verdict)],
        ["Expected", first.expected],
        ["Seen", first.actual],
        ["Note", first.note],
      ])}
      <ul class="columns">
        ${scenarios.map((one) => html`<li>${scenarioName(one.first, indexed)}</li>`)}
      </ul>
    </article>`;
  })}`;
}
