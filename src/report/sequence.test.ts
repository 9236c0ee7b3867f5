import { expect, test } from "vitest";
import { ladderOf } from "../trace/ladder.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import { partsOf, sequenceOf } from "./sequence.ts";
import { sampleRun } from "./testdata/sample-run.ts";
import { sampleSutFile } from "./testdata/sample-sut-file.ts";

function sequence(scenario: string) {
  const events = sampleRun().events.filter((event) => event.scenario === scenario);
  return sequenceOf(ladderOf(readScenarioTrace(events, sampleSutFile)), events);
}

test("a message between two nodes of Scrim is one row, time never goes back", () => {
  const { rows, columns } = sequence("s1");
  const arrows = rows.filter(({ kind }) => kind === "arrow");
  expect(columns.map(({ id }) => id)).toEqual(["Alice", "core", "im-server", "Bob"]);
  expect(arrows).toHaveLength(12);
  expect(arrows.filter(({ seqs }) => seqs.length === 2)).toHaveLength(8);
  expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).sort((a, b) => a - b));
});

test("a window spans what went by while it was open", () => {
  const { rows, windows } = sequence("s1");
  expect(windows).toHaveLength(1);
  const [window] = windows;
  const [first, last] = [rows[window!.first]!, rows[window!.last]!];
  expect(last.at - first.at).toBe(1500);
});

test("its phases are told apart, and nothing is lost between them", () => {
  const whole = sequence("s1");
  const parts = partsOf(whole);
  expect(parts.map(({ phase }) => phase)).toEqual(["preamble", "body"]);
  const kept = whole.rows.filter((row) => row.kind === "arrow" || row.note.kind !== "phase");
  expect(parts.flatMap(({ rows }) => rows)).toEqual(kept);
  for (const { rows, windows } of parts) {
    for (const { first, last } of windows) expect([rows[first], rows[last]]).not.toContain(undefined);
  }
  expect(parts.flatMap(({ windows }) => windows)).toHaveLength(1);
});

test("what has no phases is one part", () => {
  const { columns, rows, windows } = sequence("s1");
  const arrows = rows.filter(({ kind }) => kind === "arrow");
  expect(partsOf({ columns, windows, rows: arrows })).toMatchObject([{ phase: undefined, rows: arrows }]);
});
