/**
 * Runs variants of the reference on the virtual network and tells what was found, a JSON line each. A program of its own, because cucumber
 * loads the steps with the loader of the process: `node --import tsx run-variants.ts "server that is a B2BUA" …`.
 */
import path from "node:path";
import { loadRules } from "../../judge/rules.ts";
import type { ScenarioDescription } from "../../lab/describe-scenario.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { FindingMade, RunEvent } from "../../trace/event.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";
import { planRun } from "../plan.ts";
import { runVirtually, type VirtualRunOptions } from "../virtual-run.ts";
import { together } from "./alterations.ts";
import { SESSION_FEATURES, shareOf } from "./session-features.ts";
import { titleOf, variants, type Variant } from "./variants.ts";

/** What a run of a variant came to. */
export interface VariantOutcome {
  /** As {@link titleOf} has it. */
  readonly title: string;
  readonly scenarios: number;
  /** Scenarios that did not pass, with what was said of them. */
  readonly notPassed: readonly {
    readonly location: string;
    readonly verdict: string;
    readonly reason: string;
  }[];
  /** Findings that are neither pass nor noted, each text once. */
  readonly turned: readonly { readonly statement: string; readonly verdict: string; readonly says: string }[];
  readonly noted: readonly { readonly statement: string; readonly note: string }[];
  /** Statements with a finding that passed. */
  readonly passed: readonly string[];
  /** What went wrong in the run itself. */
  readonly remarks: readonly string[];
}

const ROOT = path.resolve(import.meta.dirname, "../../..");
const cucumber = await loadCucumber();
const features = await readFeatures(cucumber);
const rules = await loadRules();
const reference = readSutFile(path.join(ROOT, "scenarios", "sut", "reference.yaml"));

/** Each scenario of session mode meets one variant in so many. */
const SHARE_OF_SESSIONS = 28;
/** It has a test of its own. */
const LONG = /a session of fifty/u;

for (const title of process.argv.slice(2)) {
  const variant = variants.find((one) => titleOf(one) === title);
  if (variant === undefined) throw new Error(`no variant "${title}"`);
  process.stdout.write(`${JSON.stringify(await outcomeOf(variant))}\n`);
}

async function outcomeOf(variant: Variant): Promise<VariantOutcome> {
  const { sutFile = (same) => same, network, seed = 11 } = variant;
  const sut = sutFile(reference);
  const plan = planRun(features, sut, { selects: (scenario) => isMet(scenario, variant) });
  const events = await runVirtually({
    cucumber,
    plan,
    rules,
    sutFile: sut,
    seed,
    ...(network === undefined ? {} : { network }),
    faults: alteredPeer(variant),
  });
  return { title: titleOf(variant), scenarios: plan.count, ...readEvents(events) };
}

function alteredPeer(variant: Variant): NonNullable<VirtualRunOptions["faults"]> {
  return variant.role === "server"
    ? { server: together(variant.alterations ?? []) }
    : { client: together(variant.alterations ?? []) };
}

function isMet(scenario: ScenarioDescription, variant: Variant): boolean {
  const { role, places } = variant;
  if (scenario.sut !== role || LONG.test(scenario.name)) return false;
  if (places !== undefined) return places.some((place) => scenario.location.startsWith(place));
  if (!SESSION_FEATURES.test(scenario.location)) return true;
  return shareOf(scenario.name, SHARE_OF_SESSIONS) === variants.indexOf(variant) % SHARE_OF_SESSIONS;
}

function readEvents(events: readonly RunEvent[]): Omit<VariantOutcome, "title" | "scenarios"> {
  const findings = events.filter((event) => event.type === "finding");
  const locations = new Map(
    events.flatMap((event) =>
      event.type === "scenario-opened" ? [[event.scenario, event.location] as const] : [],
    ),
  );
  return {
    notPassed: events.flatMap((event) =>
      event.type === "scenario-judged" && event.verdict !== "pass"
        ? [
            {
              location: locations.get(event.scenario) ?? event.scenario,
              verdict: event.verdict,
              reason: event.reason ?? "",
            },
          ]
        : [],
    ),
    turned: distinct(
      findings
        .filter(({ verdict }) => verdict !== "pass" && verdict !== "noted")
        .map((finding) => ({
          statement: finding.statement,
          verdict: finding.verdict,
          says: saysOf(finding, locations),
        })),
    ),
    noted: distinct(
      findings
        .filter(({ verdict }) => verdict === "noted")
        .map(({ statement, note = "" }) => ({ statement, note })),
    ),
    passed: distinct(findings.flatMap(({ statement, verdict }) => (verdict === "pass" ? [statement] : []))),
    remarks: events.flatMap((event) => (event.type === "noted" ? [`${event.about}: ${event.text}`] : [])),
  };
}

function saysOf({ expected, actual, scenario }: FindingMade, locations: ReadonlyMap<string, string>): string {
  return `${locations.get(scenario) ?? scenario}: expected ${expected}; ${actual}`;
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
