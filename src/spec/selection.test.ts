import { describe, expect, test } from "vitest";
import { SelectionError, resolveSelection } from "./selection.ts";

const context = {
  exists: (path: string) => path === "features/B.3.5" || path === "features/B.3.5/explosion.feature",
};
const select = (...words: string[]) => resolveSelection(words, context);

describe("selection", () => {
  test("nothing selects everything", () => {
    expect(select()).toEqual({ tags: undefined, paths: [], statements: new Set(), items: new Set() });
  });

  test.each([
    ["IMSpec-PMM-S-004", "@IMSpec-PMM-S-004", "8.3.2.1-7a"],
    ["8.3.2.1-6", "@8.3.2.1-6", "8.3.2.1-6"],
    ["@8.3.2.1-6", "@8.3.2.1-6", "8.3.2.1-6"],
    ["8.3.1.2", "@8.3.1.2-1 or @8.3.1.2-2", "8.3.1.2-2"],
    ["B.3.4", "@B.3.4 or @IMSpec-PMM-S-003", "8.3.1.1-12"],
    ["11", "@11.1-p1 or @11.2-p1", "11.2-p1"],
    ["GEN-8.3.1.2", "@GEN-8.3.1.2 or @8.3.1.2-1 or @8.3.1.2-2", "8.3.1.2-1"],
    ["D.3", /^@D\.3-1 or @D\.3-2 or .*@D\.3-19$/, "D.3-19"],
  ])("%s is %s", (word, tags, statement) => {
    const selection = select(word);
    expect(selection.tags).toMatch(
      typeof tags === "string" ? new RegExp(`^${tags.replaceAll(".", "\\.")}$`) : tags,
    );
    expect(selection.statements).toContain(statement);
    expect(selection.paths).toEqual([]);
  });

  test("a group of tables is all of its tables and items", () => {
    const { tags, items, statements } = select("B.3");
    expect(items.size).toBe(14);
    expect(tags?.split(" or ")).toHaveLength(5 + 14);
    expect(tags).toContain("@B.3.5");
    expect(statements.size).toBeGreaterThan(70);
    expect([...statements]).not.toContain("8.3.1.1-8");
  });

  test("a clause has its subclauses, and no clause that only looks like one", () => {
    expect([...select("8").statements].every((id) => id.startsWith("8."))).toBe(true);
    expect([...select("8.3").statements]).toContain("8.3.2.1-6");
    expect([...select("8.1").statements].some((id) => id.startsWith("8.1.1-"))).toBe(true);
  });

  test("words add up, each tag once", () => {
    const selection = select("8.3.2.1-6", "IMSpec-PMM-S-004", "8.3.2.1-6");
    expect(selection.tags).toBe("@8.3.2.1-6 or @IMSpec-PMM-S-004");
    expect(selection.items).toEqual(new Set(["IMSpec-PMM-S-004"]));
  });

  test.each([
    ["features/B.3.5"],
    ["features/B.3.5/explosion.feature"],
    ["features/B.3.5/explosion.feature:12"],
  ])("%s is a path", (path) => {
    expect(select(path)).toMatchObject({ tags: undefined, paths: [path] });
  });

  test("a free tag is passed on, with what cucumber would read as an operator escaped", () => {
    expect(select("@sut:server").tags).toBe("@sut:server");
    expect(select("@odd(one)").tags).toBe("@odd\\(one\\)");
  });

  test.each([
    ["PMM-S-003", "unknown-selection", ["IMSpec-PMM-S-003"]],
    ["IMSpec-PMM-S-033", "unknown-selection", ["IMSpec-PMM-S-003"]],
    ["8.3.2.1-66", "unknown-selection", ["8.3.2.1-6"]],
    ["B.9", "unknown-selection", ["B.1"]],
    ["nonsense-of-a-kind", "unknown-selection", []],
    ["features/B.9", "unknown-selection", []],
    ["", "unknown-selection", []],
    ["8.3.1.1-8", "nothing-bound", []],
    ["8.1-p2", "nothing-bound", []],
    ["7.1.1.1", "nothing-bound", []],
    ["B.6", "nothing-bound", []],
    ["C.2", "nothing-bound", []],
    ["IMSpec-SMM-C-001", "nothing-bound", []],
  ])("%j is refused: %s", (word, code, suggestions) => {
    const error = refusal(word);
    expect(error).toBeInstanceOf(SelectionError);
    expect(error).toMatchObject({ code, word });
    expect(suggestions.filter((suggestion) => !error.suggestions.includes(suggestion))).toEqual([]);
    expect(error.message.split("\n")).toHaveLength(1);
  });

  test("a tag that no scenario has is refused where the tags are known", () => {
    const known = { ...context, knownTags: new Set(["@sut:server", "@negative"]) };
    expect(() => resolveSelection(["@sut:serfer"], known)).toThrow("Did you mean @sut:server?");
    expect(resolveSelection(["@negative"], known).tags).toBe("@negative");
  });

  test("says why a statement has no scenario", () => {
    expect(refusal("8.1-p2").message).toBe("8.1-p2 has no scenario: it waits for msrp.");
    expect(refusal("8.3.1.1-8").message).toContain("excluded, duplicate. 8.3.1.1-4a");
  });
});

function refusal(word: string): SelectionError {
  try {
    select(word);
  } catch (error) {
    if (error instanceof SelectionError) return error;
    throw error;
  }
  throw new Error(`${word} was not refused`);
}
