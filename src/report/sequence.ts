/** A ladder as rows from top to bottom, with the windows in which Scrim waited. Drawing it is left to the page. */
import type { RunEvent } from "../trace/event.ts";
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
