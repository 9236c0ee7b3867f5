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
  /** As `write` for each; in one go, where the sink has a faster way. */
  writeAll?(events: readonly RunEvent[]): void;
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
  /** As `record` for each of them, with nothing in between. */
  recordAll(events: readonly UnplacedEvent[]): void;
  /** Calls back for each later event, in the order of the record. The returned function ends it. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /** As `onEvent`, for the events of one scenario; what was recorded of its trace before comes first. */
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

interface Audience {
  add(listener: (event: RunEvent) => void): () => void;
  /** A listener may record in turn; what it records is told after what it was told, to everyone. */
  tell(event: RunEvent): void;
  /** Whether the event is still to be told. */
  awaits(event: RunEvent): boolean;
}

/** Who looks on must not break what is looked at; one that fails is not asked again. */
function createAudience(onFailure: (error: unknown) => void): Audience {
  const listeners = new Set<(event: RunEvent) => void>();
  const untold: RunEvent[] = [];
  let telling = false;

  function tellOne(listener: (event: RunEvent) => void, event: RunEvent): void {
    try {
      listener(event);
    } catch (error) {
      listeners.delete(listener);
      onFailure(error);
    }
  }

  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell(event) {
      untold.push(event);
      if (telling) return;
      telling = true;
      try {
        for (let next = untold.shift(); next !== undefined; next = untold.shift()) {
          for (const listener of Array.from(listeners)) tellOne(listener, next);
        }
      } finally {
        telling = false;
      }
    },
    awaits: (event) => untold.includes(event),
  };
}

export function createRecorder(options: RecorderOptions): Recorder {
  const byScenario = new Map<string, TraceEvent[]>();
  let { sink } = options;
  let seq = 0;
  let lastAt = 0;
  const audience = createAudience((error) => {
    const why = error instanceof Error ? error.message : String(error);
    record({ type: "noted", about: "scrim", text: `a listener of the record failed: ${why}` });
  });

  function write(events: readonly RunEvent[]): void {
    try {
      if (sink?.writeAll !== undefined) sink.writeAll(events);
      else for (const event of events) sink?.write(event);
    } catch (error) {
      sink = undefined;
      options.onSinkFailure?.(error);
    }
  }

  function keep(event: RunEvent): void {
    if (event.scenario === undefined || !isTraceEvent(event)) return;
    const events = byScenario.get(event.scenario);
    if (events === undefined) byScenario.set(event.scenario, [event]);
    else events.push(event);
  }

  function place<E extends UnplacedEvent>(event: E): E & Placed {
    seq += 1;
    lastAt = Math.max(lastAt, toMicroseconds(options.clock.now()));
    return { seq, at: lastAt, ...event };
  }

  function recordAll(events: readonly UnplacedEvent[]): void {
    const placed = events.map((event): RunEvent => place(event));
    write(placed);
    for (const event of placed) keep(event);
    for (const event of placed) audience.tell(event);
  }

  function record<E extends UnplacedEvent>(event: E): E & Placed {
    const placed = place(event);
    write([placed]);
    keep(placed);
    audience.tell(placed);
    return placed;
  }

  return {
    record,
    recordAll,
    onEvent: (listener) => audience.add(listener),
    onScenarioEvent(scenario, listener) {
      for (const event of (byScenario.get(scenario) ?? []).slice()) {
        if (!audience.awaits(event)) listener(event);
      }
      return audience.add((event) => {
        if (event.scenario === scenario) listener(event);
      });
    },
    scenarioEvents: (scenario) => (byScenario.get(scenario) ?? []).slice(),
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
