/** One message, raw, with what offends marked and what the findings say of it. */
import type { Crossed, FindingMade, Phase, RunEvent } from "../../trace/event.ts";
import { isCut, lengthOf } from "../../trace/bytes.ts";
import { clauseLink, statementLink } from "../links.ts";
import { messagePieces, type Piece } from "../message-text.ts";
import { isInPassing } from "./findings.ts";
import { html, type Content, type Markup } from "./markup.ts";
import type { IndexedInput } from "./record.ts";
import { badge, facts, joined, nodeInWords } from "./words.ts";

export interface Cited {
  readonly finding: FindingMade;
  readonly from?: number;
  readonly to?: number;
}

/**
 * Articles are hidden until their address is chosen; on paper those of the body of the scenario stand one after the other. `seqs`: a message
 * between two nodes of Scrim stands twice in the record.
 */
export function messageMarkup(
  crossed: Crossed,
  seqs: readonly number[],
  phase: Phase | undefined,
  cited: readonly Cited[],
  indexed: IndexedInput,
): Markup {
  const [from, to] =
    crossed.direction === "out" ? [crossed.node, crossed.peer] : [crossed.peer, crossed.node];
  // A passed check cites what it saw; only what offends is marked.
  const marks = cited.flatMap(({ finding, from, to }) =>
    finding.verdict !== "pass" && from !== undefined ? [{ from, to: to ?? from + 1 }] : [],
  );
  const pieces = messagePieces(crossed.bytes, { marks, hideBody: indexed.input.hideBodies ?? false });
  return html`<article class="message ${phase}" data-seqs="${seqs.join(" ")}" hidden>
    <h3 tabindex="-1">${nodeInWords(from, crossed.scenario)} to ${nodeInWords(to, crossed.scenario)}</h3>
    ${citations(cited, indexed)}
    ${crossed.malformed !== undefined && html`<p class="malformed">Not ${crossed.protocol.toUpperCase()} at byte ${crossed.malformed.offset}: ${crossed.malformed.message}</p>`}
    <pre class="raw" tabindex="0" aria-label="Raw message">${pieces.map(pieceMarkup)}</pre>
    <p class="way">${wayInWords(crossed, seqs)}</p>
  </article>`;
}

function wayInWords(crossed: Crossed, seqs: readonly number[]): string {
  const { direction, local, remote, transport, bytes, serverFunction, stimulus } = crossed;
  const [source, target] = direction === "out" ? [local, remote] : [remote, local];
  return [
    `${source} to ${target}, ${transport.toUpperCase()}`,
    `event ${seqs.join(", ")}`,
    `${lengthOf(bytes)} bytes${isCut(bytes) ? ", middle not kept" : ""}`,
    serverFunction === undefined ? "" : `server as ${serverFunction}`,
    stimulus === undefined ? "" : `stimulus ${stimulus}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** Values and bodies, which are most of it, need no element of their own. */
function pieceMarkup({ kind, text, offending, hidden }: Piece): Content {
  const inner = hidden ? html`<span class="hidden-text">${text}</span>` : pieceText(kind, text);
  return offending ? html`<mark>${inner}</mark>` : inner;
}

function pieceText(kind: Piece["kind"], text: string): Content {
  if (kind === "start-line") return html`<b>${text}</b>`;
  return kind === "name" ? html`<i>${text}</i>` : text;
}

/** What is not in order in full; of what is, and of what only happened to be looked at, the names of the statements. */
function citations(cited: readonly Cited[], indexed: IndexedInput): Markup {
  const quiet = cited.filter(({ finding }) => finding.verdict === "pass" || isInPassing(finding));
  const loud = cited.filter((one) => !quiet.includes(one));
  const statements = [...new Set(quiet.map(({ finding }) => finding.statement))];
  return html`${loud.map((one) => citation(one, indexed))}
  ${
    statements.length > 0 &&
    html`<p class="citation in-order">
      <small>In order:</small>
      ${joined(statements.map((id) => html`<a class="id" href="${statementLink(id)}">${id}</a>`))}
    </p>`
  }`;
}

function citation({ finding }: Cited, { statement }: IndexedInput): Markup {
  const said = statement.get(finding.statement);
  return html`<div class="citation">
    <p>
      ${badge(finding.verdict)}
      <a class="id" href="${statementLink(finding.statement)}">${finding.statement}</a> ${said?.says}
    </p>
    ${facts([
      ["Expected", finding.expected],
      ["Seen", finding.actual],
      ["Note", finding.note],
      ["Clause", said && html`<a href="${clauseLink(said.clause)}">${said.clause}</a>`],
    ])}
  </div>`;
}

/** Anything else that a finding cites: shown as the record has it. */
export function eventMarkup(event: RunEvent, cited: readonly Cited[], indexed: IndexedInput): Markup {
  const { type, seq, at: _at, scenario: _scenario, ...rest } = event;
  const entries = Object.entries(rest).map(([name, value]): readonly [string, Markup] => [
    name,
    html`<code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`,
  ]);
  return html`<article class="message" data-seqs="${seq}" hidden>
    <h3 tabindex="-1">${type.replaceAll("-", " ")}</h3>
    ${citations(cited, indexed)} ${facts([...entries, ["Event", String(seq)]])}
  </article>`;
}
