import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PlainYamlError, readPlainYaml } from "./plain-yaml.ts";

const here = new URL(".", import.meta.url);
const dataFiles = ["register/", "scr/", ""].flatMap((folder) =>
  readdirSync(new URL(folder, here))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}${name}`),
);

describe("plain YAML", () => {
  test("there are data files to read", () => {
    expect(dataFiles.length).toBeGreaterThan(40);
  });

  test.each(dataFiles)("%s is read as a whole YAML parser reads it", (name) => {
    const text = readFileSync(new URL(name, here), "utf8");
    expect(readPlainYaml(text)).toEqual(parse(text));
  });

  test.each([
    ["", null],
    ['a: 1\nb:\n  - x\n  - y: 2\n    z: [p, "q, r", 3]\n', undefined],
    ["- { a: b c, d: [] }\n- {}\n", undefined],
    ["a: {\n    b: 1, # why\n    c: [x,\n      y],\n  }\nd: true\n", undefined],
    ['"k:1": "a: b # c" # comment\nempty:\nnext: ~\n', undefined],
    ["a: x#y # z\nb: http://h/p?q=1\n", undefined],
    ["- - a\n  - b\n- c\n", undefined],
    ["v: 1.50\nw: -3\ny: 1.2.3\n", undefined],
  ])("reads %j", (text, expected) => {
    expect(readPlainYaml(text)).toEqual(expected === undefined ? parse(text) : expected);
  });

  test.each([
    ["a: 1\n\tb: 2\n", "2:1", "a tab"],
    ["a: 1\n   b: 2\n", "2:4", "expected"],
    ["a: 1\na: 2\n", "2:1", "a second a"],
    ["a: 'x'\n", "1:4", "double quotes"],
    ["a: *x\n", "1:4", "double quotes"],
    ["a: |\n  text\n", "1:4", "double quotes"],
    ["a: [1, 2\n", "1:9", "end of the collection"],
    ["a: {x: 1 y: 2}\n", "1:11", '"," or "}"'],
    ["a: 007\n", "1:4", "007 in double quotes"],
    ["a: TRUE\n", "1:4", "TRUE in double quotes"],
    ["a: {x}\n", "1:6", '":"'],
    ["a: [1] 2\n", "1:7", "end of the line"],
    ['a: "x\n', "1:4", "one quoted text"],
    ["- a\nb: 1\n", "2:1", '"- "'],
    ["-\n", "1:1", "after the dash"],
    ["  a: 1\nb: 2\n", "2:1", "indented less"],
  ])("refuses %j at %s", (text, position, message) => {
    expect(() => readPlainYaml(text)).toThrow(PlainYamlError);
    expect(() => readPlainYaml(text)).toThrow(
      new RegExp(`^${position}: .*${message.replace(/[()|"{}]/g, "\\$&")}`),
    );
  });
});
