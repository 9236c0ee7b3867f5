/** Who judges the closed scenarios of a run: this thread, at once, or another, while this one plays on. */
import { judgeScenario, type JudgingRules, type ScenarioJudgement } from "../../judge/judge-scenario.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { TraceEvent } from "../../trace/event.ts";
import { readScenarioTrace } from "../../trace/scenario-trace-reader.ts";

export interface Judge {
  /** From the events of one closed scenario. What breaks a judge is thrown, or rejects the promise. */
  judge(events: readonly TraceEvent[]): ScenarioJudgement | Promise<ScenarioJudgement>;
  close(): Promise<void>;
}

/** Judges at once, so that findings stand right behind the scenario that they speak of: on the virtual clock every run is the same. */
export function judgeHere(rules: JudgingRules, sutFile: SutFile): Judge {
  return {
    judge: (events) => judgeScenario(readScenarioTrace(events, sutFile), rules),
    close: () => Promise.resolve(),
  };
}
