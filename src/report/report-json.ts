/** `report.json`: everything that judging came to, for machines. */
import type { ItemResult, LocatedEvidence, ScenarioResult, StatementResult } from "../judge/results.ts";
import { annexOf } from "./annex.ts";
import { defectsOf } from "./defects.ts";
import { reportHead } from "./head.ts";
import { scenarioLink } from "./links.ts";
import type { ReportInput } from "./model.ts";
import { REPORT_FORMAT, type ReportJson } from "./report-schema.ts";
import { summarise } from "./summary.ts";

const PAGE = "index.html";

/** Throws `NoRunError` for a record without an opening event. */
export function reportJson(input: ReportInput): ReportJson {
  const { headline, qualifications, nonconformities } = summarise(input);
  const annex = annexOf(input);
  const head = reportHead(input);
  return {
    format: REPORT_FORMAT,
    head: { ...head, roles: [...head.roles], selection: [...head.selection] },
    summary: {
      headline,
      qualifications: [...qualifications],
      nonconformities: nonconformities.map((one) => ({ ...one, statements: [...one.statements] })),
    },
    ics: [...annex.clientIcs, ...annex.serverIcs],
    ixit: [...annex.commonIxit, ...annex.clientIxit, ...annex.serverIxit],
    ...standings(input),
    readings: (input.readings ?? []).map(({ says, ...reading }) => ({ ...reading, says: says ?? null })),
    defects: [...defectsOf(input)],
    notes: input.events.flatMap((event) =>
      event.type === "noted" ? [{ about: event.about, text: event.text }] : [],
    ),
    scr: input.scr.map(itemEntry),
    general: input.general.map(itemEntry),
    requirements: input.statements.map(requirementEntry),
    scenarios: input.scenarios.map(scenarioEntry),
  };
}

function standings({ statements }: ReportInput): Pick<ReportJson, "exclusions" | "waiting"> {
  return {
    exclusions: statements.flatMap(({ id, disposition }) =>
      disposition.kind === "excluded"
        ? [{ statement: id, because: disposition.because, note: disposition.note }]
        : [],
    ),
    waiting: statements.flatMap(({ id, disposition }) =>
      disposition.kind === "waiting" ? [{ statement: id, for: disposition.for }] : [],
    ),
  };
}

function itemEntry(item: ItemResult): ReportJson["scr"][number] {
  const { requirement } = item;
  return {
    id: item.id,
    table: item.table,
    tableTitle: item.tableTitle,
    function: item.function,
    status: item.status,
    role: item.role,
    clause: { printed: item.clause.printed, corrected: [...item.clause.corrected] },
    correction: item.correction ?? null,
    printed: item.printed ?? null,
    requirement:
      requirement === undefined
        ? null
        : { expression: requirement.expression, dangling: [...requirement.dangling] },
    supported: item.supported,
    verdict: item.verdict,
    counts: { ...item.counts },
    reasons: [...item.reasons],
    statements: [...item.statements],
    scenarios: item.scenarios.map(scenarioReference),
  };
}

function requirementEntry(statement: StatementResult): ReportJson["requirements"][number] {
  return {
    id: statement.id,
    clause: statement.clause,
    level: statement.level,
    role: statement.role,
    says: statement.says,
    disposition: statement.disposition,
    items: [...statement.items],
    verdict: statement.verdict,
    blame: statement.blame ?? null,
    expected: statement.expected ?? null,
    actual: statement.actual ?? null,
    note: statement.note ?? null,
    evidence: evidenceOf(statement).map(evidenceEntry),
    scenarios: statement.scenarios.map(scenarioReference),
  };
}

/** All that speaks against the SUT; of what is in order one event a scenario, the others stand in the findings of run.ndjson. */
function evidenceOf({ verdict, evidence }: StatementResult): readonly LocatedEvidence[] {
  if (verdict !== "pass" && verdict !== "noted") return evidence;
  const first = new Map<string, LocatedEvidence>();
  for (const one of evidence) if (!first.has(one.scenario)) first.set(one.scenario, one);
  return [...first.values()];
}

/** Two spaces a level, and what holds only plain values in one line: half as long, and easier to read. */
export function reportText(report: ReportJson): string {
  return `${textOf(report, "")}\n`;
}

function textOf(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null || isPlain(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((one) => textOf(one, inner))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([name, one]) => `${JSON.stringify(name)}: ${textOf(one, inner)}`);
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function isPlain(value: object): boolean {
  return Object.values(value).every((one) => typeof one !== "object" || one === null);
}

function evidenceEntry({ scenario, seq, from, to }: LocatedEvidence) {
  return { scenario, seq, from: from ?? null, to: to ?? null, href: PAGE + scenarioLink(scenario, seq) };
}

function scenarioEntry(scenario: ScenarioResult): ReportJson["scenarios"][number] {
  const { startedAt } = scenario;
  return {
    ...scenarioReference(scenario.id),
    name: scenario.name,
    feature: scenario.feature,
    location: scenario.location,
    tags: [...scenario.tags],
    purpose: [...scenario.purpose],
    sut: scenario.sut,
    configurationSet: scenario.configurationSet,
    verdict: scenario.verdict,
    reason: scenario.reason ?? null,
    blame: scenario.blame ?? null,
    startedAt: startedAt === undefined ? null : new Date(startedAt).toISOString(),
    durationMs: scenario.durationMs,
    steps: scenario.steps.map(({ text, status, reason, blame }) => ({
      text,
      status,
      reason: reason ?? null,
      blame: blame ?? null,
    })),
  };
}

function scenarioReference(id: string): { id: string; href: string } {
  return { id, href: PAGE + scenarioLink(id) };
}
