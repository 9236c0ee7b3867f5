/** A run: the rig is opened, the configuration sets are gone through, lanes run scenarios, each is judged when its trace is closed. */
import type { ScenarioJudgement } from "../judge/judge-scenario.ts";
import { openRig, type Rig, type RigOptions } from "../lab/rig.ts";
import { enterRig, leaveRig } from "../lab/rigs.ts";
import { atMost } from "../lab/waiting.ts";
import { DEFAULT_SET } from "../lab/describe-scenario.ts";
import { RUN_FORMAT } from "../trace/event.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Recorder } from "../trace/recorder.ts";
import { run, type Cucumber } from "./cucumber.ts";
import type { Judge } from "./judging/judge.ts";
import type { Plan, PlannedScenario, PlannedSet } from "./plan.ts";

export interface SuiteOptions extends Omit<RigOptions, "onClosed" | "mayStart"> {
  readonly cucumber: Cucumber;
  readonly plan: Plan;
  readonly judge: Judge;
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
  const judgements = createJudgements(options);
  const rig = await openOrTell(options, judgements);
  rigs += 1;
  const name = `rig-${rigs}`;
  enterRig(name, rig);
  const stop = (): void => rig.cut();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  const started = watchStarts(recorder);
  try {
    await runSets(options, rig, name);
  } catch (error) {
    recorder.record({ type: "noted", about: "scrim", text: `the run broke: ${messageOf(error)}` });
  } finally {
    signal?.removeEventListener("abort", stop);
    leaveRig(name);
    const reason = signal?.aborted === true ? "the run was interrupted" : "the run broke before its turn";
    for (const left of started.missing(options.plan)) rig.skipScenario(left.description, reason);
    await closeRig(rig, options);
    await judgements.done();
    recorder.record({ type: "run-closed", how: signal?.aborted === true ? "interrupted" : "complete" });
  }
}

/** What keeps the rig from opening stands in the record too. */
async function openOrTell(options: SuiteOptions, judgements: Judgements): Promise<Rig> {
  try {
    return await openRig({
      ...options,
      onClosed: (scenario) => judgements.judgeClosed(scenario),
      mayStart: () => obstacleOf(options.signal),
    });
  } catch (error) {
    options.recorder.record({ type: "noted", about: "rig", text: messageOf(error) });
    options.recorder.record({ type: "run-closed", how: "interrupted" });
    throw error;
  }
}

/** Milliseconds. What has not closed by then ends with the process. */
const CLOSING_MS = 10_000;

async function closeRig(rig: Rig, { recorder, driver, clock }: SuiteOptions): Promise<void> {
  try {
    await driver.drive(atMost(rig.close(), CLOSING_MS, clock));
  } catch (error) {
    recorder.record({ type: "noted", about: "rig", text: `the rig did not close: ${messageOf(error)}` });
  }
}

