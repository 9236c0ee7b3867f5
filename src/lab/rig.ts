/**
 * The rig of a run: it owns every socket that the SUT can see (the core, the XDM server), leases users and groups, tells scenarios apart,
 * and has each one judged when its trace is closed. Opened once for a run; scenarios run in it side by side.
 */
import type { Locator } from "../endpoint/dns/locator.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop, Network } from "../net/network.ts";
import type { Core } from "../peer/core/core.ts";
import { identitiesIn } from "../peer/core/identities-in.ts";
import { createImServer, type ImServer } from "../peer/im-server/server.ts";
import { createDnsPeer, type DnsPeer } from "../peer/dns/dns-peer.ts";
import { createXdms, type Xdms } from "../peer/xdms/xdms.ts";
import { zonesOf } from "../spec/zones.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { Trigger } from "../target/trigger.ts";
import { AddressBook } from "./address-book.ts";
import { Attribution } from "./attribution.ts";
import { SCRIM_SERVER, scrimServerConfig, transportAmongScrim } from "./core-config.ts";
import { CrossingRecorder } from "./crossing-recorder.ts";
import type { ScenarioDescription } from "./describe-scenario.ts";
import { httpLimitsOf } from "./limits.ts";
import { Liveness, type SutKind } from "./liveness.ts";
import { openCore } from "./open-core.ts";
import { Pools } from "./pools.ts";
import { Services } from "./services.ts";
import { ScenarioLab } from "./scenario-lab.ts";
import { Waiters, type Driver } from "./waiting.ts";

export interface RigOptions {
  readonly sutFile: SutFile;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly driver: Driver;
  readonly recorder: Recorder;
  /** `hand`: the person who changes what no hook can. */
  readonly triggers: { readonly client?: Trigger; readonly server?: Trigger; readonly hand?: Trigger };
  /** Finds hosts that the SUT file names; absent: addresses only. */
  readonly locator?: Locator | undefined;
  /** Called when the trace of a scenario is whole. */
  readonly onClosed: (scenario: string) => void;
  /** Whether scenarios are still started; once false, the rest is not run. */
  readonly mayStart?: () => string | undefined;
}

/** Everything that is open. */
export interface RigParts extends RigOptions {
  readonly core: Core;
  readonly xdms: Xdms | undefined;
  readonly imServer: ImServer | undefined;
  readonly dns: DnsPeer | undefined;
  readonly book: AddressBook;
  readonly attribution: Attribution;
  readonly crossings: CrossingRecorder;
  readonly pools: Pools;
  readonly waiters: Waiters;
}

