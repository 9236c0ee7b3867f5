/** A run from the command line: plan, ports, traffic, report, exit status. */
import chalk from "chalk";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { loadRules } from "../judge/rules.ts";
import { renderTables } from "../report/terminal.ts";
import type { ReportInput } from "../report/model.ts";
import { loadCucumber, readFeatures } from "../run/cucumber.ts";
import { judgeHere } from "../run/judging/judge.ts";
import { judgeInThread } from "../run/judging/judge-in-thread.ts";
import { planRun, type Plan } from "../run/plan.ts";
import { runReally } from "../run/real-run.ts";
import { loadRun, newestRun, UnknownRunError } from "../run/recorded-run.ts";
import { scenarioFilter, type ScenarioFilter } from "../run/select-scenarios.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { resolveSelection } from "../spec/selection.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent, ScenarioJudged, ScenarioOpened } from "../trace/event.ts";
import { compareWithBaseline, type BaselineEntry, type BaselineOutcome } from "./baseline.ts";
import { UsageError } from "./errors.ts";
import { EXIT } from "./exit-status.ts";
import { exitStatusOf } from "./outcome.ts";
import { projectVersion, REPORTS } from "./project.ts";
import { openTerminal, showProgress } from "./terminal.ts";
import { reportInput, writeReport } from "./write-report.ts";

export interface PerformRunOptions {
  readonly sutFile: SutFile;
  readonly selection?: readonly string[] | undefined;
  readonly tags?: string | undefined;
  readonly strict: boolean;
  readonly out?: string | undefined;
  readonly lanes: number;
  /** Scenarios tagged @slow too; without it they are left out unless `tags` speaks of them. */
  readonly slow?: boolean;
  readonly dryRun?: boolean;
  readonly rerunFailed?: boolean;
  readonly known?: readonly BaselineEntry[];
  readonly randomOrder?: number | undefined;
  readonly hideBodies?: boolean;
  /** Print these tables only; default: those with an item that was run. */
  readonly table?: string | undefined;
}

/** Scenarios; a thread has to load all checks first, and a short run would wait for that. */
const WORTH_A_THREAD = 50;

/** Gives the exit status. Usage errors are thrown, before any traffic. */
export async function performRun(options: PerformRunOptions): Promise<number> {
  if (!Number.isInteger(options.lanes) || options.lanes < 1)
    throw new UsageError(`--lanes ${options.lanes}: expected a whole number from 1 on`);
  const { sutFile } = options;
  const cucumber = await loadCucumber();
  const plan = await planOf(options);
  if (options.dryRun === true) return listPlan(plan);
  if (plan.count === 0) return nothingToRun(options);
  const out = path.resolve(options.out ?? path.join(REPORTS, stampOf(new Date())));
  const interrupt = interruption();
  const judge = plan.count < WORTH_A_THREAD ? judgeHere(await loadRules(), sutFile) : judgeInThread(sutFile);
  try {
    const { lanes, selection = [], randomOrder } = options;
    const seed = randomOrder ?? Math.floor(Math.random() * 2 ** 31);
    const onEvent = showProgress(plan.count);
    const events = await runReally({
      cucumber,
      plan,
      judge,
      sutFile,
      lanes,
      selection,
      seed,
      version: projectVersion(),
      out,
      terminal: openTerminal(),
      signal: interrupt.signal,
      onEvent,
    });
    return conclude(events, out, options);
  } finally {
    await judge.close();
    interrupt.end();
  }
}

async function planOf(options: PerformRunOptions): Promise<Plan> {
  const features = await readFeatures(await loadCucumber());
  const knownTags = new Set(features.flatMap(({ pickle }) => pickle.tags.map((tag) => tag.name)));
  const selection = resolveSelection(options.selection ?? [], {
    exists: (name) => existsSync(path.resolve(PROJECT_ROOT, name.replace(/:\d+$/u, ""))),
    knownTags,
  });
  const chosen = scenarioFilter(selection, options.tags);
  const withSlow = options.slow === true || options.tags?.includes("@slow") === true;
  const failed = options.rerunFailed === true ? await failedBefore() : () => true;
  const shuffle = options.randomOrder === undefined ? {} : { shuffleSeed: options.randomOrder };
  return planRun(features, options.sutFile, {
    selects: (scenario) =>
      chosen(scenario) && failed(scenario) && (withSlow || !scenario.tags.includes("@slow")),
    ...shuffle,
  });
}

