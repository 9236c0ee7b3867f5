/** Flows of the appendices, played by the reference: a difference from what is drawn is only noted by a verdict, and must not go unseen here. */
import { beforeAll, expect, test } from "vitest";
import { isArrow } from "../trace/flow.ts";
import { FLOW_NAMES, playedFlow, type FlowName } from "../trace/flows/played-flows.ts";
import { readRunBytes } from "../trace/ndjson.ts";
import { readSutFile } from "../spec/sut-file-reader.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { outputOf } from "./testdata/program.ts";

const traces = new Map<string, ScenarioTrace>();

beforeAll(async () => {
  const features = FLOW_NAMES.map((name) => `features/flows/${name}.feature`);
  const { events } = readRunBytes(await outputOf("record-features.ts", ...features));
  const sutFile = readSutFile("scenarios/sut/reference.yaml");
  for (const opened of events.filter(({ type }) => type === "scenario-opened")) {
    if (opened.type !== "scenario-opened") continue;
    const own = events.filter((event) => "scenario" in event && event.scenario === opened.scenario);
    const [, name = ""] = /flows\/(.+)\.feature/u.exec(opened.location) ?? [];
    traces.set(name, readScenarioTrace(own, sutFile));
  }
}, 300_000);

/** One node plays the cores of both networks, and one both servers. */
const UNSEEN: Readonly<Partial<Record<FlowName, readonly string[]>>> = {
  "D.1": ["D.1-4", "D.1-8", "D.1-13", "D.1-21", "D.1-25", "D.1-33"],
};

/** The client asks for no subscription to the outcome of its REFER (RFC 4488). */
const NOT_PLAYED: Readonly<Partial<Record<FlowName, readonly string[]>>> = { P: ["outcome-of-invitation"] };

test.each(FLOW_NAMES)("flow %s is played as it is drawn", (name) => {
  const trace = traces.get(name);
  if (trace === undefined) throw new Error("it was not played");
  const played = playedFlow(name, trace);
  expect(played?.firstDifference).toBeUndefined();
  const idsWith = (...statuses: readonly string[]) =>
    played?.arrows.filter(({ status }) => statuses.includes(status)).map(({ arrow }) => arrow.id);
  expect(idsWith("unseen")).toEqual(UNSEEN[name] ?? []);
  expect(idsWith("not-applicable", "absent")).toEqual(NOT_PLAYED[name] ?? []);
  const others = [...(UNSEEN[name] ?? []), ...(NOT_PLAYED[name] ?? [])];
  expect(idsWith("matched")).toHaveLength((played?.flow.steps.filter(isArrow).length ?? 0) - others.length);
});
