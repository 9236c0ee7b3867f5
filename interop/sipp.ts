/** SIPp: a scenario of `interop/sipp/` is run, and its own counters are read when it has ended. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Address, Transport } from "../src/net/network.ts";
import { peer } from "./peers.ts";
import { freePort, listening } from "./ports.ts";
import { type RunningProcess, scratchFolder, startForTest } from "./processes.ts";
import { tlsInFrontOf, tlsTowards } from "./tls-hop.ts";

export interface SippOptions {
  /** Name of a file of `interop/sipp/`, without `.xml`. */
  readonly scenario: string;
  /** `tls`: SIPp has none as Debian builds it, so OpenSSL's command stands in between (`tls-hop.ts`). */
  readonly transport: Transport;
  readonly host: string;
  readonly calls: number;
  /** Where a UAC sends to; a UAS has none. */
  readonly remote?: Address;
  /** New calls in a second, of a UAC. Default 50. */
  readonly rate?: number;
  /** Lines of a CSV file that the scenario refers to as `[field0]` and so on. */
  readonly fields?: readonly string[];
  /** Further arguments, such as `-lost`. */
  readonly more?: readonly string[];
}

/** One step of a scenario, as SIPp counted it. */
export interface SippStep {
  /** A method or a status. */
  readonly name: string;
  /** Sent or received, repetitions not counted. */
  readonly messages: number;
  readonly retransmissions: number;
  readonly timeouts: number;
  readonly unexpected: number;
  /** Thrown away on purpose, before sending or after receiving. */
  readonly lost: number;
}

export interface SippResult {
  /** 0: all calls succeeded. */
  readonly status: number | NodeJS.Signals;
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  readonly steps: readonly SippStep[];
  /** What SIPp complained about. On a busy machine also of answers that came twice, which is nothing to complain about. */
  readonly errors: string;
}

export interface Sipp {
  /** Where it is reached. */
  readonly port: number;
  readonly process: RunningProcess;
  /** Settles when all calls are over. */
  readonly result: Promise<SippResult>;
}

/** Fails, with what SIPp says to it, unless all calls of a scenario succeeded. */
export function expectAllWell({ status, successful, failed, errors }: SippResult, calls: number): void {
  if (status === 0 && successful === calls && failed === 0) return;
  throw new Error(`SIPp ended with ${status}, ${successful} of ${calls} calls succeeded:\n${errors}`);
}

const FIELDS = "fields.csv";
const SCENARIOS = path.join(import.meta.dirname, "sipp");
/** After so long SIPp gives up, and fails. Seconds. */
const LIMIT_S = 50;

/**
 * Starts SIPp; a UAS listens when this settles. Scenarios write `[hop]` for the transport in Via, and `[own_port]` for the port in Contact, so that
 * both are true behind the TLS in between, too.
 */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const { scenario, transport, host, remote } = options;
  const folder = scratchFolder();
  // SIPp writes its counters beside the scenario.
  copyFileSync(path.join(SCENARIOS, `${scenario}.xml`), path.join(folder, "scenario.xml"));
  if (options.fields !== undefined)
    writeFileSync(path.join(folder, FIELDS), ["SEQUENTIAL", ...options.fields, ""].join("\n"));
  const port = await freePort(host);
  if (transport !== "tls") return start(folder, options, { listen: port, shown: port, target: remote });
  const shown = await freePort(host);
  if (remote !== undefined)
    return start(folder, options, { listen: port, shown, target: await tlsTowards(remote, shown) });
  const sipp = await start(folder, options, { listen: port, shown, target: undefined });
  await tlsInFrontOf({ host, port }, shown);
  return sipp;
}

interface Ports {
  /** Its own. */
  readonly listen: number;
  /** Under which the other side knows it. */
  readonly shown: number;
  readonly target: Address | undefined;
}

async function start(folder: string, options: SippOptions, ports: Ports): Promise<Sipp> {
  const args = argumentsOf(options, ports);
  const process = startForTest(peer("sipp").program, { cwd: folder, args });
  const over = process.ended.then(() => undefined);
  if (ports.target === undefined)
    await Promise.race([listening(options.transport === "udp" ? "udp" : "tcp", ports.listen), over]);
  const result = process.ended.then((status) => resultOf(folder, process, status));
  return { port: ports.shown, process, result };
}

function argumentsOf(options: SippOptions, { listen, shown, target }: Ports): string[] {
  const { transport, host, calls, rate = 50, fields, more = [] } = options;
  const socket = transport === "udp" ? "u1" : "t1";
  const own = `-sf scenario.xml -i ${host} -bind_local -p ${listen} -t ${socket} -m ${calls} -nostdin`;
  // A call that failed is over: no BYE, no CANCEL.
  const ends = `-default_behaviors all,-bye -timeout ${LIMIT_S}s -timeout_error`;
  // How busy the machine is, is not what is tested.
  const patience = "-watchdog_minor_threshold 60000 -watchdog_major_threshold 60000";
  const counters = "-trace_stat -stf statistics.csv -trace_counts -trace_err -error_file errors.log";
  const injected = fields === undefined ? "" : `-inf ${FIELDS}`;
  const keys = `-key hop ${transport.toUpperCase()} -key own_port ${shown}`;
  const load = target === undefined ? "" : `-r ${rate} -l ${calls} ${hostPort(target)}`;
  const all = [own, ends, patience, counters, injected, keys, load].flatMap((part) => part.split(" "));
  return [...all.filter((part) => part !== ""), ...more];
}

function hostPort({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function resultOf(folder: string, running: RunningProcess, status: number | NodeJS.Signals): SippResult {
  const statistics = lastRow(path.join(folder, "statistics.csv"));
  const errors = path.join(folder, "errors.log");
  return {
    status,
    successful: Number(statistics.get("SuccessfulCall(C)")),
    failed: Number(statistics.get("FailedCall(C)")),
    retransmissions: Number(statistics.get("Retransmissions(C)")),
    steps: stepsOf(lastRow(path.join(folder, `scenario_${running.pid}_counts.csv`))),
    errors: existsSync(errors) ? readFileSync(errors, "utf8") : "",
  };
}

/** By column; empty when the file is not there. */
function lastRow(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const values = lines.at(-1)?.split(";") ?? [];
  return new Map((lines[0] ?? "").split(";").map((name, index) => [name, values[index] ?? ""]));
}

/** Columns are named `0_MESSAGE_Sent`, `0_MESSAGE_Retrans`, `1_200_Recv`. */
function stepsOf(row: ReadonlyMap<string, string>): SippStep[] {
  const steps = new Map<string, Record<string, number>>();
  for (const [column, value] of row) {
    const [, step, counter] = /^(\d+_[^_]+)_(\w+)$/u.exec(column) ?? [];
    if (step !== undefined && counter !== undefined)
      steps.set(step, { ...steps.get(step), [counter]: Number(value) });
  }
  return [...steps].map(([step, counts]) => ({
    name: step.replace(/^\d+_/u, ""),
    messages: counts["Sent"] ?? counts["Recv"] ?? 0,
    retransmissions: counts["Retrans"] ?? 0,
    timeouts: counts["Timeout"] ?? 0,
    unexpected: counts["Unexp"] ?? 0,
    lost: counts["Lost"] ?? 0,
  }));
}
