import { describe, expect, test } from "vitest";
import { cataloguedClauses } from "./catalogue.ts";
import { coverage } from "./coverage.ts";
import { statements } from "./register.ts";

const covered = new Map(coverage().map((item) => [item.id, item]));

describe("coverage", () => {
  test("lists the 117 items, then the General items", () => {
    const ids = coverage().map((item) => item.id);
    expect(ids.slice(0, 117).every((id) => id.startsWith("IMSpec-"))).toBe(true);
    expect(ids.slice(117).every((id) => id.startsWith("GEN-"))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("no statement of B.3 is unbound", () => {
    const pager = coverage().filter(({ table }) => table.startsWith("B.3"));
    expect(pager).toHaveLength(14);
    expect(pager.filter((item) => item.statements.unbound > 0)).toEqual([]);
  });

  test.each([
    ["IMSpec-PMM-S-001", { bound: 7, excluded: 1, waiting: 2, unbound: 0 }],
    ["IMSpec-PMM-C-008", { bound: 9, excluded: 2, waiting: 0, unbound: 0 }],
    ["IMSpec-SMM-C-001", { bound: 0, excluded: 0, waiting: 0, unbound: 7 }],
    ["GEN-6.1.1.1", { bound: 22, excluded: 1, waiting: 0, unbound: 0 }],
    ["IMSpec-SMM-S-013", { bound: 4, excluded: 1, waiting: 0, unbound: 0 }],
    ["GEN-5.5", { bound: 8, excluded: 0, waiting: 4, unbound: 0 }],
    ["GEN-7.1.1.1", { bound: 0, excluded: 0, waiting: 0, unbound: 15 }],
  ])("%s", (id, counts) => {
    expect(covered.get(id)?.statements).toEqual(counts);
  });

  test("an item in a registered and an unregistered clause counts both", () => {
    const counts = covered.get("IMSpec-LMM-S-012")?.statements;
    expect(counts?.bound).toBe(3);
    expect(counts?.unbound).toBeGreaterThan(0);
  });

  test("General items account for every statement that no item references", () => {
    const general = coverage().filter(({ table }) => table === "General");
    const total = general.reduce(
      (sum, { statements: s }) => sum + s.bound + s.excluded + s.waiting + s.unbound,
      0,
    );
    const registered = statements().filter((found) => found.items.length === 0).length;
    const unregistered = cataloguedClauses().reduce((sum, { general: count }) => sum + count, 0);
    expect(total).toBe(registered + unregistered);
  });
});
