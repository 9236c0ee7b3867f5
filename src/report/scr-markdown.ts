/** `scr.md`: the SCR tables with verdicts, and the annex of ICS, IXIT and applicability. */
import type { ItemResult } from "../judge/results.ts";
import { annexOf, type ApplicabilityRow, type IcsRow, type IxitRow } from "./annex.ts";
import { defectsOf } from "./defects.ts";
import { reportHead } from "./head.ts";
import { markdownTable, markdownText } from "./markdown.ts";
import type { ReportInput } from "./model.ts";
import { summarise } from "./summary.ts";
import { countsInWords, isIdle, reasonOf, referenceOf, tablesOf, type ScrTable } from "./tables.ts";

/** Throws `NoRunError` for a record without an opening event. */
export function scrMarkdown(input: ReportInput): string {
  const tables = tablesOf(input.scr);
  return [
    headPart(input),
    summaryPart(input),
    ...tables.filter((table) => !isIdle(table)).map((table) => tablePart(table)),
    tablePart({
      id: "General",
      title: "items (statements that no SCR item references)",
      items: input.general,
    }),
    listsPart(input),
    annexPart(input),
    "## SCR tables of which nothing was judged\n",
    ...tables.filter(isIdle).map((table) => tablePart(table, "###")),
  ].join("\n");
}

function headPart(input: ReportInput): string {
  const head = reportHead(input);
  return [
    `# Static conformance of ${markdownText(`${head.product} ${head.version}`)}`,
    "",
    markdownTable(
      ["", ""],
      [
        ["Product", `${head.product} ${head.version}`],
        ["Vendor", head.vendor],
        ["Roles", head.roles.join(", ")],
        ["Judged against", head.document],
        ["Tester", head.tester],
        ["Date", head.startedAt],
        ["Run", head.completion],
        ["Selection", head.selection.join(", ") || "everything"],
        ["Scrim", head.scrim],
      ],
    ),
  ].join("\n");
}

function summaryPart(input: ReportInput): string {
  const { headline, qualifications, nonconformities } = summarise(input);
  const points = [
    ...nonconformities.map(({ id, says }) => `- **${markdownText(id)}**: ${markdownText(says)}`),
    ...qualifications.map((one) => `- ${markdownText(one)}`),
  ];
  return [`**${headline}.**`, "", ...points, ""].join("\n");
}

function tablePart({ id, title, items }: ScrTable, heading = "##"): string {
  const head = ["Item", "Function", "Reference", "Status", "Requirement", "Verdict", "Evidence"];
  return [`${heading} ${markdownText(`${id} ${title}`)}`, "", markdownTable(head, items.map(tableRow))].join(
    "\n",
  );
}

function tableRow(item: ItemResult): string[] {
  const { printed, corrected } = referenceOf(item);
  const { requirement } = item;
  return [
    item.printed?.id ?? item.id,
    item.function,
    corrected === undefined ? printed : `${printed} (meant: ${corrected})`,
    item.printed?.status ?? item.status,
    requirement === undefined
      ? ""
      : requirement.expression + (requirement.dangling.length > 0 ? " (exists nowhere)" : ""),
    item.verdict,
    [reasonOf(item), countsInWords(item)].filter((part) => part).join("; "),
  ];
}

function listsPart(input: ReportInput): string {
  const excluded = input.statements.flatMap(({ id, disposition }) =>
    disposition.kind === "excluded" ? [[id, disposition.because, disposition.note]] : [],
  );
  const readings = (input.readings ?? []).map(({ name, reading, says }) => [name, reading, says ?? ""]);
  return [
    "## Exclusions",
    "",
    markdownTable(["Statement", "Because", "Note"], excluded),
    "## Readings accepted",
    "",
    markdownTable(["Question", "Reading", "Meaning"], readings),
    "## Defects of the specification",
    "",
    markdownTable(
      ["At", "Defect"],
      defectsOf(input).map(({ at, says }) => [at, says]),
    ),
  ].join("\n");
}

function annexPart(input: ReportInput): string {
  const annex = annexOf(input);
  return [
    "## Annex: applicability",
    "",
    "### Client ICS",
    "",
    icsTable(annex.clientIcs),
    "### Server ICS",
    "",
    icsTable(annex.serverIcs),
    "### IXIT",
    "",
    ixitTable([...annex.commonIxit, ...annex.clientIxit, ...annex.serverIxit]),
    "### ICS to test case mapping",
    "",
    applicabilityTable(annex.applicability),
  ].join("\n");
}

function icsTable(rows: readonly IcsRow[]): string {
  return markdownTable(
    ["ICS", "Description", "SCR Reference", "Supported"],
    rows.map(({ ics, description, item, supported }) => [ics, description, item, supported ? "yes" : "no"]),
  );
}

function ixitTable(rows: readonly IxitRow[]): string {
  return markdownTable(
    ["IXIT", "Description", "Unit", "Value"],
    rows.map(({ ixit, description, unit, value }) => [ixit, description, unit, value]),
  );
}

function applicabilityTable(rows: readonly ApplicabilityRow[]): string {
  return markdownTable(
    ["Applicability", "Test case", "Verdict"],
    rows.flatMap(({ when, scenarios }) =>
      scenarios.map(({ id, name, verdict }) => [when || "mandatory features only", `${id} ${name}`, verdict]),
    ),
  );
}
