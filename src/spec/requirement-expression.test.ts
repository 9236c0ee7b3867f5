import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Expression,
  RequirementExpressionError,
  holds,
  parseRequirement,
} from "./requirement-expression.ts";

const values: Readonly<Record<string, boolean>> = { T: true, F: false };
const evaluate = (text: string): boolean | undefined => holds(parseRequirement(text), (id) => values[id]);

describe("requirement expressions", () => {
  test.each([
    ["T", true],
    ["F", false],
    ["X", undefined],
    ["NOT T", false],
    ["NOT NOT T", true],
    ["NOT X", undefined],
    ["NOT F AND F", false],
    ["NOT (F AND F)", true],
    ["T OR F AND F", true],
    ["(T OR F) AND F", false],
    ["T OR X", true],
    ["X OR T", true],
    ["F OR X", undefined],
    ["F AND X", false],
    ["T AND X", undefined],
    ["((T))", true],
    ["(T OR F) AND (NOT F)", true],
    ["XYZ:MCF OR T", true],
  ])("%s is %s", (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test.each([
    ["", 0, "an item"],
    ["T OR", 4, "an item"],
    ["AND T", 0, "an item"],
    ["(T", 2, '")"'],
    ["T)", 1, "AND, OR or the end"],
    ["T F", 2, "AND, OR or the end"],
    ["T & F", 2, "AND, OR or the end"],
    ["NOT", 3, "an item"],
  ])("%j is refused at %i", (text, offset, expected) => {
    expect(() => parseRequirement(text)).toThrow(RequirementExpressionError);
    expect(() => parseRequirement(text)).toThrow(`character ${offset + 1}: expected ${expected}`);
  });

  const expressions = fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("T", "F", "X").map((id) => ({ kind: "item" as const, id })),
      tie("any").map((of) => ({ kind: "not" as const, of })),
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        left: tie("any"),
        right: tie("any"),
      }),
    ),
  })).any;

  const written = (expression: Expression): string => {
    if (expression.kind === "item") return expression.id;
    if (expression.kind === "not") return `NOT (${written(expression.of)})`;
    return `(${written(expression.left)}) ${expression.kind.toUpperCase()} (${written(expression.right)})`;
  };

  test("what is written is what is read", () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(parseRequirement(written(expression))).toEqual(expression);
      }),
    );
  });
});
