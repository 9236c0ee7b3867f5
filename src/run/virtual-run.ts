/** Scenarios against the bundled reference on the virtual network: 32 seconds of SIP timers take milliseconds, and two runs are the same to the byte. */
import type { JudgingRules } from "../judge/judge-scenario.ts";
import { virtualDriver } from "../lab/waiting.ts";
import { createVirtualNet, type VirtualNet, type VirtualNetOptions } from "../net/virtual/virtual-net.ts";
import type { ClientAlteration } from "../peer/im-client/client.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { openReferenceClient, openReferenceServer } from "../target/reference.ts";
import type { RunEvent } from "../trace/event.ts";
import { createRecorder } from "../trace/recorder.ts";
import type { Cucumber } from "./cucumber.ts";
import type { Plan } from "./plan.ts";
import { judgeHere } from "./judging/judge.ts";
import { runSuite } from "./suite.ts";

export interface VirtualRunOptions {
  readonly cucumber: Cucumber;
  readonly plan: Plan;
  readonly rules: JudgingRules;
  readonly sutFile: SutFile;
  readonly seed: number;
  /** What else is on the network; default: nothing. */
  readonly beside?: (net: VirtualNet) => Promise<{ close(): Promise<void> }>;
  /** What the network does to packets; default: it carries all of them, in order. */
  readonly network?: Omit<VirtualNetOptions, "seed">;
  /** Violations in the reference; none: it conforms. */
  readonly faults?: {
    readonly server?: readonly ServerAlteration[];
    readonly client?: readonly ClientAlteration[];
  };
}

/** The record of the run. */
export async function runVirtually(options: VirtualRunOptions): Promise<readonly RunEvent[]> {
  const { sutFile, seed, faults = {} } = options;
  const net = createVirtualNet({ ...options.network, seed });
  const driver = virtualDriver(net);
  const events: RunEvent[] = [];
  const recorder = createRecorder({ clock: net.clock, sink: { write: (event) => void events.push(event) } });
  const server =
    sutFile.server === undefined ? undefined : await openReferenceServer(sutFile, net, faults.server);
  const client =
    sutFile.client === undefined ? undefined : await openReferenceClient(sutFile, net, faults.client);
  const beside = await options.beside?.(net);
  const triggers = {
    ...(server === undefined ? {} : { server: server.trigger }),
    ...(client === undefined ? {} : { client: client.trigger }),
  };
  try {
    await runSuite({
      ...options,
      ...net,
      judge: judgeHere(options.rules, sutFile),
      driver,
      recorder,
      triggers,
      lanes: 1,
      selection: [],
      virtual: true,
      version: "0",
    });
  } finally {
    await Promise.all([server?.close(), client?.close(), beside?.close()]);
  }
  return events;
}
