/** The shape of `report.json`, version 1. `docs/report.schema.json` is the published form and is made from this. */
import { z } from "zod";

export const REPORT_FORMAT = "scrim-report/1";

const text = z.string();
const texts = z.array(text);
const count = z.int().min(0);

const itemVerdict = z.enum([
  "PASS",
  "FAIL",
  "PARTIAL",
  "INCONCLUSIVE",
  "NOT APPLICABLE",
  "NOT EVALUABLE",
  "NOT RUN",
]);
const findingVerdict = z.enum(["pass", "fail", "warn", "noted", "inconclusive", "error"]);
const statementVerdict = z.enum([
  ...findingVerdict.options,
  "not exercised",
  "not applicable",
  "excluded",
  "waiting",
]);
const blame = z.enum(["sut", "scrim", "rig"]).nullable();

const scenarioReference = z.strictObject({
  id: text,
  href: text.describe("Where it stands in the HTML report, relative to this file"),
});

const head = z.strictObject({
  product: text,
  version: text,
  vendor: text,
  tester: text,
  document: text.describe("The exact document that was judged"),
  scrim: text.describe("Version of Scrim"),
  roles: texts,
  selection: texts,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  completion: z.enum(["complete", "interrupted", "cut short"]),
  seed: z.number(),
  virtual: z.boolean().describe("Whether clock and network were simulated"),
});

const summary = z.strictObject({
  headline: text,
  qualifications: texts,
  nonconformities: z.array(
    z.strictObject({
      kind: z.enum(["item", "statement"]),
      id: text,
      title: text,
      says: text,
      statements: texts,
    }),
  ),
});

const ixitRow = z.strictObject({ ixit: text, description: text, unit: text, value: text });

const item = z.strictObject({
  id: text,
  table: text,
  tableTitle: text,
  function: text,
  status: z.enum(["M", "O"]),
  role: text,
  clause: z.strictObject({ printed: text, corrected: texts }),
  correction: text.nullable(),
  printed: z
    .strictObject({ id: text, status: text })
    .nullable()
    .describe("Where it differs from id and status"),
  requirement: z.strictObject({ expression: text, dangling: texts }).nullable(),
  supported: z.boolean(),
  verdict: itemVerdict,
  counts: z.strictObject({
    passed: count,
    failed: count,
    warned: count,
    inconclusive: count,
    notExercised: count,
    excluded: count,
    waiting: count,
    of: count,
  }),
  reasons: texts,
  statements: texts,
  scenarios: z.array(scenarioReference),
});

const evidence = z.strictObject({
  scenario: text,
  seq: count.describe("The event of run.ndjson that shows it"),
  from: count.nullable().describe("First offending byte, as an offset into the message"),
  to: count.nullable().describe("The byte after the last offending one"),
  href: text,
});

const disposition = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("bound"), check: text }),
  z.strictObject({ kind: z.literal("excluded"), because: text, note: text }),
  z.strictObject({ kind: z.literal("waiting"), for: text }),
]);

const requirement = z.strictObject({
  id: text,
  clause: text,
  level: z.enum(["SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY", "FLOW"]),
  role: text,
  says: text,
  disposition,
  items: texts,
  verdict: statementVerdict,
  blame,
  expected: text.nullable(),
  actual: text.nullable(),
  note: text.nullable(),
  evidence: z.array(evidence).describe("All of what speaks against it; of a pass one event a scenario"),
  scenarios: z.array(scenarioReference),
});

const scenario = z.strictObject({
  id: text,
  href: text,
  name: text,
  feature: text,
  location: text,
  tags: texts,
  purpose: texts,
  sut: z.enum(["server", "client"]),
  configurationSet: text,
  verdict: z.enum([...findingVerdict.options, "not-run"]),
  reason: text.nullable(),
  blame,
  startedAt: z.iso.datetime().nullable(),
  durationMs: z.number().min(0),
  steps: z.array(
    z.strictObject({
      text,
      status: z.enum(["passed", "failed", "skipped"]),
      reason: text.nullable(),
      blame,
    }),
  ),
});

export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  head,
  summary,
  ics: z.array(z.strictObject({ ics: text, item: text, description: text, supported: z.boolean() })),
  ixit: z.array(ixitRow).describe("Without secrets"),
  exclusions: z.array(z.strictObject({ statement: text, because: text, note: text })),
  waiting: z.array(z.strictObject({ statement: text, for: text })),
  readings: z.array(z.strictObject({ name: text, reading: text, says: text.nullable() })),
  defects: z.array(z.strictObject({ at: text, says: text })),
  notes: z.array(z.strictObject({ about: text, text })),
  scr: z.array(item),
  general: z.array(item).describe("Statements that no SCR item references, an item per clause"),
  requirements: z.array(requirement),
  scenarios: z.array(scenario),
});

export type ReportJson = z.infer<typeof reportSchema>;

/** The JSON Schema (draft 2020-12) of `report.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema);
  return { $schema, title: "Report of a Scrim run", ...schema };
}
