import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "./event.ts";
import {
  createRunReader,
  createRunWriter,
  encodeEvent,
  readRun,
  readRunBytes,
  RunRecordError,
} from "./ndjson.ts";
import { closing, crossed, opening, placed, requestText, runOpened } from "./testdata/events.ts";

const run: readonly RunEvent[] = placed([
  runOpened,
  ...opening(),
  crossed("alice", "core", "core", requestText({ body: "Grüße \u2028 \ud83d\ude00" })),
  crossed("alice", "core", "core", new Uint8Array([0xff, 0, 1])),
  closing(),
  {
    type: "finding",
    scenario: "s1",
    statement: "8.1.1-1",
    check: "x",
    verdict: "pass",
    blame: "sut",
    purpose: true,
    expected: "e",
    actual: "a",
    evidence: [{ seq: 6, from: 1, to: 2 }],
    items: [],
  },
  { type: "scenario-judged", scenario: "s1", verdict: "pass" },
  { type: "run-closed", how: "complete" },
]);
const bytes = Buffer.from(run.map(encodeEvent).join(""), "utf8");

function errorOf(read: () => unknown): RunRecordError {
  try {
    read();
  } catch (error) {
    if (error instanceof RunRecordError) return error;
    throw error;
  }
  throw new Error("was read");
}

describe("a run record", () => {
  it("is read as it was written", () => {
    const record = readRunBytes(bytes);
    expect([...record.events, ...record.findings, ...record.verdicts].sort((a, b) => a.seq - b.seq)).toEqual(
      run,
    );
    expect(record.findings).toHaveLength(1);
    expect(record.verdicts).toHaveLength(1);
    expect(record.complete).toBe(true);
    expect(record.problems).toEqual([]);
  });

  it("is readable up to any byte, and never complete before its end", () => {
    const lineEnds = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
    for (let length = 0; length < bytes.length - 1; length += 1) {
      const record = readRunBytes(bytes.subarray(0, length));
      const whole = lineEnds.filter((end) => end <= length).length;
      const count = record.events.length + record.findings.length + record.verdicts.length;
      const inLine = length > 0 && !lineEnds.includes(length) && !lineEnds.includes(length - 1);
      const problems = record.problems.map(({ code, line }) => [code, line]);
      expect([length, count, problems]).toEqual([
        length,
        whole,
        inLine ? [["truncated-line", whole + 1]] : [],
      ]);
      expect(record.complete).toBe(false);
    }
  });

  it("is the same in chunks of any size", () => {
    const whole = readRunBytes(bytes);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (size) => {
        const reader = createRunReader();
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        expect(reader.end()).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps members of a later version", () => {
    const later = { ...run[0], more: { than: "known" } };
    expect(readRunBytes(Buffer.from(JSON.stringify(later))).events[0]).toEqual(later);
  });
});

const first = encodeEvent(run[0]!);

describe("hostile lines", () => {
  const second = (line: string | Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from(first), Buffer.from(line), Buffer.from("\n")]);
  const changed = (index: number, change: object): string =>
    JSON.stringify({ ...run[index], seq: 2, ...change });
  const deep = (): unknown => Array.from({ length: 50 }).reduce<unknown>((inner) => [inner], 0);

  it.each([
    ["no JSON", "hello", "not-json", 1],
    ["half a line, not the last", '{"seq":2,', "not-json", 10],
    ["an empty line", "", "not-json", 1],
    ["no object", "[]", "unknown-event", 1],
    ["null", "null", "unknown-event", 1],
    ["an unknown event", '{"seq":2,"at":1,"type":"robbed"}', "unknown-event", 24],
    ["a type from the prototype", '{"seq":2,"type":"constructor"}', "unknown-event", 17],
    ["a type that is no text", '{"seq":2,"type":7}', "unknown-event", 17],
    [
      "seq of the wrong type",
      '{"type":"phase","seq":"2","at":1,"scenario":"s","phase":"body"}',
      "wrong-type",
      23,
    ],
    ["an unknown phase", '{"type":"phase","seq":2,"at":9999,"scenario":"s","phase":"end"}', "wrong-type", 58],
    ["a member left out", '{"type":"phase","seq":2,"at":9999,"phase":"body"}', "wrong-type", 1],
    ["a gap", '{"type":"phase","seq":4,"at":9999,"scenario":"s","phase":"body"}', "wrong-order", 23],
    [
      "time that goes back",
      '{"type":"phase","seq":2,"at":1,"scenario":"s","phase":"body"}',
      "wrong-order",
      30,
    ],
    ["a second beginning", changed(0, { at: 9999 }), "wrong-order", undefined],
    ["bytes that are no bytes", changed(5, { bytes: { text: 1 } }), "wrong-type", undefined],
    ["base64 that is none", changed(5, { bytes: { base64: "*" } }), "wrong-type", undefined],
    [
      "a digest that is none",
      changed(5, { bytes: { sha256: "x", length: 1, head: "", tail: "" } }),
      "wrong-type",
      undefined,
    ],
    [
      "a negative length",
      changed(5, { bytes: { sha256: "0".repeat(64), length: -1, head: "", tail: "" } }),
      "wrong-type",
      undefined,
    ],
    ["evidence that is none", changed(8, { evidence: ["<script>"] }), "wrong-type", undefined],
    [
      "JSON nested too deep",
      JSON.stringify({
        type: "stimulated",
        seq: 2,
        at: 9999,
        scenario: "s",
        id: "i",
        actor: "a",
        action: "b",
        intent: { x: deep() },
        deviations: [],
      }),
      "wrong-type",
      undefined,
    ],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xc3, 0x28, 0x22]), "not-utf-8", 2],
  ])("%s", (_name, line, code, column) => {
    const error = errorOf(() => readRunBytes(second(line), { file: "run.ndjson" }));
    expect(error.code).toBe(code);
    expect([error.line, error.column]).toEqual([2, column ?? error.column]);
    expect(error.message).toMatch(/^run\.ndjson: \(2:\d+\) /);
  });

  it.each([
    ["another format", first.replace("scrim-run/1", "scrim-run/2"), "wrong-format"],
    ["a record that begins in the middle", encodeEvent({ ...run[1]!, seq: 1 }), "wrong-format"],
    ["a SUT file without users", first.replace('"users":', '"losers":'), "wrong-type"],
    ["something else altogether", "#EXTM3U", "not-json"],
    ["a line without end", `{"a":"${"x".repeat(2_000_000)}`, "line-too-long"],
  ])("%s", (_name, text, code) => {
    const error = errorOf(() => readRunBytes(Buffer.from(text), { lineLimit: 1_000_000 }));
    expect([error.code, error.line]).toEqual([code, 1]);
  });
});

