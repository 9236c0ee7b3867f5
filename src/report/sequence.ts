/** A ladder as rows from top to bottom, with the windows in which Scrim waited. Drawing it is left to the page. */
import type { Phase, RunEvent } from "../trace/event.ts";
import type { Ladder, LadderArrow, LadderColumn, LadderNote } from "../trace/ladder.ts";

export type SequenceRow =
  | {
      readonly kind: "arrow";
      readonly seqs: readonly number[];
      readonly at: number;
      readonly arrow: LadderArrow;
    }
  | {
      readonly kind: "note";
      readonly seqs: readonly number[];
      readonly at: number;
      readonly note: LadderNote;
    };

/** While rows `first` to `last` went by, Scrim waited for something to come, or to stay away. */
export interface SequenceWindow {
  readonly first: number;
  readonly last: number;
  readonly purpose: "absence" | "presence";
}

/** What came before the first phase was entered has none. */
export interface SequencePart {
  readonly phase: Phase | undefined;
  readonly rows: readonly SequenceRow[];
  /** As far as they stand in this part, counted within its rows. */
  readonly windows: readonly SequenceWindow[];
}

export interface Sequence {
  readonly columns: readonly LadderColumn[];
  readonly rows: readonly SequenceRow[];
  readonly windows: readonly SequenceWindow[];
}

/** `events` are those of the scenario that the ladder was made of. Times of rows are milliseconds since the first event. */
export function sequenceOf(ladder: Ladder, events: readonly RunEvent[]): Sequence {
  const start = events[0]?.at ?? 0;
  const arrows = ladder.arrows.map((arrow): SequenceRow => {
    const seqs = arrow.arrivalSeq === undefined ? [arrow.seq] : [arrow.seq, arrow.arrivalSeq];
    return { kind: "arrow", seqs, at: arrow.at - start, arrow };
  });
  // That a scenario ran to its end goes without saying.
  const notable = ladder.notes.filter(({ kind, text }) => kind !== "end" || text !== "complete");
  const notes = notable.map((note): SequenceRow => ({
    kind: "note",
    seqs: [note.seq],
    at: note.at - start,
    note,
  }));
  const rows = [...arrows, ...notes].sort((a, b) => firstSeq(a) - firstSeq(b));
  return { columns: usedColumns(ladder), rows, windows: windowsOf(rows, events) };
}

/** Phase by phase; the notes that say that a phase begins are left out, and parts in which nothing happened. */
export function partsOf({ rows, windows }: Sequence): readonly SequencePart[] {
  const starts = rows.flatMap((row, index) => (phaseOf(row) === undefined ? [] : [index]));
  const borders = [-1, ...starts, rows.length];
  return borders.slice(0, -1).flatMap((border, index): SequencePart[] => {
    const [from, to] = [border + 1, borders[index + 1] ?? rows.length];
    if (from >= to) return [];
    const start = rows[border];
    return [
      {
        phase: start && phaseOf(start),
        rows: rows.slice(from, to),
        windows: windows.flatMap(({ first, last, purpose }) =>
          last < from || first >= to
            ? []
            : [{ first: Math.max(first, from) - from, last: Math.min(last, to - 1) - from, purpose }],
        ),
      },
    ];
  });
}

const PHASES: readonly Phase[] = ["preamble", "body", "postamble"];

function phaseOf(row: SequenceRow): Phase | undefined {
  return row.kind === "note" && row.note.kind === "phase"
    ? PHASES.find((phase) => phase === row.note.text)
    : undefined;
}

/** In the order of speaking, so that the usual message runs from left to right. Nodes that never spoke have no column. */
function usedColumns({ columns, arrows }: Ladder): readonly LadderColumn[] {
  const speaking = [
    ...new Set([...arrows].sort((a, b) => a.seq - b.seq).flatMap(({ from, to }) => [from, to])),
  ];
  return speaking.flatMap((id) => columns.filter((column) => column.id === id));
}

function windowsOf(rows: readonly SequenceRow[], events: readonly RunEvent[]): readonly SequenceWindow[] {
  return events.flatMap((event) => {
    if (event.type !== "window-opened") return [];
    const closed = events.find((other) => other.type === "window-closed" && other.window === event.window);
    const end = closed?.seq ?? Number.POSITIVE_INFINITY;
    const first = rows.findIndex((row) => firstSeq(row) >= event.seq);
    const last = rows.findLastIndex((row) => firstSeq(row) <= end);
    return first < 0 || last < first ? [] : [{ first, last, purpose: event.purpose }];
  });
}

function firstSeq(row: SequenceRow): number {
  return row.seqs[0] ?? 0;
}
