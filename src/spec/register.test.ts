import { describe, expect, test } from "vitest";
import { cataloguedClauses } from "./catalogue.ts";
import { checkedData } from "./data-file.ts";
import { registerFile } from "./register-rows.ts";
import {
  type StatementEdge,
  edgesOf,
  generalItems,
  isStatementId,
  registerFrom,
  registeredClauses,
  statement,
  statementOfCheck,
  statements,
} from "./register.ts";
import { itemById, scrItems } from "./scr.ts";
import type { Statement } from "./types.ts";

describe("the requirement register", () => {
  test("is measured by the catalogue, which has all 1,810", () => {
    const catalogue = new Map(cataloguedClauses().map((entry) => [entry.clause, entry.statements]));
    const wrong = registeredClauses().filter(
      ({ clause, statements }) => catalogue.get(clause) !== statements.length,
    );
    expect(wrong).toEqual([]);
    expect([...catalogue.values()].reduce((sum, count) => sum + count, 0)).toBe(1810);
  });

  test("the catalogue names items that exist", () => {
    const named = cataloguedClauses().flatMap(({ items }) => Object.keys(items));
    expect(named.filter((id) => itemById(id) === undefined)).toEqual([]);
  });

  test("stands in the order of the document", () => {
    const registered = new Set(registeredClauses().map(({ clause }) => clause));
    const inOrder = cataloguedClauses().flatMap(({ clause }) => (registered.has(clause) ? [clause] : []));
    expect(registeredClauses().map(({ clause }) => clause)).toEqual(inOrder);
  });

  test("finds statements by id and by check", () => {
    expect(statement("8.3.2.1-6")).toMatchObject({ level: "SHALL", role: "controlling", clause: "8.3.2.1" });
    expect(statementOfCheck("request-uri-of-copy")?.id).toBe("8.3.2.1-6");
    expect(statement("8.3.2.1-66")).toBeUndefined();
    expect(isStatementId("8.3.2.1-6")).toBe(true);
    expect(isStatementId("B.3.5")).toBe(false);
  });

  test.each([
    [
      "8.3.2.1-6",
      ["IMSpec-PMM-S-004 uri-list", "IMSpec-PMM-S-005 predefined-group", "IMSpec-PMM-S-006 ongoing-session"],
    ],
    ["8.3.2.1-7a", ["IMSpec-PMM-S-004 uri-list"]],
    ["8.1.1-5a", ["IMSpec-PMM-C-002 uri-list"]],
    ["8.1.1-8b", ["IMSpec-PMM-C-005 external-content"]],
    ["8.2.1-5", ["IMSpec-PMM-C-008 external-content"]],
    ["6.1.1.1-1b", []],
  ])("%s is evidence for %j", (id, edges) => {
    expect(statement(id)?.items.map(({ item, when }) => `${item} ${when ?? ""}`.trim())).toEqual(edges);
  });

  test("each item of B.3 has a SHALL with a check", () => {
    const binds = ({ statement: { disposition, level } }: StatementEdge): boolean =>
      disposition.kind === "bound" && level === "SHALL";
    const pager = scrItems().filter(({ table }) => table.startsWith("B.3"));
    expect(pager.filter((item) => !edgesOf(item.id).some(binds))).toEqual([]);
  });

  test("statements without an item are those of the General items", () => {
    const general = generalItems().flatMap((item) => item.statements);
    expect(general).toEqual(statements().filter((found) => found.items.length === 0));
    expect(edgesOf("GEN-6.1.1.1")).toHaveLength(23);
  });

  test("a duplicate names a statement that is bound", () => {
    const repeated = statements().flatMap(({ disposition }) =>
      disposition.kind === "excluded" && disposition.because === "duplicate"
        ? [disposition.note.split(/[ :]/)[0]]
        : [],
    );
    expect(repeated).toHaveLength(7);
    expect(repeated.filter((id) => statement(id ?? "")?.disposition.kind !== "bound")).toEqual([]);
  });

  test("what nobody can observe is not bound", () => {
    const unseen = statements().filter(({ observable }) => observable === "no");
    expect(unseen.filter(({ disposition }) => disposition.kind === "bound")).toEqual([]);
  });
});

const found = (changes: Partial<Statement>): Statement => ({
  id: "5.1-1",
  clause: "5.1",
  level: "SHALL",
  role: "any-server",
  says: "the originator is told",
  observable: "direct",
  items: [],
  disposition: { kind: "bound", check: "some-check" },
  ...changes,
});

describe("a register that cannot be", () => {
  test.each([
    [[found({}), found({})], "5.1-1 stands twice"],
    [[found({}), found({ id: "5.1-2" })], "some-check stands twice"],
    [[found({ id: "5.2.1-1" })], "5.2.1-1 belongs to another clause"],
    [[found({ items: [{ item: "IMSpec-PMM-S-999" }] })], "IMSpec-PMM-S-999, which is no SCR item"],
  ])("%# is refused", (rows, message) => {
    expect(() => registerFrom([{ clause: "5.1", title: "t", statements: rows }])).toThrow(message);
  });

  const head =
    'clause: "5.1"\ntitle: t\nstatements:\n  - id: 5.1-1\n    level: SHALL\n    role: any\n    observable: direct\n';
  test.each([
    ["    says: long enough\n    items: []\n", "expected exactly one of check, excluded, waiting"],
    [
      "    says: long enough\n    items: []\n    check: a\n    waiting: { for: msrp }\n",
      "expected exactly one of",
    ],
    ["    says: short\n    items: []\n    check: a\n", "statements.0.says"],
    ["    says: long enough\n    items: []\n    check: Not_Kebab\n", "kebab-case"],
    [
      "    says: long enough\n    items: [{ item: x, when: whenever }]\n    check: a\n",
      "statements.0.items.0.when",
    ],
    ["    says: long enough\n    items: []\n    waiting: { for: godot }\n", "statements.0.waiting.for"],
    ["    says: long enough\n    items: []\n    chek: a\n", "chek"],
    ["    says: 'long enough'\n", "8:11: expected a plain text or one in double quotes"],
  ])("%j is refused", (rest, message) => {
    expect(() => checkedData("register/5.1.yaml", head + rest, registerFile)).toThrow(message);
  });
});
