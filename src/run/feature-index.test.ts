import { describe, expect, it } from "vitest";
import { z } from "zod";
import path from "node:path";
import { indexFeatures, scenariosIn } from "./feature-index.ts";
import { outputOf } from "./testdata/program.ts";

const PROJECT_ROOT = path.resolve(import.meta.dirname, "../..");

const described = z.array(
  z.object({
    rule: z.string().optional(),
    feature: z.string(),
    location: z.string(),
    tags: z.array(z.string()),
  }),
);

describe("the index of the features", () => {
  it("has every scenario that cucumber reads, with its place and tags", async () => {
    const read = described.parse(JSON.parse((await outputOf("describe-features.ts")).toString("utf8")));
    const rowsOf = (location: string) => read.filter((row) => row.location === location);
    const index = indexFeatures(PROJECT_ROOT).map(({ tags, rule, feature, location }) => ({
      ...(rule === undefined ? {} : { rule }),
      feature,
      location,
      tags: [...tags].sort(),
    }));
    const places = [...new Set(read.map(({ location }) => location))];
    const expected = places.map((location) => {
      const rows = rowsOf(location);
      const [first] = rows;
      return {
        ...(first?.rule === undefined ? {} : { rule: first.rule }),
        feature: first?.feature,
        location,
        tags: [...new Set(rows.flatMap(({ tags }) => tags))].sort(),
      };
    });
    const byPlace = (a: { location: string }, b: { location: string }) => (a.location < b.location ? -1 : 1);
    expect([...index].sort(byPlace)).toEqual(expected.sort(byPlace));
  });

  it("reads no keyword out of a text in quotes or a comment", () => {
    const text = [
      "@a",
      "Feature: F",
      "  # Scenario: a comment",
      "  @b @c # why",
      "  Scenario: one",
      "    Given a text",
      '      """',
      "      @no",
      "      Scenario: no",
      '      """',
      "  @d",
      "  Rule: R",
      "    Scenario Outline: two",
      "      Given <x>",
      "      @e",
      "      Examples:",
      "        | x |",
      "        | 1 |",
    ].join("\n");
    expect(scenariosIn(text, "features/f.feature")).toEqual([
      { name: "one", feature: "F", location: "features/f.feature:5", tags: ["@a", "@b", "@c"] },
      { name: "two", rule: "R", feature: "F", location: "features/f.feature:13", tags: ["@a", "@d", "@e"] },
    ]);
  });
});
