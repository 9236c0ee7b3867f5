/** A ladder as text, for a terminal. */
import type { Ladder, LadderArrow, LadderNote } from "./ladder.ts";

export interface LadderTextOptions {
  /** Characters between two columns; default 24. */
  readonly columnWidth?: number;
  /** Default: all but `step`. */
  readonly notes?: readonly LadderNote["kind"][];
}

const SHOWN_NOTES: readonly LadderNote["kind"][] = [
  "phase",
  "stimulus",
  "window",
  "driver",
  "life",
  "note",
  "session",
  "end",
];
const TIME_WIDTH = 11;

/**
 * Lines with the seconds since the first event, then the columns. Control characters of what a SUT sent are made visible, so that they
 * cannot act on the terminal.
 */
export function renderLadderText(ladder: Ladder, options: LadderTextOptions = {}): string {
  const width = Math.max(8, options.columnWidth ?? 24);
  const shown = options.notes ?? SHOWN_NOTES;
  const notes = ladder.notes.filter(({ kind }) => shown.includes(kind));
  const rows = [...ladder.arrows, ...notes].sort((a, b) => a.seq - b.seq);
  const start = rows[0]?.at ?? 0;
  const places = new Map(ladder.columns.map(({ id }, index) => [id, Math.floor(width / 2) + index * width]));
  const lines = rows.map((row) => {
    const time = `${((row.at - start) / 1000).toFixed(6)} `.padStart(TIME_WIDTH);
    return `${time}${"label" in row ? arrowLine(row, places, width) : noteLine(row, places)}`.trimEnd();
  });
  return [headLine(ladder, places, width), ...lines].join("\n") + "\n";
}

type Places = ReadonlyMap<string, number>;

function headLine(ladder: Ladder, places: Places, width: number): string {
  const line = blankLine(places, " ");
  for (const { id } of ladder.columns) {
    const text = fit(visible(id), width - 2);
    write(line, (places.get(id) ?? 0) - Math.floor(text.length / 2), text);
  }
  return `${" ".repeat(TIME_WIDTH)}${line.join("")}`.trimEnd();
}

function arrowLine(arrow: LadderArrow, places: Places, width: number): string {
  const from = places.get(arrow.from) ?? 0;
  const to = places.get(arrow.to) ?? 0;
  const line = blankLine(places, "|");
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  for (let at = left + 1; at < right; at += 1) line[at] = strokeOf(arrow);
  if (right > left) line[to > from ? right - 1 : left + 1] = to > from ? ">" : "<";
  const label = ` ${fit(visible(arrow.label), Math.max(right - left, width) - 6)} `;
  write(line, right > left ? left + 1 + Math.floor((right - left - label.length) / 2) : right + 1, label);
  const again = arrow.retransmission ? " (again)" : "";
  const place = placeInSession(arrow);
  return `${line.join("")}   ${place}${visible(arrow.summary)}${again}`;
}

/** `1` for the first INVITE session, `1·2` for the second MSRP session, which the first INVITE session made. */
export function placeInSession({ dialog, session }: Pick<LadderArrow, "dialog" | "session">): string {
  if (dialog === undefined && session === undefined) return "";
  return `(${dialog ?? "?"}${session === undefined ? "" : `·${session}`}) `;
}

/** Responses are dotted, what is no message is wavy. */
function strokeOf({ kind, label }: LadderArrow): string {
  if (kind === "malformed") return "~";
  return kind === "response" || (kind === "http" && /^[0-9]/.test(label)) ? "." : "-";
}

function noteLine(note: LadderNote, places: Places): string {
  if (note.kind === "phase") return `== ${visible(note.text)} ${"=".repeat(30)}`;
  const line = blankLine(places, "|");
  const place = note.column === undefined ? undefined : places.get(note.column);
  const text = `[${visible(note.text)}]`;
  if (place === undefined) return `${line.join("")}   ${text}`;
  write(line, place, text);
  return line.join("");
}

function blankLine(places: Places, mark: string): string[] {
  const last = Math.max(0, ...places.values());
  const line = Array.from({ length: last + 1 }, () => " ");
  for (const place of places.values()) line[place] = mark;
  return line;
}

function write(line: string[], at: number, text: string): void {
  Array.from(text).forEach((character, index) => {
    line[Math.max(0, at) + index] = character;
  });
}

function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

/** Control and format characters (which turn the direction of writing, among other things) and line separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function visible(text: string): string {
  return text.replace(
    UNSEEN,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
