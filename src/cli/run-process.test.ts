/** `scrim run` as a process: interrupted, killed, given a busy port, a wrong file, an unknown word. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createSocket } from "node:dgram";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { renderAll } from "../report/render-all.ts";
import { loadRun } from "../run/recorded-run.ts";
import { freePort, serverSutText, type Ports } from "../run/testdata/hostile-run.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { reportInput } from "./write-report.ts";

const folder = mkdtempSync(path.join(tmpdir(), "scrim-process-"));
const RECORD = "run.ndjson";

/** Longer than any test: only what ends a run ends these. */
const LONG = { responseMs: 60_000, quietMs: 200, actionMs: 60_000, notifyMs: 60_000, scenarioMs: 120_000 };

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

const children: ChildProcess[] = [];
let silentPort = 0;
let count = 0;

beforeAll(async () => {
  const program = path.join(PROJECT_ROOT, "src", "run", "testdata", "silent-server.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["pipe", "pipe", "inherit"] });
  silentPort = await new Promise<number>((resolve) =>
    child.stdout.once("data", (data: Buffer) => resolve(Number(data.toString("utf8")))),
  );
  afterAll(() => child.stdin.end());
}, 300_000);

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scrim(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [path.join(PROJECT_ROOT, "bin", "scrim.mjs"), ...args], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  children.push(child);
  const [out, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (data: Buffer) => out.push(data));
  child.stderr.on("data", (data: Buffer) => said.push(data));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (status) =>
      resolve({
        status,
        out: Buffer.concat(out).toString("utf8"),
        said: Buffer.concat(said).toString("utf8"),
      }),
    );
  });
  return { child, ended };
}

interface Place {
  readonly sut: string;
  readonly out: string;
  readonly ports: Ports;
}

/** A SUT file and a folder for the run. */
async function place(server: number, guards?: Readonly<Record<string, number>>): Promise<Place> {
  count += 1;
  const ports = { core: await freePort(), xdm: await freePort(), server };
  const sut = path.join(folder, `sut-${count}.yaml`);
  writeFileSync(sut, serverSutText(ports, "udp", guards));
  return { sut, out: path.join(folder, `run-${count}`), ports };
}

function started({ sut, out }: Place, ...selection: readonly string[]): Running {
  return scrim("run", "--sut", sut, "--out", out, ...selection);
}

/** Until the record says that a scenario waits for the message that will not come. */
async function waiting({ out }: Place): Promise<void> {
  const record = path.join(out, RECORD);
  await expect
    .poll(() => existsSync(record) && readFileSync(record, "utf8").includes('"of":"message at Bob"'), {
      timeout: 180_000,
      interval: 50,
    })
    .toBe(true);
}

const SELECTED = "6.1.1.3.1-4";