/** Which scenarios of a plan were started: rows of an outline share a place, so they are counted. */
function watchStarts(recorder: Recorder): { missing(plan: Plan): readonly PlannedScenario[] } {
  const starts = new Map<string, number>();
  const end = recorder.onEvent((event) => {
    if (event.type !== "scenario-opened") return;
    const key = `${event.location} ${event.name}`;
    starts.set(key, (starts.get(key) ?? 0) + 1);
  });
  return {
    missing: (plan) => {
      end();
      return plan.sets
        .flatMap((set) => set.scenarios)
        .filter(({ description }) => {
          const key = `${description.location} ${description.name}`;
          const left = starts.get(key) ?? 0;
          starts.set(key, left - 1);
          return left <= 0;
        });
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
  for (const planned of options.plan.sets) {
    const set = { ...planned, scenarios: withoutBarred(planned, rig) };
    if (set.scenarios.length === 0) continue;
    const obstacle = set.obstacle ?? obstacleTo(set, options, rig) ?? (await enterSet(set, options));
    configured ||= set.name !== DEFAULT_SET;
    if (obstacle === undefined) await runLanes(set.scenarios, options, name);
    else for (const scenario of set.scenarios) notRun(scenario, obstacle, rig);
  }
  if (configured && rig.obstacle("server") === undefined) await configure(DEFAULT_SET, options);
}

/** Those of a set that can be run with this SUT file; the others are written down. */
function withoutBarred({ scenarios }: PlannedSet, rig: Rig): readonly PlannedScenario[] {
  for (const scenario of scenarios)
    if (scenario.obstacle !== undefined) notRun(scenario, scenario.obstacle, rig);
  return scenarios.filter(({ obstacle }) => obstacle === undefined);
}

/** Nothing is asked of a SUT that is gone, or once the run is being stopped. */
function obstacleTo(set: PlannedSet, { signal }: SuiteOptions, rig: Rig): string | undefined {
  if (set.name === DEFAULT_SET) return undefined;
  return obstacleOf(signal) ?? rig.obstacle("server");
}

/** Why the SUT is not in the set; undefined: it is. */
async function enterSet(set: PlannedSet, options: SuiteOptions): Promise<string | undefined> {
  const declared = options.sutFile.server?.configurationSets.find((one) => one.name === set.name);
  if (declared === undefined || declared.by === "always") return undefined;
  return configure(set.name, options);
}

/** Asks the hook of the server, or the person, as the SUT file says; gives why the server is not in the set. */
async function configure(set: string, options: SuiteOptions): Promise<string | undefined> {
  const { triggers, recorder, sutFile, driver } = options;
  const node = sutFile.server?.node ?? "server";
  const by = sutFile.server?.configurationSets.find((one) => one.name === set)?.by ?? "control";
  const trigger = by === "hand" ? triggers.hand : triggers.server;
  if (trigger === undefined)
    return set === DEFAULT_SET ? undefined : `nobody is there to bring the server into "${set}"`;
  const answer = await driver.drive(trigger.perform({ action: "configure", set }));
  const detail = `${set}: ${answer.ok ? "done" : (answer.says ?? "refused")}`;
  recorder.record({ type: "sut-life", node, state: "configured", detail });
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
  const shares = sharesOf(scenarios, Math.min(options.lanes, lanesFor(options.sutFile)));
  const ended = await Promise.allSettled(shares.map((share, lane) => runLane(share, lane + 1, options, rig)));
  const broken = ended.find((lane): lane is PromiseRejectedResult => lane.status === "rejected");
  if (broken !== undefined) throw broken.reason;
}

/** The most ordinary users that one scenario leases. */
const USERS_OF_A_SCENARIO = 4;

/** As many scenarios at a time as the pool has users for: one that waits for users while it holds others could wait for ever. */
function lanesFor({ users }: SutFile): number {
  const ordinary = users.filter((user) => user.properties.length === 0).length;
  return Math.max(1, Math.floor(ordinary / USERS_OF_A_SCENARIO));
}

/** Scenarios with the client under test, of which there is one, stand in one lane: elsewhere they would only wait for each other. */
function sharesOf(
  scenarios: readonly PlannedScenario[],
  lanes: number,
): readonly (readonly PlannedScenario[])[] {
  const clients = scenarios.filter(({ description }) => description.sut === "client");
  const others = scenarios.filter(({ description }) => description.sut !== "client");
  if (lanes < 2) return [scenarios];
  const wide = Math.min(clients.length === 0 ? lanes : lanes - 1, others.length);
  const shares = Array.from({ length: wide }, (_, lane) =>
    others.filter((_one, index) => index % wide === lane),
  );
  return [clients, ...shares].filter((share) => share.length > 0);
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

interface Judgements {
  /** Judges once, from the closed trace; findings stand behind the events that they speak of. */
  judgeClosed(scenario: string): void;
  /** When everything that was closed is judged. */
  done(): Promise<void>;
}

function createJudgements({ recorder, judge }: Pick<SuiteOptions, "recorder" | "judge">): Judgements {
  const waiting = new Set<Promise<void>>();

  const write = ({ findings, judged }: ScenarioJudgement): void => {
    recorder.recordAll(findings);
    recorder.record(judged);
  };
  const tellBroken = (scenario: string, error: unknown): void => {
    const reason = `judging broke: ${messageOf(error)}`;
    recorder.record({ type: "scenario-judged", scenario, verdict: "error", reason, blame: "scrim" });
  };
  const writeLater = async (scenario: string, coming: Promise<ScenarioJudgement>): Promise<void> => {
    try {
      write(await coming);
    } catch (error) {
      tellBroken(scenario, error);
    }
  };

  return {
    judgeClosed(scenario) {
      const events = recorder.scenarioEvents(scenario);
      recorder.forget(scenario);
      try {
        const judgement = judge.judge(events);
        if (!(judgement instanceof Promise)) {
          write(judgement);
          return;
        }
        const written = writeLater(scenario, judgement).finally(() => waiting.delete(written));
        waiting.add(written);
      } catch (error) {
        tellBroken(scenario, error);
      }
    },
    done: async () => {
      await Promise.all(waiting);
    },
  };
}
