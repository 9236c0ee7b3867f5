/** SIPp as the source of a load, and as a peer that answers it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Buffers that hold a burst, and no bound on calls that are under way at the same time. */
const LOAD = ["-t", "u1", "-buff_size", "4194304", "-l", "100000", "-nostdin"];
const HOST = "127.0.0.1";
/** A run that hangs is ended after so many milliseconds. */
const LIMIT = 20_000;

/** `SIPp 3.6.1`; undefined where there is none. */
export function sippName(): string | undefined {
  const { stdout } = spawnSync("sipp", ["-v"], { encoding: "utf8" });
  const version = /SIPp v([0-9.]*[0-9])/.exec(stdout ?? "")?.[1];
  return version === undefined ? undefined : `SIPp ${version}`;
}

export interface Load {
  /** Calls in a second that were asked for. */
  readonly rate: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** Calls in a second, from the first to the last. */
  readonly rate: number;
  readonly failed: number;
  readonly retransmissions: number;
}

/** Sends MESSAGE to the port and counts what comes of it. */
export async function messageLoad(port: number, { rate, seconds }: Load): Promise<LoadResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "scrim-bench-"));
  try {
    const statistics = path.join(folder, "statistics.csv");
    const calls = Math.round(rate * seconds);
    const counted = ["-trace_stat", "-stf", statistics, "-fd", "1"];
    const target = [`${HOST}:${port}`, "-i", HOST, "-r", String(rate), "-m", String(calls)];
    const sipp = start("message-uac.xml", [...target, ...counted], folder);
    const giveUp = setTimeout(() => sipp.kill("SIGKILL"), LIMIT);
    if (sipp.exitCode === null && sipp.signalCode === null) await once(sipp, "exit");
    clearTimeout(giveUp);
    return resultOf(readFileSync(statistics, "utf8"), calls);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** SIPp's UAS, ready to answer. */
export async function sippUas(): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const port = await freePort();
  const uas = start("message-uas.xml", ["-i", HOST, "-p", String(port)], tmpdir());
  while (await isFree(port)) await new Promise((resolve) => setTimeout(resolve, 20));
  return { port, process: uas };
}

function start(scenario: string, more: readonly string[], folder: string): ChildProcess {
  const file = path.join(import.meta.dirname, "sipp", scenario);
  return spawn("sipp", ["-sf", file, ...LOAD, ...more], { cwd: folder, stdio: "ignore" });
}

/** The last line of SIPp's statistics: columns by name, `(C)` those that count from the start. */
function resultOf(statistics: string, calls: number): LoadResult {
  const [names = "", ...rows] = statistics.trim().split("\n");
  const last = rows.at(-1)?.split(";") ?? [];
  const column = (name: string): number => Number(last[names.split(";").indexOf(name)]);
  const successful = column("SuccessfulCall(C)");
  return {
    rate: column("CallRate(C)"),
    failed: calls - successful,
    retransmissions: column("Retransmissions(C)"),
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, HOST);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind({ port, address: HOST, exclusive: true });
    await once(socket, "listening");
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
