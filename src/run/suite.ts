/** A run: the rig is opened, the configuration sets are gone through, lanes run scenarios, each is judged when its trace is closed. */
import { judgeScenario, type JudgingRules } from "../judge/judge-scenario.ts";
import { openRig, type Rig, type RigOptions } from "../lab/rig.ts";
import { enterRig, leaveRig } from "../lab/rigs.ts";
import { DEFAULT_SET } from "../lab/describe-scenario.ts";
import { RUN_FORMAT } from "../trace/event.ts";
import type { Recorder } from "../trace/recorder.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import { run, type Cucumber } from "./cucumber.ts";
import type { Plan, PlannedScenario, PlannedSet } from "./plan.ts";

export interface SuiteOptions extends Omit<RigOptions, "onClosed" | "mayStart"> {
  readonly cucumber: Cucumber;
  readonly plan: Plan;
  readonly rules: JudgingRules;
  readonly lanes: number;
  readonly selection: readonly string[];
  readonly seed: number;
  readonly virtual: boolean;
  readonly version: string;
  /** Aborted: scenarios that run are cleaned up, the rest is not run. */
  readonly signal?: AbortSignal;
}

/** Steps that cucumber could not find, which is an error of Scrim's. */
export class UndefinedStepError extends Error {
  readonly code = "undefined-step";
}

let rigs = 0;

/** Fails with `PortInUseError` before anything is run. Everything else that goes wrong is in the record. */
export async function runSuite(options: SuiteOptions): Promise<void> {
  const { recorder, sutFile, selection, seed, virtual, version, signal } = options;
  // The first line of a record: whatever the rig has to say comes behind it.
  recorder.record({
    type: "run-opened",
    format: RUN_FORMAT,
    scrim: version,
    document: sutFile.identification.document,
    sutFile,
    selection,
    seed,
    virtual,
  });
  const rig = await openRig({
    ...options,
    onClosed: (scenario) => judgeClosed(scenario, options),
    mayStart: () => obstacleOf(signal),
  });
  rigs += 1;
  const name = `rig-${rigs}`;
  enterRig(name, rig);
  const stop = (): void => rig.cut();
  signal?.addEventListener("abort", stop);
  try {
    await runSets(options, rig, name);
  } finally {
    signal?.removeEventListener("abort", stop);
    leaveRig(name);
    await options.driver.drive(rig.close());
    recorder.record({ type: "run-closed", how: signal?.aborted === true ? "interrupted" : "complete" });
  }
}

function obstacleOf(signal: AbortSignal | undefined): string | undefined {
  return signal?.aborted === true ? "the run was interrupted" : undefined;
}

async function runSets(options: SuiteOptions, rig: Rig, name: string): Promise<void> {
  for (const kind of ["server", "client"] as const) {
    const needed = options.plan.sets.some((set) =>
      set.scenarios.some(({ description }) => description.sut === kind),
    );
    if (needed) await rig.checkAlive(kind);
  }
  let configured = false;
  for (const set of options.plan.sets) {
    const obstacle = set.obstacle ?? (await enterSet(set, options));
    configured ||= set.name !== DEFAULT_SET;
    if (obstacle === undefined) await runLanes(set.scenarios, options, name);
    else for (const scenario of set.scenarios) notRun(scenario, obstacle, rig);
  }
  if (configured) await configure(DEFAULT_SET, options);
}

/** Why the SUT is not in the set; undefined: it is. */
async function enterSet(set: PlannedSet, options: SuiteOptions): Promise<string | undefined> {
  const declared = options.sutFile.server?.configurationSets.find((one) => one.name === set.name);
  if (declared === undefined || declared.by === "always") return undefined;
  return configure(set.name, options);
}

async function configure(
  set: string,
  { triggers, recorder, sutFile, driver }: SuiteOptions,
): Promise<string | undefined> {
  const node = sutFile.server?.node ?? "server";
  if (triggers.server === undefined)
    return set === DEFAULT_SET ? undefined : `the server has no control hook to bring it into "${set}"`;
  const answer = await driver.drive(triggers.server.perform({ action: "configure", set }));
  recorder.record({
    type: "sut-life",
    node,
    state: "configured",
    detail: `${set}: ${answer.ok ? "done" : (answer.says ?? "refused")}`,
  });
  return answer.ok ? undefined : `the server cannot be brought into "${set}": ${answer.says ?? "refused"}`;
}

function notRun(scenario: PlannedScenario, obstacle: string, rig: Rig): void {
  rig.skipScenario(scenario.description, obstacle);
}

async function runLanes(
  scenarios: readonly PlannedScenario[],
  options: SuiteOptions,
  rig: string,
): Promise<void> {
  const lanes = Math.max(1, Math.min(options.lanes, scenarios.length));
  const shares = Array.from({ length: lanes }, (_, lane) =>
    scenarios.filter((_scenario, index) => index % lanes === lane),
  );
  await Promise.all(shares.map((share, lane) => runLane(share, lane + 1, options, rig)));
}

async function runLane(
  scenarios: readonly PlannedScenario[],
  lane: number,
  options: SuiteOptions,
  rig: string,
): Promise<void> {
  const missing: string[] = [];
  await run(
    options.cucumber,
    { paths: scenarios.map((scenario) => scenario.path), worldParameters: { rig, lane } },
    (envelope) => {
      if (envelope.suggestion !== undefined)
        missing.push(envelope.suggestion.snippets[0]?.code.split("\n")[0] ?? "a step");
    },
  );
  if (missing.length > 0) throw new UndefinedStepError(`no step definition for: ${missing.join("; ")}`);
}

/** Judged once, from the closed trace; findings stand behind the events that they speak of. */
function judgeClosed(scenario: string, { recorder, sutFile, rules }: SuiteOptions): void {
  judgeInto(recorder, scenario, () =>
    judgeScenario(readScenarioTrace(recorder.scenarioEvents(scenario), sutFile), rules),
  );
  recorder.forget(scenario);
}

function judgeInto(
  recorder: Recorder,
  scenario: string,
  judge: () => ReturnType<typeof judgeScenario>,
): void {
  try {
    const { findings, judged } = judge();
    for (const finding of findings) recorder.record(finding);
    recorder.record(judged);
  } catch (error) {
    const reason = `judging broke: ${error instanceof Error ? error.message : String(error)}`;
    recorder.record({ type: "scenario-judged", scenario, verdict: "error", reason, blame: "scrim" });
  }
}
