/** The SIP/IP Core of a rig: Scrim's own, or one of the lab with Scrim before it. The rest of the lab need not know which. */
import type { ImServer } from "../peer/im-server/server.ts";
import type { Core, CoreOptions } from "../peer/core/core.ts";
import { createCore } from "../peer/core/core.ts";
import type { CoreConfig } from "../peer/core/config.ts";
import type { Locator } from "../endpoint/dns/locator.ts";
import { createExternalCore } from "../peer/core/external/external-core.ts";
import { hopOf } from "../peer/core/hops.ts";
import type { Hop } from "../net/network.ts";
import { coreListening } from "../spec/core-addresses.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { AddressBook } from "./address-book.ts";
import { coreConfig, SUT_SERVER } from "./core-config.ts";
import { locatedServer } from "./names.ts";
import { sipLimitsOf } from "./limits.ts";

/** To whoever reads a trace both are the core: the one that Scrim stands before, and Scrim's end of its ISC. */
export const CORE_NODE = "core";

type Surroundings = Pick<CoreOptions, "network" | "clock" | "ids" | "tap"> & {
  readonly locator?: Locator | undefined;
};

/** Fails with `PortInUseError`, and with `CoreError` where the address of an external core cannot be used. */
export async function openCore(
  sutFile: SutFile,
  imServer: ImServer | undefined,
  book: AddressBook,
  surroundings: Surroundings,
): Promise<Core> {
  const { advertised, udpLimitBytes, keepAliveS } = sutFile.core;
  const { locator, ...system } = surroundings;
  const sources = await sourcesOf(sutFile, locator);
  for (const hop of sources.flatMap(everyTransport))
    book.enter(hop, { name: sutFile.server?.node ?? SUT_SERVER, isSut: true });
  const options: CoreOptions = {
    ...system,
    ...(locator === undefined ? {} : { locate: locator.locateHop }),
    ...(keepAliveS === undefined ? {} : { keepAlive: { intervalMs: keepAliveS * 1000 } }),
    config: withNames(coreConfig(sutFile, imServer?.hops[0]), sources),
    listen: coreListening(sutFile),
    advertisedHost: advertised,
    udpLimitBytes,
    ...sipLimitsOf(sutFile),
  };
  const external = externalCoreOf(sutFile);
  const core =
    external === undefined
      ? await createCore(options)
      : await createExternalCore({ ...options, address: external.uri, serverSide: external.serverSide });
  const ofLab = external === undefined ? [] : [external.hop, hopOf(external.serverSide)];
  for (const hop of [...core.hops, ...ofLab.flatMap(everyTransport)])
    book.enter(hop, { name: CORE_NODE, isSut: false });
  return core;
}

function sourcesOf(
  { server }: SutFile,
  locator: Locator | undefined,
): Promise<readonly Hop[]> | readonly Hop[] {
  return server === undefined || locator === undefined ? [] : locatedServer(server, locator);
}

/** The server under test is known by the addresses of its names, too. */
function withNames(config: CoreConfig, sources: readonly Hop[]): CoreConfig {
  if (sources.length === 0) return config;
  const servers = config.servers.map((server) =>
    server.name === SUT_SERVER
      ? { ...server, names: true, sources: [...(server.sources ?? []), ...sources] }
      : server,
  );
  return { ...config, servers };
}

export interface ExternalCore {
  readonly uri: string;
  /** Undefined: its host is a name that nobody here can resolve. */
  readonly hop: Hop | undefined;
  /** SIP URI where it takes what a server starts by itself. */
  readonly serverSide: string;
}

/** The core that Scrim stands before; undefined: Scrim plays the core. */
export function externalCoreOf({ core }: SutFile): ExternalCore | undefined {
  const { kind, address, serverSide = address } = core;
  return kind === "external" && address !== undefined && serverSide !== undefined
    ? { uri: address, hop: hopOf(address), serverSide }
    : undefined;
}

function everyTransport(hop: Hop | undefined): readonly Hop[] {
  return hop === undefined
    ? []
    : (["udp", "tcp", "tls"] as const).map((transport) => ({ ...hop, transport }));
}
