import { describe, expect, test } from "vitest";
import { cataloguedClauses } from "./catalogue.ts";
import { defectsOf, itemById, scrGroups, scrItems } from "./scr.ts";

describe("the tables of Appendix B", () => {
  test("there are 117 items, each once", () => {
    expect(scrItems()).toHaveLength(117);
    expect(new Set(scrItems().map((item) => item.id)).size).toBe(117);
  });

  test.each([
    ["B.1.1", 15],
    ["B.1.2", 6],
    ["B.1.3", 17],
    ["B.1.4.1", 6],
    ["B.1.4.2", 4],
    ["B.2.1", 5],
    ["B.2.2", 2],
    ["B.2.3", 8],
    ["B.2.4", 6],
    ["B.3.1", 5],
    ["B.3.2", 2],
    ["B.3.3", 3],
    ["B.3.4", 1],
    ["B.3.5", 3],
    ["B.4.1", 2],
    ["B.4.2", 1],
    ["B.5.1", 6],
    ["B.5.2", 6],
    ["B.6.1", 4],
    ["B.6.2", 6],
    ["B.6.3", 5],
    ["B.7.1", 2],
    ["B.7.2", 2],
  ])("%s has %i rows", (table, rows) => {
    expect(scrItems().filter((item) => item.table === table)).toHaveLength(rows);
  });

  test("the groups are in the order of the document", () => {
    expect(scrGroups().map(({ group }) => group)).toEqual(["B.1", "B.2", "B.3", "B.4", "B.5", "B.6", "B.7"]);
  });

  test("tables and items of a group belong to it", () => {
    for (const { group, tables } of scrGroups())
      for (const { table, items } of tables) {
        expect(table.startsWith(`${group}.`)).toBe(true);
        expect(items.every((item) => item.table === table)).toBe(true);
      }
  });

  test.each([
    ["IMSpec-PMM-S-003", "9.3.1.1", ["8.3.1.1"]],
    ["IMSpec-PMM-S-002", "6.1.2.1", ["6.1.2.3.1", "6.1.2.1"]],
    ["IMSpec-SS-C-001", "5.2.2", ["5.2.4"]],
    ["IMSpec-SMM-S-012", "Error! Reference source not found.", ["7.2.2.12"]],
  ])("%s is printed with %s and read as %j", (id, printed, clauses) => {
    const item = itemById(id);
    expect(item?.printed.clause).toBe(printed);
    expect(item?.clauses).toEqual(clauses);
    expect(item?.correction).toBeTruthy();
  });

  test("a reference that was changed says why", () => {
    const changed = scrItems().filter((item) => item.printed.clause !== item.clauses.join(", "));
    expect(changed).toHaveLength(22);
    expect(changed.filter((item) => item.correction === undefined)).toEqual([]);
  });

  test("letters that look like M and O are kept as printed", () => {
    const odd = scrItems().filter((item) => item.printed.status !== item.status);
    expect(odd).toHaveLength(37);
    expect(new Set(odd.map((item) => item.printed.status))).toEqual(new Set(["\u041e", "0", "\u041c"]));
  });

  test("requirements that name no item are kept, and told as defects", () => {
    const dangling = scrItems().filter((item) => (item.requirement?.dangling.length ?? 0) > 0);
    for (const item of dangling)
      for (const id of item.requirement?.dangling ?? []) expect(itemById(id)).toBeUndefined();
    expect(dangling.map((item) => item.id)).toHaveLength(12);
    expect(defectsOf(itemById("IMSpec-PMM-S-004")!)).toEqual([
      "Status O is printed as U+041E, which looks like it.",
      'The requirement "IMSpec-COR-S-001" is no item of any table.',
    ]);
  });

  test.each([
    [
      "IMSpec-PMM-S-002",
      'Reference "6.1.2.1" is read as 6.1.2.3.1, 6.1.2.1. 6.1.2.1 is the general part; the MESSAGE is received by 6.1.2.3.1.',
    ],
    ["IMSpec-GA-S-001", "The function says Originating; 6.1.2.6 is a procedure of the terminating side."],
    ["IMSpec-HIST-S-0011", 'The id is printed "IMSpec-HIST-S- 0011".'],
  ])("what is wrong with %s", (id, defect) => {
    expect(defectsOf(itemById(id)!)).toContain(defect);
  });

  test("a requirement that names an item is no defect", () => {
    expect(defectsOf(itemById("IMSpec-FT-C-001")!).join()).not.toContain("LMM");
    expect(itemById("IMSpec-HIST-S-0010")).toBeDefined();
  });

  test("the clauses that items are read as have normative text", () => {
    const clauses = cataloguedClauses().map(({ clause }) => clause);
    const named = scrItems()
      .filter(({ table }) => table.startsWith("B.3"))
      .flatMap((item) => item.clauses);
    expect(named.filter((clause) => !clauses.includes(clause))).toEqual([]);
  });
});
