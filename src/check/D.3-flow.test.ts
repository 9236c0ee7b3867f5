import { describe, expect, it } from "vitest";
import { readSutFile } from "../spec/sut-file-reader.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import type { UnplacedEvent } from "../trace/recorder.ts";
import {
  closing,
  crossed,
  opening,
  requestText,
  responseText,
  traceEvents,
} from "../trace/testdata/events.ts";
import { address, deferredDelivery, pieces, type Pieces } from "../trace/testdata/group-delivery.ts";
import { flowD3 } from "./D.3-flow.ts";

const sutFile = readSutFile("scenarios/sut/reference.yaml");
const GROUP = "sip:group@home.test";
const scenario = "s1";

const leased = (actor: string, node: string): UnplacedEvent => ({
  type: "leased",
  scenario,
  user: { actor, node, played: "scrim", imAddress: address(node), properties: [] },
});

/** The core tells the server that the user is there. */
function registered(user: string): readonly UnplacedEvent[] {
  const parts = {
    method: "REGISTER",
    uri: "sip:server",
    callId: `reg-${user}`,
    to: address(user),
    branches: [`z9hG4bK-reg-${user}`],
  };
  const more = { serverFunction: "registration" } as const;
  return [
    crossed("core", "server", "core", requestText(parts), more),
    crossed("server", "core", "core", responseText("200 OK", parts), more),
  ];
}

const group: UnplacedEvent = {
  type: "provisioned",
  scenario,
  item: {
    kind: "group",
    uri: GROUP,
    members: ["alice", "bob", "ted", "dan"].map(address),
    allowAnonymity: true,
    supportsIm: true,
  },
};

const asks = (report: readonly string[]): UnplacedEvent => ({
  type: "stimulated",
  scenario,
  id: "1",
  actor: "Alice",
  action: "send-message",
  intent: { to: [GROUP], toKind: "group", report },
  token: "tok-1",
  deviations: [],
});

interface Story {
  readonly report?: readonly string[];
  /** Names of what does not happen. */
  readonly without?: readonly (keyof Pieces)[];
  readonly there?: readonly string[];
  readonly deferred?: boolean;
}

/** Statements by result. */
function judged({
  report = ["positive-delivery"],
  without = [],
  there = ["alice", "bob", "ted"],
  deferred = true,
}: Story) {
  const dan = deferredDelivery();
  const happened = Object.entries(pieces()).flatMap(([name, events]) =>
    without.some((one) => one === name) ? [] : events,
  );
  const events = [
    ...opening(),
    leased("Ted", "ted"),
    leased("Dan", "dan"),
    ...there.flatMap(registered),
    group,
    asks(report),
    ...happened,
    ...(deferred ? [...dan.kept, ...dan.later] : []),
    closing(),
  ];
  const trace = readScenarioTrace(traceEvents(events), sutFile);
  const outcomes = flowD3.flatMap((check) =>
    check.run(trace).map(({ result }) => [result, check.statement] as const),
  );
  const of = (wanted: string) =>
    outcomes.filter(([result]) => result === wanted).map(([, statement]) => statement.replace("D.3-", ""));
  return { pass: of("pass").length, miss: of("miss") };
}

describe("flow D.3", () => {
  it.each<[string, Story, { readonly pass: number; readonly miss: readonly string[] }]>([
    ["is seen arrow by arrow", {}, { pass: 19, miss: [] }],
    ["misses a copy and its answers", { without: ["toTed"] }, { pass: 17, miss: ["6", "7"] }],
    [
      "misses the aggregate",
      { without: ["report", "reportToAlice"], deferred: false },
      {
        pass: 7,
        miss: ["8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"],
      },
    ],
    [
      "misses what comes after deferral",
      { deferred: false },
      { pass: 9, miss: ["8", "9", "12", "13", "14", "15", "16", "17", "18", "19"] },
    ],
  ])("%s", (_what, story, expected) => {
    expect(judged(story)).toEqual(expected);
  });

  it.each<[string, Story]>([
    ["nobody wants to be told", { report: [] }],
    ["everybody is there", { there: ["alice", "bob", "ted", "dan"] }],
    ["one is there only", { there: ["alice", "bob"] }],
  ])("is not begun where %s", (_what, story) => {
    expect(judged(story)).toEqual({ pass: 0, miss: [] });
  });
});
