/** Implementations that conform and are not the reference: no check fails one of them. A false failure is the worst mistake of a judge. */
import { beforeAll, describe, expect, test } from "vitest";
import { outputOf } from "./testdata/program.ts";
import type { VariantOutcome } from "./testdata/run-variants.ts";
import { titleOf, variants, type Variant } from "./testdata/variants.ts";

const outcomes = new Map<string, VariantOutcome>();

/** In one process: tests that measure time run beside it. */
beforeAll(async () => {
  const output = await outputOf("run-variants.ts", ...variants.map(titleOf));
  for (const line of output.toString("utf8").trim().split("\n")) {
    const outcome: VariantOutcome = JSON.parse(line);
    outcomes.set(outcome.title, outcome);
  }
}, 1_800_000);

const NO_OCCASION = /^no occasion for (.+) came about$/u;

const lacksOccasion = (reason: string): boolean => NO_OCCASION.test(reason);

/** Whether a scenario lacks nothing but occasions that the variant does not give. */
function isWithoutOccasion(
  { verdict, reason }: VariantOutcome["notPassed"][number],
  variant: Variant,
): boolean {
  const [, missing] = NO_OCCASION.exec(reason) ?? [];
  return (
    verdict === "inconclusive" &&
    missing !== undefined &&
    missing.split(", ").every((statement) => variant.unreached?.includes(statement))
  );
}

describe("nothing is held against", () => {
  test.each(variants)("a $role that $name", (variant) => {
    const outcome = outcomes.get(titleOf(variant));
    if (outcome === undefined) throw new Error("it was not run");
    const { warned = [], noted = [], passed = [] } = variant;
    const isAllowed = ({ statement, verdict }: VariantOutcome["turned"][number]): boolean =>
      verdict === "warn" && warned.includes(statement);
    expect(outcome.turned.filter((finding) => !isAllowed(finding))).toEqual([]);
    const failing = outcome.notPassed.filter(
      (scenario) => scenario.verdict !== "warn" && !isWithoutOccasion(scenario, variant),
    );
    const missing = failing.filter(({ reason }) => lacksOccasion(reason));
    const mayMiss = (outcome.scenarios * (variant.missesPercent ?? 0)) / 100;
    expect(missing.length > mayMiss ? failing : failing.filter((one) => !missing.includes(one))).toEqual([]);
    expect(outcome.scenarios).toBeGreaterThan(10);
    expect(outcome.remarks.filter((remark) => remark.startsWith("scrim:"))).toEqual([]);
    const seen = outcome.noted.map(({ statement }) => statement);
    expect(noted.filter((statement) => !seen.includes(statement))).toEqual([]);
    expect(passed.filter((statement) => !outcome.passed.includes(statement))).toEqual([]);
    expect(warned.filter((id) => !outcome.turned.some(({ statement }) => statement === id))).toEqual([]);
  });
});

test("every variant has a name of its own", () => {
  expect(new Set(variants.map(titleOf)).size).toBe(variants.length);
});
