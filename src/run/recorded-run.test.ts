import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findRun, loadRun, newestRun, UnknownRunError } from "./recorded-run.ts";

const reports = mkdtempSync(path.join(tmpdir(), "scrim-reports-"));
const names = ["2026-01-01T00-00-00", "2026-02-01T00-00-00"];
for (const name of names) {
  mkdirSync(path.join(reports, name));
  writeFileSync(path.join(reports, name, "run.ndjson"), '{"type":"run-op');
}
mkdirSync(path.join(reports, "no-run"));

afterAll(() => rmSync(reports, { recursive: true }));

describe("a run by its name", () => {
  const record = path.join(reports, names[0]!, "run.ndjson");
  it.each([
    ["a folder", path.join(reports, names[0]!)],
    ["a record", record],
    ["a name in reports", names[0]!],
  ])("%s", (_what, word) => {
    expect(findRun(word, reports)).toMatchObject({ record, folder: path.dirname(record) });
  });

  it.each([
    ["2026-01-01T00-00-01", /Did you mean 2026-01-01T00-00-00/u],
    ["no-run", /The newest is 2026-02-01/u],
    [path.join(reports, "nowhere"), /is no run/u],
  ])("%s is none", (word, says) => {
    expect(() => findRun(word, reports)).toThrow(UnknownRunError);
    expect(() => findRun(word, reports)).toThrow(says);
  });

  it("the newest is the last by its date", () => {
    expect(newestRun(reports)?.name).toBe(names[1]);
    expect(newestRun(path.join(reports, "no-run"))).toBeUndefined();
    expect(newestRun(path.join(reports, "nowhere"))).toBeUndefined();
  });

  it("a record that ends in its first line holds nothing", async () => {
    await expect(loadRun(findRun(names[0]!, reports))).rejects.toThrow(/nothing of the run was recorded/u);
  });
});
