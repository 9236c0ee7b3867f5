import { readFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { interpretationsPage } from "./interpretations.ts";
import { statements } from "./register.ts";

const page = readFileSync(new URL("../../docs/interpretations.md", import.meta.url), "utf8");

test("docs/interpretations.md is current (node --import tsx src/spec/write-interpretations.ts)", async () => {
  expect(page).toBe(await format(interpretationsPage(), { parser: "markdown", printWidth: 110 }));
});

test("every statement with a reading stands there", () => {
  const read = statements().filter(({ reading }) => reading !== undefined);
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter(({ id }) => !page.includes(`\`${id}\``))).toEqual([]);
});