describe("the file of a run", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "scrim-record-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("holds each event as soon as it was written", async () => {
    const path = join(folder, "run.ndjson");
    const writer = createRunWriter(path);
    for (const [index, event] of run.entries()) {
      writer.write(event);
      expect(readFileSync(path, "utf8").split("\n")).toHaveLength(index + 2);
    }
    writer.close();
    writer.close();
    expect(await readRun(path)).toEqual(readRunBytes(bytes));
  });

  it("is whole up to the last line when the process is killed", async () => {
    const path = join(folder, "run.ndjson");
    const source = `
      import { createRunWriter } from ${JSON.stringify(new URL("./ndjson.ts", import.meta.url).href)};
      const writer = createRunWriter(${JSON.stringify(path)});
      for (const event of ${JSON.stringify(run.slice(0, 6))}) writer.write(event);
      process.kill(process.pid, "SIGKILL");
    `;
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source]);
    expect([child.signal, child.stderr.toString()]).toEqual(["SIGKILL", ""]);
    expect((await readRun(path)).events).toEqual(run.slice(0, 6));
  });

  it.each([
    [
      "one that is there",
      "exists",
      () => {
        createRunWriter(join(folder, "there")).close();
        createRunWriter(join(folder, "there"));
      },
    ],
    [
      "one in a folder that is not there",
      "cannot-write",
      () => createRunWriter(join(folder, "no", "run.ndjson")),
    ],
    [
      "one that is closed",
      "cannot-write",
      () => {
        const writer = createRunWriter(join(folder, "closed"));
        writer.close();
        writer.write(run[0]!);
      },
    ],
  ])("refuses to write %s", (_name, code, write) => {
    expect(errorOf(write).code).toBe(code);
  });

  it("says when there is none to read", async () => {
    await expect(readRun(join(folder, "none"))).rejects.toMatchObject({
      name: "RunRecordError",
      code: "cannot-read",
      line: 0,
    });
  });
});
