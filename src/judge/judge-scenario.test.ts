import { describe, expect, test } from "vitest";
import { check, type Check, type Outcome } from "../check/check.ts";
import type { Level, Role } from "../spec/types.ts";
import type { UnplacedEvent } from "../trace/recorder.ts";
import { sampleSutFile as sutFile } from "../report/testdata/sample-sut-file.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import { closing, opening, traceEvents } from "../trace/testdata/events.ts";
import { bindsSut, judgeScenario, worse, type JudgedStatement, type JudgingRules } from "./judge-scenario.ts";

function statement(id: string, level: Level = "SHALL", role: Role = "any-server"): JudgedStatement {
  return { id, level, role, items: [{ item: "ITEM-ALWAYS" }, { item: "ITEM-LIST", when: "uri-list" }] };
}

function saying(id: string, ...outcomes: readonly Partial<Outcome>[]): Check {
  return check(id, {
    trigger: () => outcomes,
    judge: (outcome) => ({ result: "pass", expected: "e", actual: "a", evidence: [], ...outcome }),
  });
}

function rules(checks: readonly Check[], ...statements: readonly JudgedStatement[]): JudgingRules {
  return { checks, statement: (id) => statements.find((one) => one.id === id) };
}

const judged = (
  checks: readonly Check[],
  statements: readonly JudgedStatement[],
  ...events: readonly UnplacedEvent[]
) =>
  judgeScenario(
    readScenarioTrace(traceEvents([...opening(), ...events, closing()]), sutFile),
    rules(checks, ...statements),
  );

describe("a finding", () => {
  test.each<[Level, Outcome["result"], Outcome["blame"], string]>([
    ["SHALL", "pass", undefined, "pass"],
    ["SHALL", "miss", undefined, "fail"],
    ["SHALL NOT", "miss", undefined, "fail"],
    ["SHOULD", "miss", undefined, "warn"],
    ["SHOULD NOT", "miss", undefined, "warn"],
    ["MAY", "miss", undefined, "noted"],
    ["FLOW", "noted", undefined, "noted"],
    ["SHALL", "inconclusive", undefined, "inconclusive"],
    ["SHALL", "miss", "scrim", "error"],
    ["SHALL", "miss", "rig", "inconclusive"],
  ])("%s, %s, blame %s: %s", (level, result, blame, verdict) => {
    const purpose = level === "FLOW" ? [] : [statement("X-1", level)];
    const { findings } = judged(
      [saying("X-1", { result, ...(blame === undefined ? {} : { blame }) })],
      purpose,
    );
    expect(findings.map((finding) => finding.verdict)).toEqual(level === "FLOW" ? [] : [verdict]);
  });

  test.each([
    [400, "fail"],
    [600, "inconclusive"],
  ])("that is missed while Scrim stood still for %d ms: %s", (forMs, verdict) => {
    const { actionMs, notifyMs, responseMs } = sutFile.guards;
    const standing = {
      type: "held-up",
      scenario: "s1",
      forMs: (forMs / 2000) * Math.min(actionMs, notifyMs, responseMs),
    } as const;
    const { findings } = judged([saying("X-1", { result: "miss" })], [statement("X-1")], standing);
    expect(findings.map((finding) => finding.verdict)).toEqual([verdict]);
  });

  test("is evidence for an item when the guard of the edge holds", () => {
    const checks = [saying("X-1", {}, { facets: ["uri-list"] })];
    const { findings } = judged(checks, [statement("X-1")]);
    expect(findings.map((finding) => finding.items)).toEqual([["ITEM-ALWAYS"], ["ITEM-ALWAYS", "ITEM-LIST"]]);
  });

  test("is an error of Scrim's when the check breaks", () => {
    const broken = check("X-1", {
      trigger: () => [1],
      judge: () => {
        throw new Error("boom");
      },
    });
    const { findings, judged: verdict } = judged([broken], [statement("X-1")]);
    expect(findings).toMatchObject([{ verdict: "error", blame: "scrim", actual: "the check broke: boom" }]);
    expect(verdict).toMatchObject({ verdict: "error", blame: "scrim" });
  });

  test("is not made where the statement binds somebody else", () => {
    expect(judged([saying("X-1", {})], [statement("X-1", "SHALL", "client-common")]).findings).toEqual([]);
    expect(judged([saying("X-1", {})], []).findings).toEqual([]);
  });
});

describe("the verdict of a scenario", () => {
  test("is the worst of its findings", () => {
    const checks = [
      saying("X-1", {}),
      saying("X-2", { result: "miss" }),
      saying("X-3", { result: "miss", blame: "rig" }),
    ];
    const statements = [statement("X-1"), statement("X-2"), statement("X-3")];
    expect(judged(checks, statements).judged).toMatchObject({
      verdict: "fail",
      reason: "X-2: a",
      blame: "sut",
    });
  });

  test("is inconclusive when nothing could be judged", () => {
    expect(judged([], []).judged).toMatchObject({ verdict: "inconclusive" });
  });

  test("is inconclusive when a step did not come about, unless a violation is proven", () => {
    const step: UnplacedEvent = {
      type: "step",
      scenario: "s1",
      text: "Alice registers",
      status: "failed",
      reason: "403",
      blame: "rig",
    };
    expect(judged([saying("X-1", {})], [statement("X-1")], step).judged).toEqual({
      type: "scenario-judged",
      scenario: "s1",
      verdict: "inconclusive",
      reason: "Alice registers: 403",
      blame: "rig",
    });
    expect(judged([saying("X-1", { result: "miss" })], [statement("X-1")], step).judged).toMatchObject({
      verdict: "fail",
    });
  });
});

test.each([
  ["pass", "warn", "warn"],
  ["inconclusive", "warn", "inconclusive"],
  ["inconclusive", "fail", "fail"],
  ["error", "fail", "error"],
  ["noted", "pass", "pass"],
] as const)("worse: %s and %s is %s", (a, b, result) => {
  expect(worse(a, b)).toBe(result);
  expect(worse(b, a)).toBe(result);
});

test.each<[Role, "server" | "client", boolean]>([
  ["any-server", "server", true],
  ["participating-originating", "server", true],
  ["controlling", "server", true],
  ["history", "server", false],
  ["core", "server", false],
  ["client-common", "server", false],
  ["client-common", "client", false],
  ["any-server", "client", false],
])("a statement for %s, with the %s under test: %s", (role, kind, binds) => {
  expect(bindsSut(role, kind, sutFile)).toBe(binds);
});

describe("what Scrim carried on as the SUT had sent it", () => {
  const broken = { result: "miss", actual: "From: no address" } as const;
  const scrims = { ...broken, blame: "scrim" } as const;

  test("is held against the SUT alone", () => {
    const { findings, judged: verdict } = judged([saying("X-1", scrims, broken)], [statement("X-1")]);
    expect(findings).toMatchObject([{ verdict: "fail", blame: "sut" }]);
    expect(verdict).toMatchObject({ verdict: "fail", blame: "sut" });
  });

  test.each<[string, Partial<Outcome>]>([
    ["nothing was wrong with what the SUT sent", { ...broken, result: "pass" }],
    ["something else was wrong with it", { ...broken, actual: "To: no address" }],
  ])("does not excuse Scrim where %s", (_name, suts) => {
    const { findings, judged: verdict } = judged([saying("X-1", scrims, suts)], [statement("X-1")]);
    expect(findings).toHaveLength(2);
    expect(verdict).toMatchObject({ verdict: "error", blame: "scrim" });
  });
});
