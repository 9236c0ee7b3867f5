/** Reads the trace of a scenario for tests. */
import type { UnplacedEvent } from "../recorder.ts";
import { readScenarioTrace } from "../scenario-trace-reader.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";
import { closing, opening, sutFile, traceEvents } from "./events.ts";

export const read = (events: readonly UnplacedEvent[]): ScenarioTrace => readScenarioTrace(traceEvents(events), sutFile);

/** What happens between opening and closing of a scenario that runs to its end. */
export const story = (...events: readonly UnplacedEvent[]): ScenarioTrace => read([...opening(), ...events, closing()]);
