/**
 * Judging a record again, without the SUT. A verdict is a function of the trace, so that a record gives the same verdicts as long as checks and
 * register are the same; where a check was mended, the difference is told.
 */
import { groupBy } from "../judge/group-by.ts";
import { judgeScenario, type JudgingRules } from "../judge/judge-scenario.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type {
  FindingMade,
  RunEvent,
  ScenarioClosed,
  ScenarioJudged,
  ScenarioOpened,
  TraceEvent,
  Unplaced,
} from "../trace/event.ts";
import { isTraceEvent } from "../trace/recorder.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";

type Judgement = Unplaced<FindingMade> | Unplaced<ScenarioJudged>;

/** Every scenario judged again from its events; what was recorded of findings and verdicts is left out. */
export function rejudge(
  events: readonly RunEvent[],
  sutFile: SutFile,
  rules: JudgingRules,
): readonly RunEvent[] {
  const trace = events.filter(isTraceEvent);
  const own = groupBy(trace, (event) => event.scenario);
  const judged = openedIn(events).flatMap(({ scenario }) => judgementsOf(scenario, own, sutFile, rules));
  return behind(trace, judged);
}

/** The record with judgements of the scenarios that it broke off before: from what is there, and as cut. */
export function judgeUnjudged(
  events: readonly RunEvent[],
  sutFile: SutFile,
  rules: JudgingRules,
): readonly RunEvent[] {
  const done = new Set(events.filter(isVerdict).map(({ scenario }) => scenario));
  const open = openedIn(events).filter(({ scenario }) => !done.has(scenario));
  // Findings without a verdict behind them may be some of several.
  const kept = events.filter((event) => event.type !== "finding" || done.has(event.scenario));
  const trace = groupBy(events.filter(isTraceEvent), (event) => event.scenario);
  const judged = open.flatMap(({ scenario }) => judgementsOf(scenario, trace, sutFile, rules));
  return behind(kept, judged);
}

/** What was judged as the scenario was closed: later traffic belongs to it, but came too late to count. */
function judgementsOf(
  scenario: string,
  trace: ReadonlyMap<string | undefined, readonly TraceEvent[]>,
  sutFile: SutFile,
  rules: JudgingRules,
): readonly Judgement[] {
  const own = trace.get(scenario) ?? [];
  const end = own.findIndex((event) => event.type === "scenario-closed");
  const counted = end < 0 ? own : own.slice(0, end + 1);
  const closed = counted.find((event): event is ScenarioClosed => event.type === "scenario-closed");
  if (closed?.how === "not-run") {
    const { reason } = closed;
    return [
      {
        type: "scenario-judged",
        scenario,
        verdict: "not-run",
        ...(reason === undefined ? {} : { reason }),
      },
    ];
  }
  try {
    const { findings, judged } = judgeScenario(readScenarioTrace(counted, sutFile), rules);
    return [...findings, judged];
  } catch (error) {
    const reason = `judging broke: ${error instanceof Error ? error.message : String(error)}`;
    return [{ type: "scenario-judged", scenario, verdict: "error", reason, blame: "scrim" }];
  }
}

/** Judgements get places behind the last event, and its time. */
function behind(events: readonly RunEvent[], judgements: readonly Judgement[]): readonly RunEvent[] {
  const last = events.at(-1);
  const place = (judgement: Judgement, index: number): RunEvent => ({
    seq: (last?.seq ?? 0) + 1 + index,
    at: last?.at ?? 0,
    ...judgement,
  });
  return [...events, ...judgements.map(place)];
}

/** A finding, or the verdict of a scenario, that is not what was recorded. */
export interface Difference {
  readonly scenario: string;
  /** Absent: the verdict of the scenario as a whole. */
  readonly statement?: string;
  /** In words: verdict and what was seen; `nothing` where there was no such finding. */
  readonly before: string;
  readonly now: string;
}

/** Compares what a record says with what judging it again came to. */
export function differencesBetween(
  recorded: readonly RunEvent[],
  judged: readonly RunEvent[],
): readonly Difference[] {
  const [before, now] = [saidIn(recorded), saidIn(judged)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [was = [], is = []] = [before.get(key), now.get(key)];
    if (was.join("\n") === is.join("\n")) return [];
    const [scenario = "", statement] = key.split(" ");
    return [
      {
        scenario,
        ...(statement === undefined ? {} : { statement }),
        before: was.join("; ") || "nothing",
        now: is.join("; ") || "nothing",
      },
    ];
  });
}

function saidIn(events: readonly RunEvent[]): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>();
  const say = (key: string, words: string): void => {
    const known = said.get(key);
    if (known === undefined) said.set(key, [words]);
    else known.push(words);
  };
  for (const event of events) {
    if (event.type === "finding")
      say(`${event.scenario} ${event.statement}`, `${event.verdict}: ${event.actual}`);
    if (isVerdict(event))
      say(event.scenario, event.reason === undefined ? event.verdict : `${event.verdict}: ${event.reason}`);
  }
  return said;
}

function openedIn(events: readonly RunEvent[]): readonly ScenarioOpened[] {
  return events.filter((event): event is ScenarioOpened => event.type === "scenario-opened");
}

function isVerdict(event: RunEvent): event is ScenarioJudged {
  return event.type === "scenario-judged";
}
