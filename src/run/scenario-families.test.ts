/** `docs/session-mode.md` says which scenarios are races and misbehaviour: each that it names is there. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { indexFeatures } from "./feature-index.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(ROOT, "docs/session-mode.md"), "utf8");

/** `feature: one; another (`@slow`)`, as lines of a cell. */
function namedIn(cell: string): readonly string[] {
  return cell.split("<br>").flatMap((line) => {
    const [, feature = "", names = ""] = /^([^:]+): (.+)$/u.exec(line.trim()) ?? [];
    return names.split("; ").map((name) => `${feature}: ${name.replace(/ \(`@slow`\)$/u, "")}`);
  });
}

test("the families name scenarios that there are", () => {
  const [, table = ""] = /## Families of scenarios\n([\s\S]*?)\n## /u.exec(page) ?? [];
  const named = [...table.matchAll(/^\| (?!family|-)[^|]+\| ([^|]+)\|$/gmu)].flatMap(([, cell = ""]) =>
    namedIn(cell),
  );
  const known = indexFeatures(ROOT).map(
    ({ location, name }) => `${location.replace(/^features\/(.*)\.feature:\d+$/u, "$1")}: ${name}`,
  );
  expect(named.length).toBeGreaterThan(35);
  expect(named.filter((one) => !known.includes(one))).toEqual([]);
});
