/** The ladder diagram as SVG. Colours are the style sheet's; every arrow leads to its message. */
import type { LadderColumn } from "../../trace/ladder.ts";
import { placeInSession } from "../../trace/ladder-text.ts";
import { scenarioLink } from "../links.ts";
import {
  partsOf,
  type Sequence,
  type SequencePart,
  type SequenceRow,
  type SequenceWindow,
} from "../sequence.ts";
import { plural } from "../summary.ts";
import { visibleLine } from "../visible.ts";
import { html, type Markup } from "./markup.ts";
import { nodeInWords, toneOf, type AnyVerdict } from "./words.ts";

/** Pixels. */
const GUTTER = 58;
const MARGIN = 22;
const HEAD = 40;
const ROW_HEIGHTS = { arrow: 38, note: 24 };
const CHARACTER = 6.6;
const DETAIL_CHARACTER = 6.2;

interface Layout {
  readonly scenario: string;
  readonly width: number;
  readonly spacing: number;
  readonly x: ReadonlyMap<string, number>;
}

export interface LadderDrawing {
  readonly scenario: string;
  readonly sequence: Sequence;
  /** Worst verdict of a finding that cites the event. */
  readonly verdictOf: (seq: number) => AnyVerdict | undefined;
}

/**
 * Drawings of one width: the nodes, which stay in view, and what passed between them, phase by phase. What only prepares and clears up is
 * folded away, unless something in it is worth a look.
 */
export function ladderMarkup(drawing: LadderDrawing): Markup {
  const { sequence, scenario } = drawing;
  if (sequence.columns.length === 0) return html`<p class="nothing">No message crossed a node of Scrim.</p>`;
  const layout = layoutOf(sequence, scenario);
  return html`<div
    class="ladder"
    tabindex="0"
    role="group"
    aria-label="Ladder diagram, ${sequence.rows.length} rows"
  >
    <svg
      class="ladder-head"
      width="${layout.width}"
      height="${HEAD}"
      viewBox="0 0 ${layout.width} ${HEAD}"
      aria-hidden="true"
    >
      ${sequence.columns.map((column) => columnHead(column, layout))}
    </svg>
    ${partsOf(sequence).map((part) => partMarkup(part, layout, drawing))}
  </div>`;
}

function partMarkup(part: SequencePart, layout: Layout, drawing: LadderDrawing): Markup {
  const picture = pictureMarkup(part, layout, drawing);
  if (part.phase === undefined) return picture;
  const messages = part.rows.filter(({ kind }) => kind === "arrow").length;
  const open =
    part.phase === "body" || part.rows.some(({ seqs }) => seqs.some((seq) => drawing.verdictOf(seq)));
  return html`<details class="phase" ${open && "open"}>
    <summary>${part.phase} <span class="count">${plural(messages, "message")}</span></summary>
    ${picture}
  </details>`;
}

function pictureMarkup({ rows, windows }: SequencePart, layout: Layout, drawing: LadderDrawing): Markup {
  const tops = [6];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + ROW_HEIGHTS[row.kind]);
  const height = (tops.at(-1) ?? 0) + 6;
  return html`<svg
    class="ladder-body"
    width="${layout.width}"
    height="${height}"
    viewBox="0 0 ${layout.width} ${height}"
  >
    ${drawing.sequence.columns.map((column) => lifeline(column, layout, height))}
    ${windows.map((window, index) => windowMark(window, index, layout, tops))}
    ${rows.map((row, index) => rowMark(row, tops[index] ?? 0, layout, drawing))}
  </svg>`;
}

function layoutOf({ columns }: Sequence, scenario: string): Layout {
  const spacing = Math.min(220, Math.max(124, Math.floor(610 / columns.length)));
  const x = new Map(columns.map(({ id }, index) => [id, GUTTER + spacing * (index + 0.5)]));
  return { scenario, width: GUTTER + spacing * columns.length + MARGIN, spacing, x };
}

function columnHead(column: LadderColumn, layout: Layout): Markup {
  const { x, spacing } = layout;
  const at = x.get(column.id) ?? 0;
  const sut = column.kind === "sut";
  return html`<g class="node ${sut && "sut"}">
    <rect x="${at - spacing / 2 + 12}" y="5" width="${spacing - 24}" height="30" rx="6"></rect>
    <text x="${at}" y="${sut ? 18 : 24}"
      >${fitted(nodeInWords(column.id, layout.scenario), spacing - 30)}</text
    >
    ${sut && html`<text class="tag" x="${at}" y="30">under test</text>`}
  </g>`;
}

function lifeline({ id, kind }: LadderColumn, { x }: Layout, height: number): Markup {
  const at = x.get(id) ?? 0;
  return html`<line
    class="lifeline ${kind === "sut" && "sut"}"
    x1="${at}"
    x2="${at}"
    y1="0"
    y2="${height}"
  ></line>`;
}

