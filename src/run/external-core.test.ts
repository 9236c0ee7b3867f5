/** Scrim before a core that is not its own: the suite passes as it does with Scrim's core, but for what such a core cannot be made to do. */
import { expect, test } from "vitest";
import { outputOf } from "./testdata/program.ts";
import type { Ends } from "./testdata/run-behind-core.ts";

test("verdicts do not depend on whose the core is", async () => {
  const output = await outputOf("run-behind-core.ts");
  const ends: Ends = JSON.parse(output.toString("utf8"));
  const others = Object.entries(ends).filter(([, { verdict }]) => verdict !== "pass");
  expect(others).toEqual([
    [
      expect.stringMatching(/ a PUBLISH for another event$/u),
      { verdict: "not-run", reason: expect.stringContaining("filter criteria") },
    ],
  ]);
  expect(Object.keys(ends).length).toBeGreaterThan(150);
}, 600_000);

test("neither Scrim nor the SUT answers for what a core of the lab says", async () => {
  const output = await outputOf("run-behind-core.ts", "features/B.3.4", "careless");
  const ends: Ends = JSON.parse(output.toString("utf8"));
  expect(Object.entries(ends).filter(([, { verdict }]) => verdict !== "pass")).toEqual([]);
  expect(Object.keys(ends).length).toBeGreaterThan(10);
}, 600_000);
