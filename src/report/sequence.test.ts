import { expect, test } from "vitest";
import { ladderOf } from "../trace/ladder.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import { sequenceOf } from "./sequence.ts";
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
