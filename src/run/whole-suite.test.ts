/** The four parts of a requirement hang together: row, check, scenario, fault. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadChecks } from "../check/load-checks.ts";
import { universalStatements } from "../check/universal/statements.ts";
import { allFaults } from "../fault/all-faults.ts";
import { readTags } from "../lab/describe-scenario.ts";
import { CONFIGURATION_SETS } from "../spec/configuration-sets.ts";
import { statements } from "../spec/register.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { itemById, scrItems } from "../spec/scr.ts";
import type { Statement } from "../spec/types.ts";
import { indexFeatures } from "./feature-index.ts";

const bound = statements().filter((statement) => statement.disposition.kind === "bound");

let checked: ReadonlySet<string>;
let faulted: ReadonlySet<string>;
const scenarios = indexFeatures(PROJECT_ROOT).map((scenario) => ({
  ...scenario,
  ...readTags(scenario.tags),
}));

beforeAll(async () => {
  checked = new Set((await loadChecks()).map((check) => check.statement));
  faulted = new Set((await allFaults()).flatMap((fault) => fault.statements));
}, 300_000);

const ids = (found: readonly Statement[]): readonly string[] => found.map((statement) => statement.id);

describe("every bound statement", () => {
  test("has a check", () => {
    expect(ids(bound.filter(({ id }) => !checked.has(id)))).toEqual([]);
  });

  test("is named by a scenario", () => {
    const named = new Set(scenarios.flatMap((scenario) => scenario.purpose));
    expect(ids(bound.filter(({ id }) => !named.has(id)))).toEqual([]);
  });

  test("that demands or recommends, and is directly observable, has a fault", () => {
    const demanding = bound.filter(
      ({ level, observable }) => observable === "direct" && level.startsWith("SH"),
    );
    expect(ids(demanding.filter(({ id }) => !faulted.has(id)))).toEqual([]);
  });
});

test("what holds of every message has checks and faults too", () => {
  expect(ids(universalStatements.filter(({ id }) => !checked.has(id)))).toEqual([]);
  expect(ids(universalStatements.filter(({ id }) => !faulted.has(id)))).toEqual([]);
});

test("no check and no fault speaks of a statement that is not bound", () => {
  const known = new Set(ids([...bound, ...universalStatements]));
  expect([...checked].filter((id) => !known.has(id))).toEqual([]);
  expect([...faulted].filter((id) => !known.has(id))).toEqual([]);
});

describe("the features", () => {
  test("have a scenario for each item of B.3", () => {
    const tags = new Set(scenarios.flatMap((scenario) => scenario.tags));
    const items = scrItems().filter((item) => item.table.startsWith("B.3."));
    expect(items).toHaveLength(14);
    expect(items.map((item) => item.id).filter((id) => !tags.has(`@${id}`))).toEqual([]);
  });

  test("use no tag that means nothing", () => {
    const meant = (tag: string): boolean =>
      itemById(tag) !== undefined ||
      statements().some(({ id }) => id === tag) ||
      scrItems().some((item) => item.table === tag) ||
      ["M", "O", "slow", "sut:server", "sut:client", "core:scrim"].includes(tag) ||
      CONFIGURATION_SETS.some((set) => tag === `set:${set}`);
    const tags = new Set(scenarios.flatMap((scenario) => scenario.tags.map((tag) => tag.slice(1))));
    expect([...tags].filter((tag) => !meant(tag))).toEqual([]);
  });

  test("have each scenario under one name, for a purpose", () => {
    expect(scenarios.filter((scenario) => scenario.purpose.length === 0)).toEqual([]);
    const places = scenarios.map((scenario) => scenario.location);
    expect(places.length).toBe(new Set(places).size);
  });
});