function windowMark(
  { first, last, purpose }: SequenceWindow,
  index: number,
  { width }: Layout,
  tops: readonly number[],
): Markup {
  const x = width - 8 - (index % 3) * 6;
  const [from, to] = [(tops[first] ?? 0) + 12, (tops[last] ?? 0) + 12];
  return html`<path
    class="window ${purpose}"
    d="M${x - 5} ${from}H${x}V${Math.max(to, from + 2)}H${x - 5}"
  ></path>`;
}

function rowMark(row: SequenceRow, top: number, layout: Layout, drawing: LadderDrawing): Markup {
  if (row.kind === "arrow") return arrowMark(row, top, layout, drawing);
  const { note } = row;
  const at = note.column === undefined ? undefined : layout.x.get(note.column);
  const cited = row.seqs.some((seq) => drawing.verdictOf(seq) !== undefined);
  const room = layout.width - GUTTER - MARGIN;
  const x =
    at === undefined ? GUTTER + room / 2 : Math.min(Math.max(at, GUTTER + room / 4), layout.width - room / 4);
  const body = html`<text class="time" x="${GUTTER - 10}" y="${top + 15}">${timeOf(row)}</text>
    <text class="note ${note.kind}" x="${x}" y="${top + 15}"
      >${fitted(note.text, at === undefined ? room - 20 : room / 2)}</text
    >
    <title>${note.text}</title>`;
  if (!cited) return html`<g>${body}</g>`;
  return html`<a href="${scenarioLink(layout.scenario, row.seqs[0])}" data-seqs="${row.seqs.join(" ")}"
    >${body}</a
  >`;
}

type Arrow = Extract<SequenceRow, { kind: "arrow" }>;

function arrowMark(row: Arrow, top: number, layout: Layout, { verdictOf }: LadderDrawing): Markup {
  const { arrow } = row;
  const [from, to] = [layout.x.get(arrow.from) ?? 0, layout.x.get(arrow.to) ?? 0];
  const verdict = row.seqs.map(verdictOf).find((one) => one !== undefined);
  const tone = verdict === undefined ? "" : toneOf(verdict);
  const again = arrow.retransmission ? " (again)" : "";
  const [sender, receiver] = [arrow.from, arrow.to].map((id) => nodeInWords(id, layout.scenario));
  const over = arrow.protocol === undefined ? "" : `${arrow.protocol.toUpperCase()} over `;
  const title = `${placeInSession(arrow)}${sender} to ${receiver}, ${over}${arrow.transport.toUpperCase()}: ${arrow.label} ${arrow.summary}${again}`;
  const [y, middle] = [top + 26, (from + to) / 2];
  return html`<a
    class="arrow ${arrow.kind} ${arrow.protocol} ${arrow.phase} ${tone} ${again !== "" && "again"}"
    href="${scenarioLink(layout.scenario, row.seqs[0])}"
    data-seqs="${row.seqs.join(" ")}"
  >
    <title>${title}</title>
    <rect class="hit" x="0" y="${top}" width="${layout.width - MARGIN}" height="${ROW_HEIGHTS.arrow}"></rect>
    <text class="time" x="${GUTTER - 10}" y="${y + 4}">${timeOf(row)}</text>
    ${sessionMark(arrow, y)}
    <text class="label" x="${middle}" y="${y - 7}"
      >${labelMarkup(arrow.label + again, arrow.summary, Math.abs(to - from) - 14)}</text
    >
    <path class="line" d="${linePath(from, to, y)}"></path>
    <path class="tip" d="${tipPath(from, to, y)}"></path>
  </a>`;
}

/** To which INVITE session a message belongs, and under it to which MSRP session. */
function sessionMark(arrow: Arrow["arrow"], y: number): Markup | undefined {
  const place = placeInSession(arrow).trim();
  if (place === "") return undefined;
  return html`<text class="session ${arrow.protocol}" x="${GUTTER - 10}" y="${y - 8}">${place}</text>`;
}

/** The label in full where there is room, then as much of the rest as fits. */
function labelMarkup(label: string, detail: string, room: number): Markup {
  const head = fitted(label, room);
  const left = room - (head.length + 1) * CHARACTER;
  // The scheme says nothing where room is scarce.
  const short = fitted(detail.replace(/\bsips?:/, ""), left, DETAIL_CHARACTER);
  return short.length < 5 ? html`${head}` : html`${head} <tspan class="detail">${short}</tspan>`;
}

/** What a node sends to itself goes round. */
function linePath(from: number, to: number, y: number): string {
  return from === to ? `M${from} ${y - 8}h26v14h-20` : `M${from} ${y}H${to}`;
}

function tipPath(from: number, to: number, y: number): string {
  if (from === to) return `M${to + 1} ${y + 6}l8 -4v8z`;
  const back = to > from ? -8 : 8;
  return `M${to} ${y}l${back} -4v8z`;
}

function timeOf({ at }: SequenceRow): string {
  return `${(at / 1000).toFixed(3)} s`;
}

function fitted(text: string, room: number, character = CHARACTER): string {
  const line = visibleLine(text);
  const length = Math.max(3, Math.floor(room / character));
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
