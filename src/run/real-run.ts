/** A run on real sockets: the record is written as it happens, so that nothing is lost however the run ends. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { JudgingRules } from "../judge/judge-scenario.ts";
import { realClock } from "../net/real/real-clock.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Terminal } from "../target/manual-trigger.ts";
import type { RunEvent } from "../trace/event.ts";
import { createRunWriter } from "../trace/ndjson.ts";
import { createRecorder } from "../trace/recorder.ts";
import type { Cucumber } from "./cucumber.ts";
import type { Plan } from "./plan.ts";
import { realSurroundings } from "./real-surroundings.ts";
import { RUN_RECORD } from "./recorded-run.ts";
import { runSuite } from "./suite.ts";

export interface RealRunOptions {
  readonly cucumber: Cucumber;
  readonly plan: Plan;
  readonly rules: JudgingRules;
  readonly sutFile: SutFile;
  readonly lanes: number;
  readonly selection: readonly string[];
  readonly seed: number;
  readonly version: string;
  /** Folder of the run; made if it is not there. */
  readonly out: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** Gives the events of the run. Fails with `PortInUseError` when a port of the rig is taken. */
export async function runReally(options: RealRunOptions): Promise<readonly RunEvent[]> {
  const { sutFile, out, terminal, onEvent } = options;
  mkdirSync(out, { recursive: true });
  const writer = createRunWriter(path.join(out, RUN_RECORD));
  const events: RunEvent[] = [];
  const recorder = createRecorder({
    clock: realClock,
    sink: {
      write(event) {
        events.push(event);
        writer.write(event);
      },
    },
    onSinkFailure: (error) =>
      process.stderr.write(`scrim: the record cannot be written any more: ${String(error)}\n`),
  });
  recorder.onEvent(onEvent);
  try {
    await runSuite({
      ...options,
      ...realSurroundings(sutFile, terminal),
      recorder,
      virtual: false,
    });
  } finally {
    writer.close();
  }
  return events;
}
