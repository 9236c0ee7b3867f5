import { describe, expect, it } from "vitest";
import { SelectionError } from "../spec/selection.ts";
import { listItems } from "./item-list.ts";
import { listingText } from "./listing-text.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";

const list = (...words: string[]) => listItems(words, PROJECT_ROOT, () => true);

describe("the list of items", () => {
  it("has the 117 items of Appendix B, and General items behind them", () => {
    const { items } = list();
    expect(items.filter(({ table }) => table !== "General")).toHaveLength(117);
    expect(items.findIndex(({ table }) => table === "General")).toBe(117);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it.each([
    { words: ["B.3"], ids: 14 },
    { words: ["B.3.5"], ids: 3 },
    { words: ["IMSpec-PMM-S-003"], ids: 1 },
    { words: ["IMSpec-PMM-S-003", "IMSpec-PMM-S-004"], ids: 2 },
    { words: ["GEN-5.2.1"], ids: 1 },
  ])("$words selects $ids items", ({ words, ids }) => {
    const { items, statements } = list(...words);
    expect(items).toHaveLength(ids);
    expect(statements).toEqual([]);
  });

  it("leaves nothing of pager mode unbound or without a scenario", () => {
    for (const { id, statements, scenarios } of list("B.3").items) {
      expect({ id, unbound: statements.unbound }).toEqual({ id, unbound: 0 });
      expect(scenarios.length).toBeGreaterThan(0);
      expect(scenarios.every((place) => /^features\/.+\.feature:\d+$/u.test(place))).toBe(true);
    }
  });

  it("tells the statements of a clause, bound or not", () => {
    const { items, statements } = list("8.3.2.1");
    expect(items.map(({ id }) => id)).toEqual(["IMSpec-PMM-S-004", "IMSpec-PMM-S-005", "IMSpec-PMM-S-006"]);
    expect(statements.map(({ disposition }) => disposition.kind)).toContain("excluded");
    expect(listingText(list("8.3.2.1"), 120)).toMatch(
      /8\.3\.2\.1-ims +SHALL +controlling +excluded: profile/u,
    );
  });

  it("knows items that wait for what Scrim cannot do yet", () => {
    expect(list("B.2").items.length).toBeGreaterThan(0);
  });

  it("shows reference as printed and as corrected", () => {
    expect(listingText(list("IMSpec-PMM-S-003"), 160)).toMatch(/9\.3\.1\.1 → 8\.3\.1\.1/u);
  });

  it("fits the width", () => {
    for (const line of listingText(list("B.3"), 150).split("\n"))
      expect(line.length).toBeLessThanOrEqual(150);
  });

  it.each(["nonsense", "IMSpec-PMM-S-999", "@no-such-tag"])("%s means nothing", (word) => {
    expect(() => list(word)).toThrow(SelectionError);
  });
});
