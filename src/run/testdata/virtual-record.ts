/** The record of a run of some scenarios against the reference on the virtual network. */
import type { JudgingRules } from "../../judge/judge-scenario.ts";
import { loadRules } from "../../judge/rules.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { RunEvent } from "../../trace/event.ts";
import { readRunBytes } from "../../trace/ndjson.ts";
import { inOrder } from "../recorded-run.ts";
import { outputOf } from "./program.ts";

export interface VirtualRecord {
  readonly bytes: Buffer;
  readonly events: readonly RunEvent[];
  readonly sutFile: SutFile;
  readonly rules: JudgingRules;
}

/** `places`: how the locations of the scenarios begin. */
export async function virtualRecord(places: readonly string[]): Promise<VirtualRecord> {
  const bytes = await outputOf("record-scenarios.ts", ...places);
  const events = inOrder(readRunBytes(bytes));
  const [opened] = events;
  if (opened?.type !== "run-opened") throw new Error("nothing was recorded");
  return { bytes, events, sutFile: opened.sutFile, rules: await loadRules() };
}
