import { describe, expect, it } from "vitest";
import type { RunEvent } from "./event.ts";
import { createRecorder } from "./recorder.ts";
import type { UnplacedEvent } from "./recorder.ts";

const note = (text: string, scenario?: string): UnplacedEvent => ({
  type: "noted",
  about: "rig",
  text,
  ...(scenario === undefined ? {} : { scenario }),
});

function recorderAt(times: readonly number[]) {
  const written: RunEvent[] = [];
  const left = [...times];
  const clock = { now: () => left.shift() ?? 0 };
  return { written, recorder: createRecorder({ clock, sink: { write: (event) => written.push(event) } }) };
}

describe("recorder", () => {
  it("numbers without gaps and never lets time go back", () => {
    const { recorder, written } = recorderAt([5, 3, 7.00049]);
    for (const text of ["a", "b", "c"]) recorder.record(note(text));
    expect(written.map(({ seq, at }) => [seq, at])).toEqual([
      [1, 5],
      [2, 5],
      [3, 7],
    ]);
    expect(recorder.lastSeq).toBe(3);
  });

  it("gives the event back with its place", () => {
    const { recorder } = recorderAt([1]);
    expect(recorder.record({ type: "noted", about: "rig", text: "x" })).toEqual({
      seq: 1,
      at: 1,
      type: "noted",
      about: "rig",
      text: "x",
    });
  });

  it("tells everyone in the order of the record, also when a listener records in turn", () => {
    const { recorder } = recorderAt([]);
    const heard: string[][] = [[], []];
    recorder.onEvent((event) => {
      heard[0]?.push(`${event.seq}`);
      if (event.seq === 1) recorder.record(note("nested"));
    });
    recorder.onEvent((event) => heard[1]?.push(`${event.seq}`));
    recorder.record(note("first"));
    recorder.record(note("last"));
    expect(heard).toEqual([
      ["1", "2", "3"],
      ["1", "2", "3"],
    ]);
  });

  it("stops telling when asked", () => {
    const { recorder } = recorderAt([]);
    let heard = 0;
    const stop = recorder.onEvent(() => (heard += 1));
    recorder.record(note("a"));
    stop();
    recorder.record(note("b"));
    expect(heard).toBe(1);
  });

  it("keeps scenarios apart, and findings out of what checks read", () => {
    const { recorder } = recorderAt([]);
    recorder.record(note("of one", "1"));
    recorder.record(note("of two", "2"));
    recorder.record(note("of the run"));
    recorder.record({ type: "scenario-judged", scenario: "1", verdict: "pass" });
    expect(recorder.scenarioEvents("1").map(({ seq }) => seq)).toEqual([1]);
    expect(recorder.scenarioEvents("2").map(({ seq }) => seq)).toEqual([2]);
    recorder.forget("1");
    expect(recorder.scenarioEvents("1")).toEqual([]);
  });

  it("tells a late listener of a scenario what it missed, once", () => {
    const { recorder } = recorderAt([]);
    const heard: number[] = [];
    recorder.record(note("a", "1"));
    recorder.onScenarioEvent("1", ({ seq }) => heard.push(seq));
    recorder.record(note("b", "2"));
    recorder.record(note("c", "1"));
    expect(heard).toEqual([1, 3]);
  });

  it("tells a listener that comes while an event is told of that event once", () => {
    const { recorder } = recorderAt([]);
    const heard: number[] = [];
    const stop = recorder.onEvent(() => {
      stop();
      recorder.record(note("b", "1"));
      recorder.onScenarioEvent("1", ({ seq }) => heard.push(seq));
    });
    recorder.record(note("a", "1"));
    expect(heard).toEqual([1, 2]);
  });

  it("goes on in memory when the record cannot be written, and says so once", () => {
    const failures: unknown[] = [];
    const full = new Error("no space");
    const recorder = createRecorder({
      clock: { now: () => 1 },
      sink: {
        write() {
          throw full;
        },
      },
      onSinkFailure: (error) => failures.push(error),
    });
    recorder.record(note("a", "1"));
    recorder.record(note("b", "1"));
    expect(failures).toEqual([full]);
    expect(recorder.scenarioEvents("1")).toHaveLength(2);
  });
});