describe("a run that is", { timeout: 300_000 }, () => {
  it("interrupted cleans up, judges what was open, lists the rest and reports", async () => {
    const where = await place(silentPort, LONG);
    const run = started(where, SELECTED);
    await waiting(where);
    const asked = performance.now();
    run.child.kill("SIGINT");
    const { status, out, said } = await run.ended;
    expect(performance.now() - asked).toBeLessThan(30_000);
    expect(said).toContain("stopping");
    // Inconclusive, unless the silence was a failure already.
    expect([1, 3]).toContain(status);
    expect(out).toContain("Report: file://");
    expect(readFileSync(path.join(where.out, "index.html"), "utf8")).toContain("the run was");
    const { events } = await loadRun({
      name: "run",
      folder: where.out,
      record: path.join(where.out, RECORD),
    });
    expect(events.at(-1)).toMatchObject({ type: "run-closed", how: "interrupted" });
    const phases = events.flatMap((event) => (event.type === "phase" ? [event.phase] : []));
    expect(phases).toEqual(["preamble", "body", "postamble"]);
    const verdicts = events.flatMap((event) => (event.type === "scenario-judged" ? [event.verdict] : []));
    // What was open is judged while the rest is listed.
    const [first, ...others] = verdicts.filter((verdict) => verdict !== "not-run");
    expect(["fail", "inconclusive"]).toContain(first);
    expect(others).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(1);
    // Who was registered is not any more.
    const goodbyes = events.filter(
      (event) =>
        event.type === "crossed" &&
        "text" in event.bytes &&
        /^REGISTER[^]*Expires: 0/iu.test(event.bytes.text),
    );
    expect(goodbyes.length).toBeGreaterThan(0);
  });

  it("killed leaves a record that can be reported on", async () => {
    const where = await place(silentPort, LONG);
    const run = started(where, SELECTED);
    await waiting(where);
    run.child.kill("SIGKILL");
    await run.ended;
    const { events, sutFile } = await loadRun({
      name: "run",
      folder: where.out,
      record: path.join(where.out, RECORD),
    });
    expect(events.some(({ type }) => type === "run-closed")).toBe(false);
    const input = reportInput(events, sutFile, { strict: false });
    expect(input.scenarios).toMatchObject([{ verdict: "inconclusive" }]);
    expect(renderAll(input).get("index.html")?.length).toBeGreaterThan(1000);
    const { status } = await scrim("report", where.out).ended;
    expect(status).toBe(0);
    expect(existsSync(path.join(where.out, "index.html"))).toBe(true);
  });

  it.each(["tcp", "udp"] as const)(
    "given a %s port that another process holds names it",
    async (transport) => {
      const where = await place(silentPort);
      const { core } = where.ports;
      const release = transport === "tcp" ? await holdTcp(core) : await holdUdp(core);
      const { status, said } = await started(where, SELECTED).ended;
      await release();
      expect(status).toBe(3);
      expect(said).toContain(`127.0.0.1:${core}/${transport} is in use by another process`);
    },
  );

  it("without its SUT is one diagnosis, and everything is listed as not run", async () => {
    const where = await place(await freePort());
    const { status, out } = await started(where, SELECTED).ended;
    expect(status).toBe(3);
    expect(out).toContain("Report: file://");
    const { events } = await loadRun({
      name: "run",
      folder: where.out,
      record: path.join(where.out, RECORD),
    });
    const verdicts = events.flatMap((event) => (event.type === "scenario-judged" ? [event.verdict] : []));
    expect(new Set(verdicts)).toEqual(new Set(["not-run"]));
    expect(events.filter((event) => event.type === "sut-life" && event.state === "unreachable")).toHaveLength(
      1,
    );
    expect(events.filter(({ type }) => type === "crossed")).toEqual([]);
  });
});

describe("before any traffic", { timeout: 180_000 }, () => {
  it("a wrong SUT file is told of by file, line and column", async () => {
    const where = await place(silentPort);
    const text = readFileSync(where.sut, "utf8").replace("transport: udp", "transport: pigeon");
    writeFileSync(where.sut, text);
    const line = text.split("\n").findIndex((one) => one.includes("pigeon")) + 1;
    const { status, said, out } = await started(where, SELECTED).ended;
    expect(status).toBe(2);
    expect(said).toContain(`${where.sut}:${line}:`);
    expect(said).not.toMatch(/\n\s+at /u);
    expect(out).toBe("");
    expect(existsSync(where.out)).toBe(false);
  });

  it.each([
    ["an unknown selection", ["B.99"], /B\.99/u],
    ["an unknown option", ["--colour"], /colour/u],
    ["a tag expression that is none", ["--tags", "@a and and"], /--tags/u],
    ["a baseline that is not there", ["--baseline", "/no/such/file"], /baseline/u],
  ])("%s is told of", async (_name, words, says) => {
    const where = await place(silentPort);
    const { status, said } = await started(where, ...words).ended;
    expect(status).toBe(2);
    expect(said).toMatch(says);
    expect(said).not.toMatch(/\n\s+at /u);
    expect(existsSync(where.out)).toBe(false);
  });
});

function holdTcp(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () =>
      resolve(() => new Promise((done) => void server.close(() => done()))),
    );
  });
}

function holdUdp(port: number): Promise<() => Promise<void>> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.bind(port, "127.0.0.1", () =>
      resolve(() => new Promise((done) => void socket.close(() => done()))),
    );
  });
}
