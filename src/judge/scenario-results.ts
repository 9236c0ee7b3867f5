/** One result a scenario, from the events of a run. */
import type { RunEvent, ScenarioClosed, ScenarioJudged, ScenarioOpened, StepDone } from "../trace/event.ts";
import { groupBy } from "./group-by.ts";
import type { ScenarioResult } from "./results.ts";

/** In the order in which scenarios opened. A scenario without a verdict was cut short, and says so. */
export function scenarioResults(events: readonly RunEvent[]): readonly ScenarioResult[] {
  const byScenario = groupBy(events, (event) => event.scenario);
  return events
    .filter((event) => event.type === "scenario-opened")
    .map((opened) => scenarioResult(opened, byScenario.get(opened.scenario) ?? []));
}

function scenarioResult(opened: ScenarioOpened, events: readonly RunEvent[]): ScenarioResult {
  const judged = events.findLast((event): event is ScenarioJudged => event.type === "scenario-judged");
  const closed = events.find((event): event is ScenarioClosed => event.type === "scenario-closed");
  const steps = events.filter((event): event is StepDone => event.type === "step");
  const verdict = judged?.verdict ?? (closed?.how === "not-run" ? "not-run" : "inconclusive");
  const reason =
    judged?.reason ??
    closed?.reason ??
    (judged === undefined ? "the run ended before the scenario was judged" : undefined);
  return {
    id: opened.scenario,
    name: opened.name,
    ...(opened.rule === undefined ? {} : { rule: opened.rule }),
    feature: opened.feature,
    location: opened.location,
    tags: opened.tags,
    purpose: opened.purpose,
    sut: opened.sut,
    configurationSet: opened.configurationSet,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(judged?.blame === undefined ? {} : { blame: judged.blame }),
    startedAt: opened.at,
    durationMs: (closed?.at ?? events.at(-1)?.at ?? opened.at) - opened.at,
    steps: steps.map(({ text, status, reason: why, blame }) => ({
      text,
      status,
      ...(why === undefined ? {} : { reason: why }),
      ...(blame === undefined ? {} : { blame }),
    })),
  };
}
