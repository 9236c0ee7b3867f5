/**
 * Every scenario against the conforming reference on the virtual network, in a random order: each passes, as it does by itself in the self-test,
 * and the record is the same to the byte each time.
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { readRunBytes } from "../trace/ndjson.ts";
import type { ScenarioOpened } from "../trace/event.ts";

const RECORDER = path.join(import.meta.dirname, "testdata", "record-virtual-run.ts");
const MINUTE = 60_000;

/** In a process of its own, so that nothing which one run leaves in memory reaches the next. */
async function record(order: number): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", RECORDER, String(order)],
    { encoding: "buffer", maxBuffer: 512 * 1024 * 1024 },
  );
  return stdout;
}

/** `features/….feature:line` to its verdict. */
function verdictsOf(bytes: Buffer): ReadonlyMap<string, string> {
  const { events, verdicts } = readRunBytes(bytes);
  const locations = new Map(
    events
      .filter((event): event is ScenarioOpened => event.type === "scenario-opened")
      .map(({ scenario, location }) => [scenario, location]),
  );
  return new Map(
    verdicts
      .map(({ scenario, verdict, reason }): [string, string] => [
        locations.get(scenario) ?? scenario,
        verdict === "pass" ? verdict : `${verdict}: ${reason ?? ""}`,
      ])
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

describe("the whole suite on the virtual network, in random order", () => {
  let first: Buffer;
  let second: Buffer;

  beforeAll(async () => {
    first = await record(5);
    second = await record(5);
  }, 30 * MINUTE);

  test("leaves the same record twice, byte for byte", () => {
    expect(first.length).toBeGreaterThan(0);
    expect(first.equals(second)).toBe(true);
  });

  test("passes with the conforming reference", () => {
    expect(readRunBytes(first).problems).toEqual([]);
    const verdicts = verdictsOf(first);
    expect([...verdicts].filter(([, verdict]) => verdict !== "pass")).toEqual([]);
    expect(verdicts.size).toBeGreaterThan(100);
  });

  test("was not run as it is written", () => {
    const places = readRunBytes(first).events.flatMap((event) =>
      event.type === "scenario-opened" ? [event.location] : [],
    );
    expect(places).not.toEqual(places.toSorted());
  });
});
