/** The record of a run of some scenarios against the reference on the virtual network. */
import path from "node:path";
import type { JudgingRules } from "../../judge/judge-scenario.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { RunEvent } from "../../trace/event.ts";
import { natively } from "./natively.ts";

export interface VirtualRecord {
  readonly events: readonly RunEvent[];
  readonly sutFile: SutFile;
  readonly rules: JudgingRules;
}

/** `places`: how the locations of the scenarios begin. */
export async function virtualRecord(places: readonly string[]): Promise<VirtualRecord> {
  const { loadCucumber, readFeatures } = await natively<typeof import("../cucumber.ts")>("../cucumber.ts");
  const { planRun } = await natively<typeof import("../plan.ts")>("../plan.ts");
  const { runVirtually } = await natively<typeof import("../virtual-run.ts")>("../virtual-run.ts");
  const { loadRules } = await natively<typeof import("../../judge/rules.ts")>("../../judge/rules.ts");
  const sutFile = readSutFile(path.resolve(import.meta.dirname, "../../../scenarios/sut/reference.yaml"));
  const cucumber = await loadCucumber();
  const rules = await loadRules();
  const plan = planRun(await readFeatures(cucumber), sutFile, {
    selects: ({ location }) => places.some((place) => location.startsWith(place)),
  });
  const events = await runVirtually({ cucumber, plan, rules, sutFile, seed: 7 });
  return { events, sutFile, rules };
}
