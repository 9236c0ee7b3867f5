import { describe, expect, test } from "vitest";
import type { Disposition, Edge, Level, ScrItem, Statement } from "../spec/types.ts";
import type { FindingMade, Verdict } from "../trace/event.ts";
import { sampleSutFile as sutFile } from "../report/testdata/sample-sut-file.ts";
import { itemResult, type Declaration } from "./item-results.ts";

const ITEM: ScrItem = {
  id: "IMSpec-PMM-S-004",
  table: "B.3.5",
  tableTitle: "Pager, originated by the controlling function",
  role: "controlling",
  function: "Sending to each member of the URI-list",
  status: "O",
  printed: { id: "IMSpec-PMM-S-004", status: "O", clause: "8.3.2.1" },
  clauses: ["8.3.2.1"],
};

const SUPPORTED: Declaration = { supported: true, applicable: true };

function statement(
  id: string,
  more: { level?: Level; disposition?: Disposition; items?: readonly Edge[] } = {},
): Statement {
  return {
    id,
    clause: "8.3.2.1",
    level: more.level ?? "SHALL",
    role: "any-server",
    says: id,
    observable: "direct",
    items: more.items ?? [{ item: ITEM.id }],
    disposition: more.disposition ?? { kind: "bound", check: id },
  };
}

let seq = 0;
function finding(
  about: string,
  verdict: Verdict,
  more: { purpose?: boolean; items?: readonly string[]; scenario?: string } = {},
): FindingMade {
  seq += 1;
  return {
    type: "finding",
    seq,
    at: seq,
    scenario: more.scenario ?? "s1",
    statement: about,
    check: about,
    verdict,
    blame: "sut",
    purpose: more.purpose ?? true,
    expected: "e",
    actual: "a",
    evidence: [],
    items: more.items ?? [ITEM.id],
  };
}

const judge = (
  statements: readonly Statement[],
  findings: readonly FindingMade[],
  declaration = SUPPORTED,
  strict = false,
) => itemResult({ item: ITEM, statements, findings, declaration, sutFile, strict });

describe("an SCR item", () => {
  const two = [statement("1"), statement("2")];

  test("passes when every mandatory edge passed in a scenario written for it", () => {
    expect(judge(two, [finding("1", "pass"), finding("2", "pass")])).toMatchObject({
      verdict: "PASS",
      reasons: [],
    });
  });

  test("does not pass by by-catch", () => {
    expect(judge(two, [finding("1", "pass"), finding("2", "pass", { purpose: false })])).toMatchObject({
      verdict: "PARTIAL",
    });
  });

  test("does not pass by emptiness", () => {
    expect(judge([], [])).toMatchObject({ verdict: "NOT RUN" });
    expect(judge(two, [])).toMatchObject({ verdict: "NOT RUN" });
    const hidden = statement("1", {
      disposition: { kind: "excluded", because: "not-observable", note: "inside" },
    });
    expect(judge([hidden], [])).toMatchObject({ verdict: "NOT EVALUABLE" });
  });

  test("fails by any proven violation, also in by-catch, and although another scenario passed", () => {
    const result = judge(two, [
      finding("1", "pass"),
      finding("2", "pass"),
      finding("2", "fail", { purpose: false, scenario: "s2" }),
    ]);
    expect(result).toMatchObject({
      verdict: "FAIL",
      reasons: ["violated: 2"],
      counts: { passed: 1, failed: 1, of: 2 },
    });
  });

  test("fails although Scrim erred elsewhere: both are counted", () => {
    expect(judge(two, [finding("1", "error"), finding("2", "fail")])).toMatchObject({ verdict: "FAIL" });
    expect(judge(two, [finding("1", "error", { scenario: "s2" }), finding("1", "fail")])).toMatchObject({
      verdict: "FAIL",
    });
  });

  test("is partial while statements wait or were not exercised", () => {
    const waiting = statement("3", { disposition: { kind: "waiting", for: "history" } });
    const { verdict, reasons } = judge([...two, waiting], [finding("1", "pass")]);
    expect(verdict).toBe("PARTIAL");
    expect(reasons).toEqual([
      "1 of 3 mandatory statements passed",
      "not exercised: 2",
      "waiting: 3 for history",
    ]);
  });

  test("is inconclusive when a mandatory edge is", () => {
    expect(judge(two, [finding("1", "pass"), finding("2", "inconclusive")])).toMatchObject({
      verdict: "INCONCLUSIVE",
    });
  });

  test("is not changed by a SHOULD that was not met, unless that is asked for", () => {
    const should = [statement("1"), statement("2", { level: "SHOULD" })];
    const findings = [finding("1", "pass"), finding("2", "warn")];
    expect(judge(should, findings)).toMatchObject({ verdict: "PASS", counts: { warned: 1 } });
    expect(judge(should, findings, SUPPORTED, true)).toMatchObject({ verdict: "FAIL" });
  });

  test("takes only evidence whose guard held", () => {
    expect(judge([statement("1")], [finding("1", "fail", { items: ["IMSpec-PMM-S-005"] })])).toMatchObject({
      verdict: "NOT RUN",
    });
  });
});

describe("the declaration comes first", () => {
  test.each<[string, Declaration, string]>([
    ["another role", { supported: false, applicable: false }, "NOT APPLICABLE"],
    ["optional and not claimed", { supported: false, applicable: true }, "NOT APPLICABLE"],
    ["mandatory and denied", { supported: false, applicable: true, violation: "denied" }, "FAIL"],
    ["a requirement that does not hold", { supported: true, applicable: true, violation: "needs X" }, "FAIL"],
    [
      "a requirement that names no item",
      { supported: true, applicable: true, defect: "X is no item" },
      "PASS",
    ],
  ])("%s: %s", (_case, declaration, verdict) => {
    expect(judge([statement("1")], [finding("1", "pass")], declaration)).toMatchObject({ verdict });
  });
});
