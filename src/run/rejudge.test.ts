import { describe, expect, it } from "vitest";
import { readRunBytes } from "../trace/ndjson.ts";
import type { RunEvent } from "../trace/event.ts";
import { inOrder } from "./recorded-run.ts";
import { differencesBetween, judgeUnjudged, rejudge } from "./rejudge.ts";
import { virtualRecord } from "./testdata/virtual-record.ts";

const PLACES = ["features/B.3.3/", "features/B.3.5/"];

describe("a record that is judged again", async () => {
  const { bytes, events, sutFile, rules } = await virtualRecord(PLACES);

  it("gives the verdicts that were recorded", () => {
    expect(events.filter(({ type }) => type === "finding").length).toBeGreaterThan(100);
    const again = rejudge(events, sutFile, rules);
    expect(differencesBetween(events, again)).toEqual([]);
    expect(verdictsIn(again)).toEqual(verdictsIn(events));
  });

  it("tells what has changed", () => {
    const [first] = events.filter((event) => event.type === "finding");
    const altered = events.map((event): RunEvent =>
      event.type === "finding" && event === first ? { ...event, verdict: "fail" } : event,
    );
    expect(differencesBetween(altered, rejudge(altered, sutFile, rules))).toMatchObject([
      { statement: first?.statement, before: expect.stringContaining("fail: ") as unknown },
    ]);
  });

  it("is judged as cut where it broke off, wherever that was", () => {
    for (let part = 1; part <= 40; part += 1) {
      const cut = Math.floor((bytes.length * part) / 41);
      const found = inOrder(readRunBytes(bytes.subarray(0, cut)));
      const judged = judgeUnjudged(found, sutFile, rules);
      const opened = judged.filter(({ type }) => type === "scenario-opened").map(({ scenario }) => scenario);
      expect(verdictsIn(judged).map(({ scenario }) => scenario)).toEqual(opened);
      // What had been judged stands.
      const before = verdictsIn(found);
      expect(verdictsIn(judged).slice(0, before.length)).toEqual(before);
      const invented = verdictsIn(judged).slice(before.length);
      expect(invented.every(({ verdict }) => verdict !== "fail" && verdict !== "error")).toBe(true);
    }
  });
});

function verdictsIn(events: readonly RunEvent[]): readonly { scenario: string; verdict: string }[] {
  return events.flatMap((event) =>
    event.type === "scenario-judged" ? [{ scenario: event.scenario, verdict: event.verdict }] : [],
  );
}
