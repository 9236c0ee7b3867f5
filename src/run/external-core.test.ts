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
}, 120_000);