/** Scenarios that did not pass in the newest run of `reports/`. */
async function failedBefore(): Promise<ScenarioFilter> {
  const newest = newestRun(REPORTS);
  if (newest === undefined)
    throw new UnknownRunError(
      "no-earlier-run",
      "--rerun-failed needs an earlier run in reports/, and there is none",
    );
  const { events } = await loadRun(newest);
  const passed = new Set(
    events
      .filter((event): event is ScenarioJudged => event.type === "scenario-judged")
      .filter(({ verdict }) => verdict === "pass")
      .map(({ scenario }) => scenario),
  );
  const locations = new Set(
    events
      .filter((event): event is ScenarioOpened => event.type === "scenario-opened")
      .filter(({ scenario }) => !passed.has(scenario))
      .map(({ location }) => location),
  );
  return ({ location }) => locations.has(location);
}

function nothingToRun({ rerunFailed }: PerformRunOptions): number {
  if (rerunFailed === true) {
    process.stderr.write("scrim: every scenario of the newest run passed; there is nothing to run again\n");
    return EXIT.ok;
  }
  process.stderr.write(
    "scrim: no scenario of this selection can be run: none is for a role that the SUT file declares, or all are @slow (add --slow)\n",
  );
  return EXIT.usage;
}

function listPlan(plan: Plan): number {
  for (const set of plan.sets) {
    process.stdout.write(
      `configuration set ${set.name}${set.obstacle === undefined ? "" : ` — ${set.obstacle}`}\n`,
    );
    for (const { description, obstacle } of set.scenarios) {
      const why = obstacle === undefined ? "" : ` — not run: ${obstacle}`;
      process.stdout.write(`  ${description.location}  ${description.name}${why}\n`);
    }
  }
  process.stdout.write(`${plan.count} scenarios\n`);
  return EXIT.ok;
}

function conclude(events: readonly RunEvent[], out: string, options: PerformRunOptions): number {
  const { strict, known, hideBodies, sutFile } = options;
  const input = reportInput(events, sutFile, { strict, ...(hideBodies === undefined ? {} : { hideBodies }) });
  const written = tryToWrite(input, out);
  const baseline = known === undefined ? undefined : compareWithBaseline(known, events, strict);
  tell(input, { ...written, baseline, table: options.table });
  const status = exitStatusOf(input, { strict, ...(baseline === undefined ? {} : { baseline }) });
  return written.page === undefined ? EXIT.scrim : status;
}

/** Without its page a run still has its tables and its record. */
function tryToWrite(input: ReportInput, out: string): { readonly page?: string } {
  try {
    return { page: writeReport(input, out) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `scrim: the report cannot be written: ${why}. The record is in ${out}; \`scrim report ${out}\` renders it again.\n`,
    );
    return {};
  }
}

interface Told {
  /** Absent: nothing was written. */
  readonly page?: string;
  readonly baseline?: BaselineOutcome | undefined;
  /** Which tables are printed, beside the General items; undefined: all with an item that was run. */
  readonly table?: string | undefined;
}

/** What a run came to, on standard output. */
export function tell(input: ReportInput, { page, baseline, table }: Told): void {
  const { columns } = process.stdout as { readonly columns?: number };
  const tables = renderTables(input, {
    color: chalk.level > 0,
    general: true,
    ...(columns === undefined ? {} : { columns }),
    ...(table === undefined ? {} : { table }),
  });
  process.stdout.write(`\n${tables}\n`);
  for (const { statement, scenario } of baseline?.unexpected ?? [])
    process.stdout.write(`not in the baseline: ${statement} in ${scenario}\n`);
  for (const { statement, scenario } of baseline?.stale ?? [])
    process.stdout.write(`stale in the baseline: ${statement} in ${scenario} does not fail any more\n`);
  if (page !== undefined) process.stdout.write(`Report: ${pathToFileURL(page).href}\n`);
}

/** Sortable, and fit for a folder name. */
function stampOf(date: Date): string {
  return date
    .toISOString()
    .replace(/\.\d+Z$/u, "")
    .replaceAll(":", "-");
}

/** Ctrl-C once: scenarios end, are cleaned up and reported. Twice: at once. */
function interruption(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nscrim: stopping; what is open is cleaned up (Ctrl-C again ends at once)\n");
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    end: () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}
