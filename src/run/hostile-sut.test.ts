/** Whatever a server does: the run goes on, ends, and says what was wrong and whose fault it was. Real sockets, free ports. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import { hostileCases } from "./testdata/behaviours.ts";
import type { HostileOutcome } from "./testdata/hostile-child.ts";

/** Milliseconds for the scenarios of one server, on a busy machine. */
const BOUND_MS = 30_000;

const outcomes = new Map<string, HostileOutcome>();
let ended: { readonly status: number | null; readonly said: string };

beforeAll(async () => {
  const program = path.join(import.meta.dirname, "testdata", "hostile-child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const outcome: HostileOutcome = JSON.parse(line);
    outcomes.set(outcome.name, outcome);
  });
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  ended = { status, said: Buffer.concat(said).toString("utf8") };
}, 600_000);

it("the process that ran against all of them ended in order", () => {
  expect(ended).toEqual({ status: 0, said: "" });
});

describe("a server that", () => {
  it.each(hostileCases)("$name", ({ name, fails = [], verdicts, says, diagnoses }) => {
    const outcome = outcomes.get(name);
    expect(outcome).toMatchObject({
      last: { type: "run-closed", how: "complete" },
      record: { complete: true, problems: [] },
      scrims: [],
    });
    if (outcome === undefined) return;
    expect(outcome.tookMs).toBeLessThan(BOUND_MS);
    expect(outcome.page).toBeGreaterThan(1000);
    expect(outcome.verdicts).toHaveLength(outcome.planned);
    // The record must not grow with what a peer sends.
    expect(outcome.crossings).toBeLessThan(5000);
    expect(outcome.verdicts.filter(({ verdict, reason }) => verdict !== "pass" && !reason)).toEqual([]);
    expect(fails.filter((statement) => !outcome.failed.includes(statement))).toEqual([]);
    const came = outcome.verdicts.map(({ verdict }) => verdict);
    expect(came).toEqual(verdicts ?? came);
    // Every lane is told, and told the same.
    const said = new Set(outcome.diagnoses).size;
    expect(said).toBe(diagnoses ?? said);
    const told = [...outcome.notes, ...outcome.verdicts.map(({ reason }) => reason ?? "")].join("\n");
    expect(told).toMatch(says ?? /^/u);
  });
});
