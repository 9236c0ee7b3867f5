import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonErrorOffset, jsonValueOffset } from "./json-position.ts";

describe("where JSON goes wrong", () => {
  it.each([
    ["", 0],
    ["{", 1],
    ['{"a', 3],
    ['{"a"', 4],
    ['{"a":', 5],
    ['{"a":1', 6],
    ['{"a":-', 6],
    ['{"a":1.', 7],
    ['{"a":1e+', 8],
    ['{"a":tr', 7],
    ['{"a":"\\', 7],
    ['{"a":"\\u00', 10],
    ["{'a'", 1],
    ['{"a":01', 6],
    ['{"a":+1', 5],
    ['{"a":1} x', 8],
    ['{"a":"\n', 6],
    ['{"a":"\\x', 6],
    ["[1,]", 3],
    ["nil", 0],
  ])("%j at %d", (text, offset) => {
    expect(jsonErrorOffset(text)).toBe(offset);
  });

  it("accepts what JSON.parse accepts", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(jsonErrorOffset(text)).toBeUndefined();
      }),
    );
  });

  it("finds every prefix of an object too short, and nothing else wrong with it", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const prefix = text.slice(0, cut % text.length);
        expect(jsonErrorOffset(prefix)).toBe(prefix.length);
      }),
    );
  });

  it("does not fail on text nested without end, or on megabytes in a string", () => {
    expect(jsonErrorOffset("[".repeat(1_000_000))).toBeDefined();
    expect(jsonErrorOffset(`"${"\\n".repeat(2_000_000)}"`)).toBeUndefined();
  });

  it.each([
    ["a", '1, "b"', ["a"]],
    ["a member of a member", "2}", ["b", "c"]],
    ["what is around a missing member", '{ "c"', ["b", "gone"]],
    ["an element", "4]", ["list", 1]],
    ["the whole, where nothing fits", '{"a"', ["gone"]],
  ])("finds %s", (_name, begins, path) => {
    const text = '{"a":1, "b":{ "c":2},"list":[3,4]}';
    expect(text.slice(jsonValueOffset(text, path)).startsWith(begins)).toBe(true);
  });
});
