import { XmlDocument, XmlElement } from "libxml2-wasm";
import { expect, test } from "vitest";
import type { ReportInput } from "./model.ts";
import { junitXml } from "./junit.ts";
import { NASTY } from "./testdata/control-characters.ts";
import { sampleRun } from "./testdata/sample-run.ts";

function elements(input: ReportInput, path: string): XmlElement[] {
  using document = XmlDocument.fromString(junitXml(input));
  return document.find(path).filter((node) => node instanceof XmlElement);
}

function numberAt(input: ReportInput, path: string): number {
  using document = XmlDocument.fromString(junitXml(input));
  return Number(document.eval(path));
}

test("a suite per feature and per table of which something was judged, with counts that add up", () => {
  const input = sampleRun();
  expect(elements(input, "/testsuites/testsuite")).toHaveLength(5);
  for (const [attribute, element] of [
    ["failures", "failure"],
    ["errors", "error"],
    ["skipped", "skipped"],
  ] as const) {
    expect(numberAt(input, `number(/testsuites/@${attribute})`)).toBe(numberAt(input, `count(//${element})`));
    expect(numberAt(input, `sum(//testsuite/@${attribute})`)).toBe(numberAt(input, `count(//${element})`));
  }
  expect(numberAt(input, "count(//testcase)")).toBe(numberAt(input, "number(/testsuites/@tests)"));
});

test.each([
  [
    "//testcase[contains(@file, 's2.feature')]/failure[@type='fail'][contains(., 'got Request-URI sip:exploder')]",
  ],
  ["//testcase[contains(@file, 's3.feature')]/error[@type='inconclusive']"],
  ["//testcase[contains(@file, 's4.feature')]/skipped"],
  ["//testcase[contains(@file, 's1.feature')][not(*)]"],
  ["//testcase[starts-with(@name, 'IMSpec-PMM-S-004')]/failure"],
  ["//testcase[starts-with(@name, 'IMSpec-PMM-S-003')]/skipped[contains(., 'of 4')]"],
])("%s", (path) => {
  expect(numberAt(sampleRun(), `count(${path})`)).toBe(1);
});

test("hostile text keeps it well-formed", () => {
  const input = sampleRun();
  const scenarios = input.scenarios.map((scenario) => ({
    ...scenario,
    name: NASTY,
    feature: NASTY,
    reason: NASTY,
  }));
  const statements = input.statements.map((statement) => ({ ...statement, actual: NASTY }));
  expect(numberAt({ ...input, scenarios, statements }, "count(//testsuite[1]/testcase)")).toBe(4);
});
