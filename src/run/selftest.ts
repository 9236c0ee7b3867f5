/**
 * The self-test: every check is proven both ways. First the scenarios run against the reference as it is; then each fault is put into it and
 * the scenarios of its statements run again. A fault is killed when a finding about a statement that it violates turns.
 */
import { describeScenario, type ScenarioDescription } from "../lab/describe-scenario.ts";
import type { JudgingRules } from "../judge/judge-scenario.ts";
import { allFaults } from "../fault/all-faults.ts";
import { universalStatements } from "../check/universal/statements.ts";
import type { Fault } from "../fault/fault.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { FindingMade, RunEvent, ScenarioJudged, ScenarioOpened } from "../trace/event.ts";
import type { Cucumber, FeatureScenario } from "./cucumber.ts";
import { planRun } from "./plan.ts";
import { runVirtually } from "./virtual-run.ts";

export interface SelftestOptions {
  readonly cucumber: Cucumber;
  readonly features: readonly FeatureScenario[];
  readonly rules: JudgingRules;
  readonly sutFile: SutFile;
  /** Statements whose faults are run. */
  readonly selects: (statement: string) => boolean;
  readonly onProgress?: (result: FaultResult) => void;
  /** What of the work is done here; default: all. */
  readonly share?: Share;
}

/** One part of so many: every fault and every scenario is in one of them. */
export interface Share {
  /** From 0. */
  readonly part: number;
  readonly parts: number;
}

export interface FaultResult {
  readonly fault: string;
  readonly statements: readonly string[];
  /** Scenarios in which one of its statements turned. */
  readonly killedIn: readonly string[];
  /** Other statements that turned too, with what was said of them. */
  readonly collateral: readonly string[];
  /** Why it was not killed: no scenario names its statements, or none turned. */
  readonly survivedBecause?: string;
}

export interface SelftestResult {
  /** Scenarios that do not pass on the conforming reference, which is a defect of Scrim whatever the faults show. */
  readonly unsound: readonly { readonly scenario: string; readonly reason: string }[];
  readonly faults: readonly FaultResult[];
}

const SEED = 1;

export async function selftest(options: SelftestOptions): Promise<SelftestResult> {
  const { part, parts } = options.share ?? { part: 0, parts: 1 };
  const faults = (await allFaults())
    .filter((fault) => fault.statements.some(options.selects))
    .filter((_fault, index) => index % parts === part);
  const own = options.features
    .map(({ pickle, document }) => describeScenario(pickle, document))
    .filter(({ purpose }) => purpose.some(options.selects))
    .filter((_scenario, index) => index % parts === part);
  const places = new Set(own.map(({ location }) => location));
  const wanted = ({ location, purpose }: ScenarioDescription): boolean =>
    places.has(location) && purpose.some(options.selects);
  const sound = await runSelected(options, wanted);
  const results: FaultResult[] = [];
  for (const fault of faults) {
    const result = await tryFault(fault, options);
    results.push(result);
    options.onProgress?.(result);
  }
  return { unsound: unsoundIn(sound), faults: results };
}

/** The parts in the order of their faults. */
export function mergedParts(parts: readonly SelftestResult[]): SelftestResult {
  const longest = Math.max(0, ...parts.map(({ faults }) => faults.length));
  return {
    unsound: parts.flatMap(({ unsound }) => unsound),
    faults: Array.from({ length: longest }, (_, turn) => turn).flatMap((turn) =>
      parts.flatMap(({ faults }) => faults[turn] ?? []),
    ),
  };
}

/** No scenario is written for what holds of every message; these have messages of most kinds. */
const USUAL_TRAFFIC = "@IMSpec-PMM-S-001";

/** How many scenarios of a statement are tried at a time: the first few nearly always tell. */
const BATCH = 3;

async function tryFault(fault: Fault, options: SelftestOptions): Promise<FaultResult> {
  const naming = scenariosOf(fault, options);
  const turned: FindingMade[] = [];
  for (let from = 0; from < naming.length && !isKilled(fault, turned); from += BATCH) {
    const batch = new Set(naming.slice(from, from + BATCH).map((scenario) => scenario.location));
    const events = await runSelected(options, (scenario) => batch.has(scenario.location), fault);
    turned.push(
      ...events.filter((event): event is FindingMade => event.type === "finding" && isTurned(event)),
    );
  }
  const collateral = new Set(
    turned.map((finding) => finding.statement).filter((id) => !fault.statements.includes(id)),
  );
  const killing = turned.filter((finding) => fault.statements.includes(finding.statement));
  return {
    fault: fault.id,
    statements: fault.statements,
    killedIn: [...new Set(killing.map((finding) => finding.scenario))],
    collateral: [...collateral],
    ...(killing.length > 0
      ? {}
      : { survivedBecause: naming.length === 0 ? "no scenario names its statements" : "no finding turned" }),
  };
}

function isKilled(fault: Fault, turned: readonly FindingMade[]): boolean {
  return turned.some((finding) => fault.statements.includes(finding.statement));
}

/** Scenarios that name a statement of the fault and run where it shows; those with the fewest other purposes first. */
function scenariosOf(fault: Fault, { features, sutFile }: SelftestOptions): readonly ScenarioDescription[] {
  const universal = fault.statements.some((id) =>
    universalStatements.some((statement) => statement.id === id),
  );
  const names = ({ purpose, tags }: ScenarioDescription): boolean =>
    universal ? tags.includes(USUAL_TRAFFIC) : purpose.some((id) => fault.statements.includes(id));
  const selects = (scenario: ScenarioDescription): boolean => scenario.sut === fault.role && names(scenario);
  const planned = planRun(features, sutFile, { selects }).sets.flatMap((set) =>
    set.scenarios.map(({ description }) => description),
  );
  const rank = ({ configurationSet }: ScenarioDescription): number =>
    Number(fault.set !== undefined && configurationSet !== fault.set);
  return planned.toSorted((a, b) => rank(a) - rank(b) || a.purpose.length - b.purpose.length);
}

/** `fail` for SHALL, `warn` for SHOULD. */
function isTurned(finding: FindingMade): boolean {
  return finding.blame === "sut" && (finding.verdict === "fail" || finding.verdict === "warn");
}

function runSelected(
  options: SelftestOptions,
  selects: (scenario: ScenarioDescription) => boolean,
  fault?: Fault,
): Promise<readonly RunEvent[]> {
  const { cucumber, features, rules, sutFile } = options;
  const plan = planRun(features, sutFile, { selects });
  if (plan.count === 0) return Promise.resolve([]);
  const faults =
    fault === undefined
      ? {}
      : fault.role === "server"
        ? { server: fault.alterations }
        : { client: fault.alterations };
  return runVirtually({ cucumber, plan, rules, sutFile, seed: SEED, faults });
}

function unsoundIn(events: readonly RunEvent[]): SelftestResult["unsound"] {
  const names = new Map(
    events
      .filter((event): event is ScenarioOpened => event.type === "scenario-opened")
      .map((event) => [event.scenario, event.location]),
  );
  return events
    .filter((event): event is ScenarioJudged => event.type === "scenario-judged" && event.verdict !== "pass")
    .map((judged) => ({
      scenario: names.get(judged.scenario) ?? judged.scenario,
      reason: `${judged.verdict}: ${judged.reason ?? ""}`,
    }));
}
