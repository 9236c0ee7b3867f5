/** The page of a scenario: verdict, ladder, messages, findings, steps. */
import type { ScenarioResult, StepResult } from "../../judge/results.ts";
import type { FindingMade, RunEvent } from "../../trace/event.ts";
import { ladderOf } from "../../trace/ladder.ts";
import { readScenarioTrace } from "../../trace/scenario-trace-reader.ts";
import { runOpenedOf } from "../head.ts";
import { statementLink } from "../links.ts";
import { sequenceOf, type Sequence } from "../sequence.ts";
import { findingsMarkup } from "./findings.ts";
import { flowsMarkup } from "./flow-view.ts";
import { ladderMarkup } from "./ladder-svg.ts";
import { html, type Markup } from "./markup.ts";
import { eventMarkup, messageMarkup, type Cited } from "./message-view.ts";
import type { IndexedInput } from "./record.ts";
import { badge, durationInWords, facts, joined } from "./words.ts";

export function scenarioMarkup(scenario: ScenarioResult, indexed: IndexedInput): Markup {
  const { id, name, rule, feature, location, tags, purpose, verdict, reason, blame } = scenario;
  return html`<p class="crumbs">
      <a href="#scenarios">Scenarios</a> ${feature}${rule !== undefined && ` / ${rule}`}
    </p>
    <h2 tabindex="-1">${name} ${badge(verdict)}</h2>
    ${reason !== undefined && html`<p class="says">${reason}${blame !== undefined && html` <small>blame: ${blame}</small>`}</p>`}
    ${facts([
      [
        "Written for",
        joined(purpose.map((one) => html`<a class="id" href="${statementLink(one)}">${one}</a>`)),
      ],
      ["Tags", tags.filter((tag) => !purpose.includes(tag.replace(/^@/, ""))).join(" ")],
      ["Configuration", scenario.configurationSet],
      ["Took", durationInWords(scenario.durationMs)],
      ["Run just this", html`<code>scrim run --sut FILE ${location}</code>`],
    ])}
    ${stepsMarkup(scenario.steps)} ${trafficMarkup(scenario, indexed)}
    <h3>Findings</h3>
    ${findingsMarkup(indexed.findingsOfScenario(id), indexed, "statement")}`;
}

function stepsMarkup(steps: readonly StepResult[]): Markup {
  if (steps.length === 0) return html``;
  return html`<ol class="steps">
    ${steps.map(
      ({ text, status, reason, blame }) =>
        html`<li class="${status}">
          <span>${text}</span>
          <small>${status !== "passed" && status}${blame !== undefined && `, blame: ${blame}`}</small>${
            reason !== undefined && html`<em>${reason}</em>`
          }
        </li>`,
    )}
  </ol>`;
}

function trafficMarkup({ id, purpose }: ScenarioResult, indexed: IndexedInput): Markup {
  const events = indexed.eventsOfScenario(id);
  if (!events.some(({ type }) => type === "scenario-opened"))
    return html`<p class="nothing">It left no trace.</p>`;
  const cited = citedBySeq(indexed.findingsOfScenario(id));
  const trace = readScenarioTrace(events, runOpenedOf(indexed.input.events).sutFile);
  const sequence = sequenceOf(ladderOf(trace), events);
  const verdictOf = (seq: number) => worstOf(cited.get(seq) ?? []);
  return html`<h3>What crossed the wire</h3>
    <div class="traffic">
      ${ladderMarkup({ scenario: id, sequence, verdictOf })}
      <div class="messages" aria-live="polite">
        <p class="choose">Choose an arrow to read its message.</p>
        ${articlesOf(sequence, events, cited, indexed)}
      </div>
    </div>
    ${flowsMarkup(purpose, trace)}`;
}

function articlesOf(
  sequence: Sequence,
  events: readonly RunEvent[],
  cited: ReadonlyMap<number, readonly Cited[]>,
  indexed: IndexedInput,
): readonly Markup[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const citing = (seqs: readonly number[]) => seqs.flatMap((seq) => cited.get(seq) ?? []);
  const shown = new Set<number>();
  const messages = sequence.rows.flatMap((row) => {
    const { seqs } = row;
    const event = bySeq.get(seqs[0] ?? 0);
    if (event?.type !== "crossed") return [];
    for (const seq of seqs) shown.add(seq);
    return [
      messageMarkup(event, seqs, row.kind === "arrow" ? row.arrow.phase : undefined, citing(seqs), indexed),
    ];
  });
  const others = [...cited.keys()].flatMap((seq) => {
    const event = shown.has(seq) ? undefined : bySeq.get(seq);
    if (event === undefined) return [];
    return event.type === "crossed"
      ? [messageMarkup(event, [seq], undefined, citing([seq]), indexed)]
      : [eventMarkup(event, citing([seq]), indexed)];
  });
  return [...messages, ...others];
}

function citedBySeq(findings: readonly FindingMade[]): ReadonlyMap<number, readonly Cited[]> {
  const cited = new Map<number, Cited[]>();
  for (const finding of findings) {
    for (const { seq, ...place } of finding.evidence) {
      cited.set(seq, [...(cited.get(seq) ?? []), { finding, ...place }]);
    }
  }
  return cited;
}

const WORST_FIRST = ["fail", "error", "inconclusive", "warn"] as const;

/** What is worth a colour in the ladder; that a check was content with a message is not. */
function worstOf(cited: readonly Cited[]) {
  return WORST_FIRST.find((verdict) => cited.some(({ finding }) => finding.verdict === verdict));
}
