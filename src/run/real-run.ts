/** A run on real sockets: the record is written as it happens, so that nothing is lost however the run ends. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { realClock } from "../net/real/real-clock.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Terminal } from "../target/manual-trigger.ts";
import type { RunEvent } from "../trace/event.ts";
import { createRunWriter, type RunWriter } from "../trace/ndjson.ts";
import { createRecorder, type EventSink, type Recorder } from "../trace/recorder.ts";
import type { Cucumber } from "./cucumber.ts";
import type { Judge } from "./judging/judge.ts";
import type { Plan } from "./plan.ts";
import { watchHoldUps } from "./hold-ups.ts";
import { realSurroundings } from "./real-surroundings.ts";
import { RUN_RECORD } from "./recorded-run.ts";
import { runSuite } from "./suite.ts";

export interface RealRunOptions {
  readonly cucumber: Cucumber;
  readonly plan: Plan;
  /** Closed by who made it. */
  readonly judge: Judge;
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

/** Gives the events of the run. Fails with `PortInUseError` when a port of the rig is taken, and with `TlsFileError`. */
export async function runReally(options: RealRunOptions): Promise<readonly RunEvent[]> {
  const { sutFile, out, terminal, onEvent } = options;
  // A SUT that turns Scrim's certificate away would look like one that is silent.
  const surroundings = await realSurroundings(sutFile, terminal, (failure) =>
    recorder.record({ type: "noted", about: "quarantine", text: failure.message }),
  );
  mkdirSync(out, { recursive: true });
  const writer = createRunWriter(path.join(out, RUN_RECORD));
  const events: RunEvent[] = [];
  const recorder = createRecorder({
    clock: realClock,
    sink: keepAlso(events, writer, (error) => {
      const why = error instanceof Error ? error.message : String(error);
      const text = `the record on disk ends here and cannot be written any more: ${why}`;
      recorder.record({ type: "noted", about: "rig", text });
    }),
  });
  recorder.onEvent(onEvent);
  const mishaps = watchMishaps(recorder);
  const holdUps = watchHoldUps(recorder, realClock);
  try {
    await runSuite({
      ...options,
      ...surroundings,
      recorder,
      virtual: false,
    });
  } finally {
    holdUps.end();
    mishaps.end();
    closeQuietly(writer);
  }
  return events;
}

/** The report is made of what is in memory: it must not end where the disk is full. `onLoss` is told once. */
function keepAlso(events: RunEvent[], writer: RunWriter, onLoss: (error: unknown) => void): EventSink {
  let writes = true;
  const writeAll = (fresh: readonly RunEvent[]): void => {
    for (const event of fresh) events.push(event);
    if (!writes) return;
    try {
      writer.writeAll(fresh);
    } catch (error) {
      writes = false;
      onLoss(error);
    }
  };
  return { write: (event) => writeAll([event]), writeAll };
}

function closeQuietly(writer: RunWriter): void {
  try {
    writer.close();
  } catch {
    // What could not be written was told when it was lost.
  }
}

/** A mistake of Scrim's that nobody caught costs the run its good name, not its report. */
function watchMishaps(recorder: Recorder): { end(): void } {
  const note = (error: unknown): void => {
    const text = `an error that nobody caught: ${error instanceof Error ? error.message : String(error)}`;
    recorder.record({ type: "noted", about: "scrim", text });
  };
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  return {
    end: () => {
      process.off("uncaughtException", note);
      process.off("unhandledRejection", note);
    },
  };
}
