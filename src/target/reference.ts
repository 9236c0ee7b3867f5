/** The bundled reference server and client on the addresses of a SUT file, on whatever network: sockets, or the virtual one of the self-test. */
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop, Network } from "../net/network.ts";
import { createImClient, type ClientAlteration } from "../peer/im-client/client.ts";
import { defaultSettings } from "../peer/im-client/config.ts";
import { imServerConfig } from "../peer/im-server/config.ts";
import { createImServer, type ServerAlteration } from "../peer/im-server/server.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { ClientAction, ServerAction } from "../spec/actions.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { refusal, type Trigger } from "./trigger.ts";

export interface Surroundings {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface ReferencePeer {
  /** Its trigger or control hook, without the way over HTTP. */
  readonly trigger: Trigger;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`. */
export async function openReferenceServer(sutFile: SutFile, { network, clock, ids }: Surroundings, faults: readonly ServerAlteration[] = []): Promise<ReferencePeer> {
  const { server } = sutFile;
  if (server === undefined) throw new Error("the SUT file describes no server");
  const config = imServerConfig(sutFile, server, {
    listen: serverHops([server.originating, server.terminating, server.psi]),
    core: coreHop(sutFile, server.transport),
    ...(sutFile.xdm.kind === "scrim" ? { xcapRoot: sutFile.xdm.root } : {}),
  });
  const opened = await createImServer({ network, clock, ids, config, faults });
  return { trigger: triggerOf((action) => opened.perform(action as ServerAction)), close: () => opened.close() };
}

/** Fails with `PortInUseError`. */
export async function openReferenceClient(sutFile: SutFile, { network, clock, ids }: Surroundings, faults: readonly ClientAlteration[] = []): Promise<ReferencePeer> {
  const { client, core } = sutFile;
  const user = sutFile.users.find((one) => one.impu === client?.user);
  if (client === undefined || user === undefined) throw new Error("the SUT file describes no client, or its user is not in the pool");
  const opened = await createImClient({
    network,
    clock,
    ids,
    faults,
    config: {
      node: client.node,
      listen: (["udp", "tcp"] as const).map((transport) => ({ host: core.bind, port: 0, transport })),
      core: coreHop(sutFile, client.transport),
      homeDomain: core.homeDomain,
      imAddress: user.impu,
      privateIdentity: user.impi,
      ...(user.password === undefined ? {} : { password: user.password }),
      registrationExpiresS: core.registrationExpiresS,
      conferenceFactory: client.conferenceFactory,
      congestionSafe: client.congestionSafe,
      settings: defaultSettings,
      udpLimitBytes: core.udpLimitBytes,
    },
  });
  return { trigger: triggerOf((action) => opened.perform(action as ClientAction)), close: () => opened.close() };
}

function triggerOf(perform: Trigger["perform"]): Trigger {
  return {
    perform: (action) => perform(action).catch((error: unknown) => refusal("failed", error instanceof Error ? error.message : String(error))),
    close: () => Promise.resolve(),
  };
}

/** Each address once, for UDP and TCP. */
function serverHops(uris: readonly string[]): readonly Hop[] {
  const addresses = new Map(uris.map((uri) => {
    const { host = "127.0.0.1", port = 5060 } = sipUriOf(uri) ?? {};
    return [`${host}:${port}`, { host, port }] as const;
  }));
  return [...addresses.values()].flatMap((address) => (["udp", "tcp"] as const).map((transport) => ({ ...address, transport })));
}

function coreHop({ core }: SutFile, transport: Hop["transport"]): Hop {
  return { host: core.advertised, port: core.port, transport };
}
