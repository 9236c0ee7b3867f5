/** Which scenarios a run has, in which order, and which of them cannot be run with this SUT. */
import { DEFAULT_SET, describeScenario, type ScenarioDescription } from "../lab/describe-scenario.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { FeatureScenario } from "./cucumber.ts";

export interface PlannedScenario {
  readonly description: ScenarioDescription;
  /** `features/…/….feature:line`, as cucumber takes it. */
  readonly path: string;
  /** Why this SUT file cannot have it run; it is then listed as not run. */
  readonly obstacle?: string;
}

/** Scenarios of one configuration set, run before the next set is asked for. */
export interface PlannedSet {
  readonly name: string;
  readonly scenarios: readonly PlannedScenario[];
  /** Why the SUT cannot be brought into it; its scenarios are then listed as not run. */
  readonly obstacle?: string;
}

export interface Plan {
  readonly sets: readonly PlannedSet[];
  readonly count: number;
}

export interface PlanOptions {
  /** Whether the selection has the scenario. */
  readonly selects: (scenario: ScenarioDescription) => boolean;
  /** Seed of a random order; undefined: the order of the features. */
  readonly shuffleSeed?: number;
}

/** Scenarios for a role that the SUT does not have are left out: they are not applicable. */
export function planRun(features: readonly FeatureScenario[], sutFile: SutFile, options: PlanOptions): Plan {
  const planned = features
    .map(({ pickle, document }) =>
      plannedScenario(
        describeScenario(pickle, document),
        `${pickle.uri}:${pickle.location?.line ?? 0}`,
        sutFile,
      ),
    )
    .filter(({ description }) => sutFile[description.sut] !== undefined && options.selects(description));
  const ordered = options.shuffleSeed === undefined ? planned : shuffled(planned, options.shuffleSeed);
  const names = [...new Set(ordered.map(({ description }) => description.configurationSet))].sort(
    (a, b) => Number(b === DEFAULT_SET) - Number(a === DEFAULT_SET),
  );
  const sets = names.map((name) =>
    plannedSet(
      name,
      ordered.filter(({ description }) => description.configurationSet === name),
      sutFile,
    ),
  );
  return { sets, count: ordered.length };
}

/** Tag of scenarios in which the SIP/IP Core does what only one of Scrim's can be made to do. */
const SCRIM_CORE_TAG = "@core:scrim";

function plannedScenario(description: ScenarioDescription, path: string, { core }: SutFile): PlannedScenario {
  const barred = core.kind === "external" && description.tags.includes(SCRIM_CORE_TAG);
  return barred
    ? {
        description,
        path,
        obstacle:
          "the SIP/IP Core has to depart from its filter criteria, which an external one cannot be made to do",
      }
    : { description, path };
}

function plannedSet(name: string, scenarios: readonly PlannedScenario[], sutFile: SutFile): PlannedSet {
  const needsServer = scenarios.some(({ description }) => description.sut === "server");
  const declared = sutFile.server?.configurationSets.some((set) => set.name === name) ?? false;
  if (name === DEFAULT_SET || !needsServer || declared) return { name, scenarios };
  return { name, scenarios, obstacle: `the SUT file declares no configuration set "${name}"` };
}

/** Fisher-Yates with a small seeded generator (mulberry32), so that an order can be had again. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const left = [...items];
  const result: T[] = [];
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  while (left.length > 0) result.push(...left.splice(Math.floor(random() * left.length), 1));
  return result;
}
