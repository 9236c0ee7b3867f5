import { expect, test } from "vitest";
import type { ItemVerdict } from "../judge/results.ts";
import { markdownTable, markdownText } from "./markdown.ts";
import type { ReportInput } from "./model.ts";
import { scrMarkdown } from "./scr-markdown.ts";
import { summarise } from "./summary.ts";
import { renderTables } from "./terminal.ts";
import { NASTY } from "./testdata/control-characters.ts";
import { sampleRun } from "./testdata/sample-run.ts";

test.each([
  ["a|b", String.raw`a\|b`],
  ["<script>", "&lt;script&gt;"],
  ["*a* _b_ `c`", String.raw`\*a\* \_b\_ \`c\``],
  ["SIMPLE_IM", "SIMPLE_IM"],
  ["a\nb", "a␊b"],
  ["[x](y)", String.raw`\[x\](y)`],
])("Markdown: %j becomes %j", (text, escaped) => {
  expect(markdownText(text)).toBe(escaped);
});

test("a table keeps its shape whatever stands in the cells", () => {
  const lines = markdownTable(["a", "b"], [[NASTY, "2"]])
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]?.match(/(?<!\\)\|/g)).toHaveLength(3);
});

test("scr.md has the tables, corrections, and the annex", () => {
  const text = scrMarkdown(sampleRun());
  expect(text).toContain(
    "| IMSpec-PMM-S-003 | Receiving SIP MESSAGE request for group communication | 9.3.1.1 (meant: 8.3.1.1) | M | IMSpec-COR-S-001 (exists nowhere) | PARTIAL |",
  );
  expect(text).toContain(
    "| ics_PMM_S_004 | Sending SIP MESSAGE request to each member of the URI-List | IMSpec-PMM-S-004 | yes |",
  );
  expect(text).toContain("| ixit_ts1 | Ts1, answer to a system message | ms | 2000 |");
  expect(text).toContain("| ics_PMM_S_004 | s2 Each recipient gets a MESSAGE of its own | fail |");
  expect(text).not.toContain("secret-of");
  expect(text).not.toContain("%");
});

function withVerdicts(...verdicts: readonly ItemVerdict[]): ReportInput {
  const input = sampleRun();
  const scr = input.scr.map((item, index) => ({ ...item, verdict: verdicts[index] ?? "NOT RUN" }));
  return { ...input, scr, general: [], scenarios: [], statements: [] };
}

test.each<readonly [readonly ItemVerdict[], string, string, readonly string[]]>([
  [["PASS", "PASS"], "No nonconformity found", "clean", []],
  [["PASS", "PARTIAL"], "No nonconformity found", "clean", ["1 item not wholly exercised"]],
  [["FAIL", "FAIL", "PASS"], "2 items do not conform", "found", []],
  [["FAIL"], "One item does not conform", "found", []],
  [["INCONCLUSIVE"], "Nothing was judged", "open", ["1 item could not be decided"]],
  [[], "Nothing was judged", "open", []],
])("%j: %s", (verdicts, headline, tone, qualifications) => {
  expect(summarise(withVerdicts(...verdicts))).toMatchObject({ headline, tone, qualifications });
});

// oxlint-disable-next-line no-control-regex -- looks for escape sequences
const ESCAPE = /\u001b/;

test("the terminal gets the tables that ran, and no escape sequence of a SUT", () => {
  const input = sampleRun();
  const general = input.general.map((item) => ({
    ...item,
    function: NASTY,
    verdict: "FAIL" as const,
    reasons: [NASTY],
  }));
  const plain = renderTables({ ...input, general }, { color: false, columns: 100 });
  expect(plain).toMatch(/^B\.3\.1 {2}Originating Client/);
  expect(plain).toContain("  IMSpec-PMM-S-004   O  FAIL           Sending SIP MESSAGE request");
  expect(plain).not.toContain("B.1.1");
  expect(plain).not.toMatch(ESCAPE);
  expect(
    Math.max(
      ...plain
        .split("\n")
        .slice(0, 25)
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(100);
  expect(renderTables(input, { color: true })).toMatch(ESCAPE);
});

test.each([
  ["B.3.5", ["B.3.5"]],
  ["B.3", ["B.3.1", "B.3.2", "B.3.3", "B.3.4", "B.3.5"]],
  ["B.1", ["B.1.1"]],
])("tables of %s", (table, wanted) => {
  const text = renderTables(sampleRun(), { color: false, table });
  expect(text.match(/^B[\d.]+/gm)).toEqual(wanted);
});
