/** The SCR tables with verdicts as text for a terminal. */
import { Chalk, type ChalkInstance } from "chalk";
import type { ItemResult, ItemVerdict } from "../judge/results.ts";
import type { ReportInput } from "./model.ts";
import { summarise } from "./summary.ts";
import { countsInWords, tablesOf, type ScrTable } from "./tables.ts";
import { visibleLine } from "./visible.ts";

export interface TerminalOptions {
  readonly color: boolean;
  /** Width in columns; rows are shortened to it. */
  readonly columns?: number;
  /** Which tables: all whose id begins so; default: those with an item that was run. */
  readonly table?: string;
  /** The General items too, where `table` leaves them out. */
  readonly general?: boolean;
}

const ID_COLUMNS = 18;
const VERDICT_COLUMNS = 14;

/** The tables, then what was found. Ends with a line feed. */
export function renderTables(input: ReportInput, options: TerminalOptions): string {
  const chalk = new Chalk({ level: options.color ? 1 : 0 });
  const tables = tablesOf(input.scr).filter((table) => isWanted(table, options.table));
  const general = input.general.filter(({ verdict }) => verdict !== "NOT RUN");
  const all =
    (options.table === undefined || options.general === true) && general.length > 0
      ? [...tables, generalTable(general)]
      : tables;
  const width = Math.max(options.columns ?? 100, 60);
  return [...all.map((table) => tableText(table, chalk, width)), summaryText(input, chalk)].join("\n");
}

function isWanted({ id, items }: ScrTable, wanted: string | undefined): boolean {
  if (wanted !== undefined) return id === wanted || id.startsWith(`${wanted}.`);
  return items.some(({ verdict }) => verdict !== "NOT RUN");
}

function generalTable(items: readonly ItemResult[]): ScrTable {
  return { id: "General items", title: "statements that no SCR item references", items };
}

function tableText({ id, title, items }: ScrTable, chalk: ChalkInstance, width: number): string {
  const rows = items.map((item) => rowText(item, chalk, width));
  return [`${chalk.bold(visibleLine(id))}  ${visibleLine(title)}`, ...rows, ""].join("\n");
}

function rowText(item: ItemResult, chalk: ChalkInstance, width: number): string {
  const verdict = verdictColor(chalk, item.verdict)(item.verdict.padEnd(VERDICT_COLUMNS));
  const room = width - ID_COLUMNS - VERDICT_COLUMNS - 8;
  const line = `  ${item.id.padEnd(ID_COLUMNS)} ${item.status}  ${verdict} ${shortened(item.function, room)}`;
  const reason = reasonOf(item);
  const indent = " ".repeat(ID_COLUMNS + 6);
  return reason === "" ? line : `${line}\n${indent}${chalk.dim(shortened(reason, width - indent.length))}`;
}

/** A pass and what lies outside need no explanation in a terminal. */
function reasonOf(item: ItemResult): string {
  if (["PASS", "NOT RUN", "NOT APPLICABLE"].includes(item.verdict)) return "";
  return [item.reasons[0], countsInWords(item)].filter((part) => part).join("; ");
}

function verdictColor(chalk: ChalkInstance, verdict: ItemVerdict): ChalkInstance {
  const colors: Readonly<Record<ItemVerdict, ChalkInstance>> = {
    PASS: chalk.green,
    FAIL: chalk.red.bold,
    PARTIAL: chalk.yellow,
    INCONCLUSIVE: chalk.yellow,
    "NOT APPLICABLE": chalk.dim,
    "NOT EVALUABLE": chalk.dim,
    "NOT RUN": chalk.dim,
  };
  return colors[verdict];
}

function summaryText(input: ReportInput, chalk: ChalkInstance): string {
  const { headline, tone, qualifications, nonconformities } = summarise(input);
  const paint = { clean: chalk.green.bold, found: chalk.red.bold, open: chalk.yellow.bold }[tone];
  return [
    paint(`${headline}.`),
    ...nonconformities.map(({ id, says }) => `  ${visibleLine(id)}: ${visibleLine(says)}`),
    ...qualifications.map((one) => chalk.dim(`  ${one}`)),
    "",
  ].join("\n");
}

function shortened(text: string, columns: number): string {
  const line = visibleLine(text);
  return line.length <= columns ? line : `${line.slice(0, Math.max(columns - 1, 1))}…`;
}