export interface Rig {
  readonly sutFile: SutFile;
  openScenario(description: ScenarioDescription, lane: number): Promise<ScenarioLab | undefined>;
  /** Probes a SUT; what it finds is written down, and scenarios against a dead one are not started. */
  checkAlive(kind: SutKind): Promise<boolean>;
  /** Why scenarios against this SUT are not started; undefined: they are. */
  obstacle(kind: SutKind): string | undefined;
  /** Writes down a scenario that is not run, and why. */
  skipScenario(description: ScenarioDescription, reason: string): void;
  /** Stops every wait; scenarios then go to their postamble. */
  cut(): void;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`, naming the port. */
export async function openRig(options: RigOptions): Promise<Rig> {
  const labs = new Map<string, ScenarioLab>();
  const waiters = new Waiters(options.clock);
  const attribution = new Attribution(identitiesIn);
  const book = new AddressBook(options.sutFile);
  const crossings = crossingsOf(options, labs, { attribution, book, waiters });
  const parts = await openParts(options, {
    waiters,
    attribution,
    book,
    crossings,
    pools: new Pools(options.sutFile),
  });
  const liveness = new Liveness(parts, (kind) =>
    [...labs.values()].filter(({ description }) => description.sut === kind).map(({ id }) => id),
  );
  const services = new Services(parts, liveness, (scenario) => {
    labs.delete(scenario);
    const overflow = crossings.overflowOf(scenario);
    const reason = overflow ?? (waiters.isCut ? "the run was stopped" : undefined);
    const how = reason === undefined ? "complete" : "cut";
    options.recorder.record({
      type: "scenario-closed",
      scenario,
      how,
      ...(reason === undefined ? {} : { reason }),
    });
    options.onClosed(scenario);
  });
  let count = 0;
  const begin = (description: ScenarioDescription, lane: number): string => {
    count += 1;
    const scenario = `s${String(count).padStart(3, "0")}`;
    options.recorder.record({ type: "scenario-opened", scenario, lane, ...description });
    return scenario;
  };
  const skip = (scenario: string, reason: string): void => {
    options.recorder.record({ type: "scenario-closed", scenario, how: "not-run", reason });
    options.recorder.record({ type: "scenario-judged", scenario, verdict: "not-run", reason });
    options.recorder.forget(scenario);
  };
  return {
    sutFile: options.sutFile,
    async openScenario(description, lane) {
      const scenario = begin(description, lane);
      const obstacle = options.mayStart?.() ?? liveness.obstacle(description.sut);
      if (obstacle !== undefined) {
        skip(scenario, obstacle);
        return undefined;
      }
      options.recorder.record({ type: "phase", scenario, phase: "preamble" });
      const lab = new ScenarioLab(scenario, description, services);
      labs.set(scenario, lab);
      await Promise.resolve();
      return lab;
    },
    checkAlive: (kind) => options.driver.drive(liveness.check(kind)),
    obstacle: (kind) => liveness.obstacle(kind),
    skipScenario: (description, reason) => skip(begin(description, 0), reason),
    cut: () => {
      waiters.cut();
      parts.triggers.client?.cut?.();
      parts.triggers.server?.cut?.();
      parts.triggers.hand?.cut?.();
    },
    close: async () => {
      noteDropped(parts);
      await services.close();
      await closeParts(parts);
    },
  };
}

function crossingsOf(
  { recorder, sutFile }: RigOptions,
  labs: ReadonlyMap<string, ScenarioLab>,
  { attribution, book, waiters }: Pick<RigParts, "attribution" | "book" | "waiters">,
): CrossingRecorder {
  return new CrossingRecorder({
    recorder,
    attribution,
    book,
    liveOf: (scenario) => labs.get(scenario)?.live,
    open: () => [...labs.keys()],
    sutOf: (scenario) => sutNode(sutFile, labs.get(scenario)?.description.sut),
    xcapClientOf: (scenario) =>
      labs.get(scenario)?.description.sut === "client"
        ? { name: SCRIM_SERVER, isSut: false }
        : { name: sutFile.server?.node ?? "server", isSut: true },
    onCrossing: () => waiters.notify(),
  });
}

function sutNode(sutFile: SutFile, kind: SutKind | undefined): { name: string; isSut: true } | undefined {
  const sut = kind === undefined ? undefined : sutFile[kind];
  return sut === undefined ? undefined : { name: sut.node, isSut: true };
}

function noteDropped({ crossings, recorder }: RigParts): void {
  if (crossings.dropped === 0) return;
  const text = `${crossings.dropped} further messages belong to no scenario and are not recorded`;
  recorder.record({ type: "noted", about: "quarantine", text });
}

type Shared = Pick<RigParts, "waiters" | "attribution" | "book" | "crossings" | "pools">;

async function openParts(options: RigOptions, shared: Shared): Promise<RigParts> {
  const { sutFile, network, clock, ids } = options;
  const { crossings, book } = shared;
  const opened: { close(): Promise<void> }[] = [];
  try {
    const xdms =
      sutFile.xdm.kind === "scrim"
        ? await createXdms({
            name: "xdms",
            network,
            clock,
            ids,
            listen: { host: sutFile.xdm.bind, port: sutFile.xdm.port },
            root: new URL(sutFile.xdm.root).pathname,
            ...(sutFile.xdm.proxyRoot === undefined
              ? {}
              : { proxyRoot: new URL(sutFile.xdm.proxyRoot).pathname }),
            ...httpLimitsOf(sutFile),
            tap: crossings.tap("xdms"),
          })
        : undefined;
    if (xdms !== undefined) {
      opened.push(xdms);
      book.enter({ ...xdms.local, transport: "tcp" }, { name: "xdms", isSut: false });
    }
    const dns =
      sutFile.dns?.serve === undefined
        ? undefined
        : await createDnsPeer({
            network,
            listen: { host: sutFile.dns.serve.bind, port: sutFile.dns.serve.port },
            zones: zonesOf(sutFile),
          });
    if (dns !== undefined) opened.push(dns);
    const imServer =
      sutFile.client === undefined
        ? undefined
        : await createImServer({
            network,
            clock,
            ids,
            config: scrimServerConfig(sutFile, await freeHop(network, sutFile)),
            tap: crossings.tap("server"),
            msrpTap: crossings.msrpTap("server"),
          });
    if (imServer !== undefined) opened.push(imServer);
    const core = await openCore(sutFile, imServer, book, {
      network,
      clock,
      ids,
      locator: options.locator,
      tap: crossings.tap("core"),
    });
    for (const hop of imServer?.hops ?? []) book.enter(hop, { name: SCRIM_SERVER, isSut: false });
    return { ...options, ...shared, core, xdms, imServer, dns };
  } catch (error) {
    await Promise.all(opened.map((part) => part.close()));
    throw error;
  }
}

/** A port for Scrim's own server: its Route URIs must name it before it listens. */
async function freeHop(network: Network, { core, client }: SutFile): Promise<Hop> {
  const host = insideHost(core.bind);
  const probe = await network.listen("tcp", { host, port: 0 }, (connection) => connection.destroy());
  const { port } = probe.local;
  await probe.close();
  return { host, port, transport: transportAmongScrim(client) };
}

/** Who listens everywhere is spoken to at the machine's own address from within. */
function insideHost(bind: string): string {
  if (bind === "0.0.0.0") return "127.0.0.1";
  return bind === "::" ? "::1" : bind;
}

async function closeParts({ core, xdms, imServer, dns, triggers }: RigParts): Promise<void> {
  await Promise.all([
    core.close(),
    xdms?.close(),
    imServer?.close(),
    dns?.close(),
    triggers.client?.close(),
    triggers.server?.close(),
  ]);
}
