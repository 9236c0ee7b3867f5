import { describe, expect, it } from "vitest";
import type { UnplacedEvent } from "./recorder.ts";
import { opening } from "./testdata/events.ts";
import { read, story } from "./testdata/story.ts";

describe("absence", () => {
  const open = (
    lengthMs: number,
    of = "MESSAGE to Bob",
    purpose: "absence" | "presence" = "absence",
  ): UnplacedEvent => ({
    type: "window-opened",
    scenario: "s1",
    window: "w",
    purpose,
    of,
    lengthMs,
  });
  const close = (how: "elapsed" | "met" | "fence" | "cut"): UnplacedEvent => ({
    type: "window-closed",
    scenario: "s1",
    window: "w",
    how,
  });
  const filler: UnplacedEvent = { type: "noted", scenario: "s1", about: "rig", text: "time passes" };
  // Events are a millisecond apart: a window with n fillers in it lasts n + 1.
  it.each<[string, readonly UnplacedEvent[], number, boolean]>([
    ["is proven by a window that elapsed", [open(1), close("elapsed")], 0, true],
    ["is proven by waiting in vain", [open(1, "x", "presence"), close("elapsed")], 0, true],
    ["is proven by a fence put up later", [open(1), close("fence")], 0, true],
    ["is not proven by a fence put up before", [open(1), filler, close("fence")], 2, false],
    ["is not proven by a window that met something", [open(1), close("met")], 0, false],
    ["is not proven by a window that was cut", [open(1), close("cut")], 0, false],
    ["is not proven by a window that stayed open", [open(1)], 0, false],
    [
      "is proven when nearly all of the window came afterwards",
      [open(19), ...Array.from({ length: 19 }, () => filler), close("elapsed")],
      1,
      true,
    ],
    ["is not proven when half of it did", [open(4), filler, filler, filler, close("elapsed")], 2, false],
  ])("%s", (_name, events, after, proven) => {
    const trace = story(filler, ...events);
    const start = trace.events.find(({ type }) => type === "noted")?.at ?? 0;
    expect(trace.absenceProven(start + 1 + after)).toBe(proven);
  });

  it("is asked by what was waited for", () => {
    const trace = story(open(1), close("elapsed"));
    expect([trace.absenceProven(0, "MESSAGE to Bob"), trace.absenceProven(0, "MESSAGE to Ted")]).toEqual([
      true,
      false,
    ]);
  });

  it("is never proven by a trace that was cut short", () => {
    const trace = read([...opening(), open(1), close("elapsed")]);
    expect(trace.complete).toBe(false);
    expect(trace.absenceProven(0)).toBe(false);
  });
});
