/**
 * `junit.xml`: a suite per feature with its scenarios, and a suite per SCR table with its items. `failure` is the SUT's, `error` is what could
 * not be decided or is Scrim's or the rig's, `skipped` is what did not run or does not apply.
 */
import type { ItemResult, ItemVerdict, ScenarioResult } from "../judge/results.ts";
import { reportHead } from "./head.ts";
import type { ReportInput } from "./model.ts";
import { countsInWords, isIdle, tablesOf } from "./tables.ts";
import { visible } from "./visible.ts";

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly file?: string;
  readonly durationMs: number;
  readonly outcome?: {
    readonly element: "failure" | "error" | "skipped";
    readonly type: string;
    readonly message: string;
  };
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Well-formed XML 1.0 whatever the SUT sent. Throws `NoRunError`. */
export function junitXml(input: ReportInput): string {
  const { startedAt } = reportHead(input);
  const suites = [...featureSuites(input), ...tableSuites(input)];
  const body = suites.map((suite) => suiteElement(suite, startedAt)).join("");
  const totals = countAttributes(suites.flatMap((suite) => suite.cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="scrim"${totals}>\n${body}</testsuites>\n`;
}

function featureSuites({ scenarios, statements }: ReportInput): readonly Suite[] {
  const unmet = statements.filter(({ verdict }) => verdict === "fail" || verdict === "warn");
  const suites = new Map<string, Case[]>();
  for (const scenario of scenarios) {
    const own = unmet.filter((statement) => statement.scenarios.includes(scenario.id));
    const details = own.map(
      ({ id, level, expected, actual }) => `${id} (${level}): expected ${expected}; got ${actual}`,
    );
    suites.set(scenario.feature, [...(suites.get(scenario.feature) ?? []), scenarioCase(scenario, details)]);
  }
  return [...suites].map(([name, cases]) => ({ name, cases }));
}

function scenarioCase(scenario: ScenarioResult, details: readonly string[]): Case {
  const outcome = scenarioOutcome(scenario);
  return {
    suite: scenario.feature,
    name: scenario.name,
    file: scenario.location,
    durationMs: scenario.durationMs,
    ...(outcome !== undefined && { outcome }),
    text: details.join("\n"),
  };
}

function scenarioOutcome({ verdict, reason, blame }: ScenarioResult): Case["outcome"] {
  const message = [reason ?? verdict, blame === undefined ? "" : `(blame: ${blame})`].join(" ").trim();
  if (verdict === "fail") return { element: "failure", type: verdict, message };
  if (verdict === "error" || verdict === "inconclusive") return { element: "error", type: verdict, message };
  return verdict === "not-run" ? { element: "skipped", type: verdict, message } : undefined;
}

/** Without the tables of which nothing was judged: a hundred skipped cases would hide those that were not. */
function tableSuites({ scr, general }: ReportInput): readonly Suite[] {
  return tablesOf([...scr, ...general])
    .filter((table) => !isIdle(table))
    .map(({ id, title, items }) => {
      const name = `SCR ${id} ${title}`;
      return { name, cases: items.map((item) => itemCase(item, name)) };
    });
}

function itemCase(item: ItemResult, suite: string): Case {
  const outcome = itemOutcome(item);
  return {
    suite,
    name: `${item.id} ${item.function}`,
    durationMs: 0,
    ...(outcome !== undefined && { outcome }),
    text: [...item.reasons, countsInWords(item)].filter((line) => line !== "").join("\n"),
  };
}

const ITEM_ELEMENTS: Readonly<Record<ItemVerdict, "failure" | "error" | "skipped" | undefined>> = {
  PASS: undefined,
  FAIL: "failure",
  INCONCLUSIVE: "error",
  PARTIAL: "skipped",
  "NOT APPLICABLE": "skipped",
  "NOT EVALUABLE": "skipped",
  "NOT RUN": "skipped",
};

function itemOutcome({ verdict, reasons }: ItemResult): Case["outcome"] {
  const element = ITEM_ELEMENTS[verdict];
  return element && { element, type: verdict, message: reasons[0] ?? verdict };
}

function suiteElement({ name, cases }: Suite, startedAt: string): string {
  const attributes = `${attribute("name", name)}${countAttributes(cases)}${attribute("timestamp", startedAt.slice(0, 19))}`;
  return `  <testsuite${attributes}>\n${cases.map(caseElement).join("")}  </testsuite>\n`;
}

function caseElement({ suite, name, file, durationMs, outcome, text }: Case): string {
  const place = file === undefined ? "" : attribute("file", file);
  const open = `    <testcase${attribute("classname", suite)}${attribute("name", name)}${place}${attribute("time", seconds(durationMs))}`;
  if (outcome === undefined) {
    return text === ""
      ? `${open}/>\n`
      : `${open}>\n      <system-out>${escaped(text)}</system-out>\n    </testcase>\n`;
  }
  const { element, type, message } = outcome;
  const attributes = `${element === "skipped" ? "" : attribute("type", type)}${attribute("message", message)}`;
  return `${open}>\n      <${element}${attributes}>${escaped(text)}</${element}>\n    </testcase>\n`;
}

function countAttributes(cases: readonly Case[]): string {
  const count = (element: string) => cases.filter((one) => one.outcome?.element === element).length;
  const time = seconds(cases.reduce((sum, one) => sum + one.durationMs, 0));
  return ` tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${time}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escaped(value).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;
}

/** XML 1.0 cannot hold control characters, not even as references: `visible` shows them by pictures. U+FFFE and U+FFFF are barred too. */
function escaped(text: string): string {
  return visible(text)
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
