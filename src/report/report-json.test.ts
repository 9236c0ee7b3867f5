import { readFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { z } from "zod";
import { NoRunError } from "./head.ts";
import { reportJson, reportText } from "./report-json.ts";
import { reportJsonSchema } from "./report-schema.ts";
import { NASTY } from "./testdata/control-characters.ts";
import { sampleRun } from "./testdata/sample-run.ts";

const published = new URL("../../docs/report.schema.json", import.meta.url);

function validator(): z.ZodType {
  return z.fromJSONSchema(JSON.parse(readFileSync(published, "utf8")));
}

/** `vitest run -u` writes it anew. */
test("the published schema is the one that is used", async () => {
  const source = await format(JSON.stringify(reportJsonSchema()), { parser: "json", printWidth: 110 });
  await expect(source).toMatchFileSnapshot(published.pathname);
});

test("a report fits the published schema", () => {
  const report = JSON.parse(JSON.stringify(reportJson(sampleRun())));
  expect(validator().safeParse(report).error).toBeUndefined();
});

test.each([
  ["no head", { head: undefined }],
  ["a verdict that does not exist", { scr: [{ ...reportJson(sampleRun()).scr[0], verdict: "MAYBE" }] }],
  ["an unknown member", { percentage: 98 }],
])("the published schema refuses %s", (_, change) => {
  const report = JSON.parse(JSON.stringify({ ...reportJson(sampleRun()), ...change }));
  expect(validator().safeParse(report).success).toBe(false);
});

test("a failing statement says what was expected, what was seen, whose fault it is and where", () => {
  const { requirements, scr, scenarios, summary } = reportJson(sampleRun());
  const failed = requirements.find(({ id }) => id === "8.3.2.1-6");
  expect(failed).toMatchObject({
    level: "SHALL",
    verdict: "fail",
    blame: "sut",
    expected: "Request-URI sip:bob@home.example",
    actual: "Request-URI sip:exploder@home.example",
    evidence: [
      { scenario: "s2", from: 8, to: 33, href: expect.stringMatching(/^index\.html#scenario\/s2\/\d+$/) },
    ],
  });
  expect(scr.find(({ id }) => id === "IMSpec-PMM-S-004")).toMatchObject({
    verdict: "FAIL",
    scenarios: [{ id: "s2", href: "index.html#scenario/s2" }],
    counts: { failed: 1, of: 4 },
  });
  expect(scenarios.map(({ verdict }) => verdict)).toEqual(["pass", "fail", "inconclusive", "not-run"]);
  expect(summary.nonconformities).toMatchObject([{ id: "IMSpec-PMM-S-004", statements: ["8.3.2.1-6"] }]);
});

test("no secret of the SUT file, and hostile text unchanged", () => {
  const input = sampleRun();
  const scenarios = input.scenarios.map((scenario) => ({ ...scenario, name: NASTY }));
  const text = JSON.stringify(reportJson({ ...input, scenarios }));
  expect(text).not.toContain("secret-of");
  expect(JSON.parse(text).scenarios[0].name).toBe(NASTY);
});

test("a record cut short is rendered as far as it goes; one without a beginning is refused", () => {
  const input = sampleRun();
  const cut = reportJson({ ...input, events: input.events.slice(0, 40) });
  expect(cut.head.completion).toBe("cut short");
  expect(() => reportJson({ ...input, events: input.events.slice(1) })).toThrow(NoRunError);
});

test("the text is the report, one line for what holds only plain values", () => {
  const report = reportJson(sampleRun());
  const text = reportText(report);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
  expect(text).toMatch(/^ {6}"counts": \{"passed":2,.*\},$/m);
});

test("of what passed one event a scenario is cited, of what failed every one", () => {
  const input = sampleRun();
  const evidence = [1, 2, 3].map((seq) => ({ scenario: "s1", seq }));
  const withVerdict = (verdict: "pass" | "fail") =>
    reportJson({
      ...input,
      statements: input.statements.slice(0, 1).map((one) => ({ ...one, verdict, evidence })),
    });
  expect(withVerdict("pass").requirements[0]?.evidence).toMatchObject([{ seq: 1 }]);
  expect(withVerdict("fail").requirements[0]?.evidence).toHaveLength(3);
});
