import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tooDeepAt } from "./yaml-nesting.ts";

describe("nesting of YAML", () => {
  test.each<[string, string, number | undefined]>([
    ["nothing", "", undefined],
    ["brackets that close", "[]{}".repeat(1000), undefined],
    ["many entries", "- a: [b]\n".repeat(1000), undefined],
    ["deep enough", "[".repeat(99), undefined],
    ["brackets", `a: b\n${"[".repeat(101)}`, 5],
    ["brackets over lines", "[\n".repeat(101), 198],
    ["braces", "{a: ".repeat(101), 0],
    ["entries of entries", `${"- ".repeat(101)}a`, 0],
    ["keys of keys", "? ".repeat(101), 0],
    ["indentation", Array.from({ length: 120 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""), 5250],
    ["anchors in brackets", "&a [*a, ".repeat(101), 0],
  ])("%s", (_, text, offset) => {
    expect(tooDeepAt(text)).toBe(offset);
  });

  test.each(["sut/reference", "sut/server-only", "flows/D.3"])("%s is not too deep", (name) => {
    const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), "utf8");
    expect(tooDeepAt(text, 12)).toBeUndefined();
  });
});
