/**
 * Gives every event its place and time, hands it to the record and to those who wait, and keeps what each scenario needs for judging.
 */
import type { RunEvent, TraceEvent, Unplaced } from "./event.ts";

export type UnplacedEvent = Unplaced<RunEvent>;

export interface Placed {
  readonly seq: number;
  readonly at: number;
}

/** Where events are written as they happen; `createRunWriter` of `ndjson.ts` is one. */
export interface EventSink {
  write(event: RunEvent): void;
}

export interface RecorderOptions {
  /** Milliseconds since the epoch. */
  readonly clock: { now(): number };
  readonly sink?: EventSink;
  /** The sink failed (a full disk, say); told once. Events go on being recorded in memory, the record ends before the gap. */
  readonly onSinkFailure?: (error: unknown) => void;
}

export interface Recorder {
  record<E extends UnplacedEvent>(event: E): E & Placed;
  /** Calls back for each later event, in the order of the record. The returned function ends it. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /** As `onEvent`, for the events of one scenario; those that were recorded before come first. */
  onScenarioEvent(scenario: string, listener: (event: RunEvent) => void): () => void;
  /** What checks may read of a scenario: its events so far, without findings and verdicts. */
  scenarioEvents(scenario: string): readonly TraceEvent[];
  /** Drops the events of a scenario that was judged. */
  forget(scenario: string): void;
  /** The place of the last event; 0 before the first. */
  readonly lastSeq: number;
}

export function isTraceEvent(event: RunEvent): event is TraceEvent {
  return event.type !== "finding" && event.type !== "scenario-judged";
}

export function createRecorder(options: RecorderOptions): Recorder {
  const listeners = new Set<(event: RunEvent) => void>();
  const byScenario = new Map<string, RunEvent[]>();
  const undelivered: RunEvent[] = [];
  let { sink } = options;
  let seq = 0;
  let lastAt = 0;
  let delivering = false;

  function write(event: RunEvent): void {
    try {
      sink?.write(event);
    } catch (error) {
      sink = undefined;
      options.onSinkFailure?.(error);
    }
  }

  function keep(event: RunEvent): void {
    if (event.scenario === undefined) return;
    const events = byScenario.get(event.scenario);
    if (events === undefined) byScenario.set(event.scenario, [event]);
    else events.push(event);
  }

  /** Who looks on must not break what is looked at; one that fails is not asked again. */
  function tell(listener: (event: RunEvent) => void, event: RunEvent): void {
    try {
      listener(event);
    } catch (error) {
      listeners.delete(listener);
      const why = error instanceof Error ? error.message : String(error);
      record({ type: "noted", about: "scrim", text: `a listener of the record failed: ${why}` });
    }
  }

  // A listener may record in turn; what it records is told after what it was told, to everyone.
  function deliver(event: RunEvent): void {
    undelivered.push(event);
    if (delivering) return;
    delivering = true;
    try {
      for (let next = undelivered.shift(); next !== undefined; next = undelivered.shift()) {
        for (const listener of Array.from(listeners)) tell(listener, next);
      }
    } finally {
      delivering = false;
    }
  }

  function record<E extends UnplacedEvent>(event: E): E & Placed {
    seq += 1;
    lastAt = Math.max(lastAt, toMicroseconds(options.clock.now()));
    const placed: E & Placed = { seq, at: lastAt, ...event };
    write(placed);
    keep(placed);
    deliver(placed);
    return placed;
  }

  function onEvent(listener: (event: RunEvent) => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  return {
    record,
    onEvent,
    onScenarioEvent(scenario, listener) {
      for (const event of (byScenario.get(scenario) ?? []).slice()) {
        if (!undelivered.includes(event)) listener(event);
      }
      return onEvent((event) => {
        if (event.scenario === scenario) listener(event);
      });
    },
    scenarioEvents: (scenario) => (byScenario.get(scenario) ?? []).filter(isTraceEvent),
    forget(scenario) {
      byScenario.delete(scenario);
    },
    get lastSeq() {
      return seq;
    },
  };
}

/** Times are kept to the microsecond, which is what pcapng and a double since the epoch can hold. */
function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
