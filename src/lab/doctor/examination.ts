/** A part of the rig for one question to the SUT: a scenario that nobody judges. */
import type { SutFile } from "../../spec/sut-file.ts";
import type { RunEvent } from "../../trace/event.ts";
import type { Recorder } from "../../trace/recorder.ts";
import type { ScenarioTrace } from "../../trace/scenario-trace.ts";
import { readScenarioTrace } from "../../trace/scenario-trace-reader.ts";
import { DEFAULT_SET } from "../describe-scenario.ts";
import type { Rig, RigOptions } from "../rig.ts";
import type { ScenarioLab } from "../scenario-lab.ts";
import type { Findings } from "./finding.ts";

export interface Examination {
  readonly sutFile: SutFile;
  readonly rig: Rig;
  readonly recorder: Recorder;
  /** All that was recorded, of no question in particular too. */
  readonly events: readonly RunEvent[];
  readonly triggers: RigOptions["triggers"];
  readonly driver: RigOptions["driver"];
  readonly findings: Findings;
}

/** The trace up to now. */
export function traceOf(lab: ScenarioLab, { recorder, sutFile }: Examination): ScenarioTrace {
  return readScenarioTrace(recorder.scenarioEvents(lab.id), sutFile);
}

/** Asks, and gives everything back that was leased for it, whatever comes. */
export async function ask<T>(
  examination: Examination,
  sut: "server" | "client",
  name: string,
  question: (lab: ScenarioLab) => Promise<T>,
): Promise<T | undefined> {
  const lab = await examination.rig.openScenario(
    {
      name,
      feature: "scrim doctor",
      location: "scrim doctor",
      tags: [],
      purpose: [],
      sut,
      configurationSet: DEFAULT_SET,
    },
    1,
  );
  if (lab === undefined) return undefined;
  try {
    return await question(lab);
  } finally {
    await lab.close();
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
