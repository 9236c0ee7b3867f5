/** Core, IM Server and IM Clients on a virtual network, with documents for the XDM servers. For tests. */
import type { WireCrossing } from "../../endpoint/crossing.ts";
import type { Hop } from "../../net/network.ts";
import { createVirtualNet } from "../../net/virtual/virtual-net.ts";
import type { VirtualNet } from "../../net/virtual/virtual-net.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { violations } from "../../wire/sip/validate.ts";
import type { ApplicationServer, UserProfile } from "../core/config.ts";
import { createCore } from "../core/core.ts";
import type { Core } from "../core/core.ts";
import { createImClient } from "../im-client/client.ts";
import type { ClientAlteration, ImClient } from "../im-client/client.ts";
import { defaultSettings } from "../im-client/config.ts";
import type { ImClientConfig } from "../im-client/config.ts";
import { referenceConfigurationSets, referencePolicy } from "../im-server/config.ts";
import type { ImServerConfig, ServedUser } from "../im-server/config.ts";
import { createImServer } from "../im-server/server.ts";
import type { ImServer, ServerAlteration } from "../im-server/server.ts";
import { createXdms } from "../xdms/xdms.ts";
import type { Xdms } from "../xdms/xdms.ts";

const CORE: Hop = { host: "10.0.0.1", port: 5060, transport: "udp" };
const SERVER: Hop = { host: "10.0.0.2", port: 5070, transport: "udp" };
const XDM = { host: "10.0.0.3", port: 8080 };

export const FACTORY = "sip:factory@im.home.example";
export const GROUP = "sip:friends@im.home.example";
export const SESSION = "sip:session-1@im.home.example";
export const ENDED_SESSION = "sip:session-0@im.home.example";
export const SYSTEM = "sip:system@im.home.example";

const NAMES = ["alice", "bob", "carol", "dave", "ted"] as const;
export type Name = (typeof NAMES)[number];
export const addressOf = (name: Name): string => `sip:${name}@home.example`;

const applicationServer: ApplicationServer = {
  name: "im",
  originating: "sip:orig@10.0.0.2:5070;lr",
  terminating: "sip:term@10.0.0.2:5070;lr",
  psi: "sip:psi@10.0.0.2:5070;lr",
  originalDialogToken: true,
  thirdPartyRegister: true,
};

const users: readonly UserProfile[] = NAMES.map((name) => ({
  impi: `${name}@home.example`,
  password: `secret-${name}`,
  identities: [addressOf(name)],
  server: "im",
}));

export interface PagerRigOptions {
  readonly server?: Partial<ImServerConfig>;
  readonly serverFaults?: readonly ServerAlteration[];
  readonly clientFaults?: readonly ClientAlteration[];
  readonly users?: readonly ServedUser[];
  readonly client?: Partial<ImClientConfig>;
}

export interface PagerRig {
  readonly net: VirtualNet;
  readonly core: Core;
  readonly server: ImServer;
  readonly xdms: Xdms;
  readonly crossings: WireCrossing[];
  /** What went wrong within the server; what nobody takes makes `close` fail. */
  takeErrors(): readonly unknown[];
  client(name: Name): Promise<ImClient>;
  /** Clients that are registered, settings published. */
  registered<const N extends readonly Name[]>(...names: N): Promise<{ readonly [K in keyof N]: ImClient }>;
  /** Runs the network until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T>;
  settle(ms?: number): Promise<void>;
  /** Requests of a method that a node sent, or took, each once. */
  requests(node: string, direction: "in" | "out", method?: string): readonly SipRequest[];
  responses(node: string, direction: "in" | "out", status: number): readonly SipResponse[];
  close(): Promise<void>;
}

export async function createPagerRig(options: PagerRigOptions = {}): Promise<PagerRig> {
  const net = createVirtualNet({ seed: 7 });
  const crossings: WireCrossing[] = [];
  const tap = (crossing: WireCrossing): void => void crossings.push(crossing);
  const core = await startCore(net, tap);
  const errors: unknown[] = [];
  const xdms = await createXdms({ ...net, tap, listen: XDM, root: "/services" });
  const server = await createImServer({
    ...net,
    tap,
    config: { ...serverConfig(options.users ?? []), ...options.server },
    faults: options.serverFaults ?? [],
    onError: (error) => void errors.push(error),
  });
  const clients: ImClient[] = [];
  const messages = (node: string, direction: "in" | "out") =>
    crossings
      .filter((each) => each.node === node && each.direction === direction && !each.retransmission)
      .flatMap((each) => each.message ?? []);

  /** What is wrong with what the server and the clients sent, by the rules that all SIP messages are held to. */
  const violationsOfPeers = (): readonly string[] =>
    crossings.filter((each) => each.node !== "core" && each.direction === "out").flatMap(violationsIn);

  async function until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    void promise.then(
      () => (settled = true),
      () => (settled = true),
    );
    await net.run(() => settled, net.clock.now() + 60_000);
    if (!settled) throw new Error("nothing settled within a minute of virtual time");
    return promise;
  }

  async function client(name: Name): Promise<ImClient> {
    const hop: Hop = { host: `10.0.1.${NAMES.indexOf(name) + 1}`, port: 5060, transport: "udp" };
    const made = await createImClient({
      ...net,
      tap,
      config: { ...clientConfig(name, hop), ...options.client },
      faults: options.clientFaults ?? [],
    });
    clients.push(made);
    return made;
  }

  return {
    net,
    core,
    server,
    xdms,
    crossings,
    takeErrors: () => errors.splice(0),

    client,
    until,
    registered: async (...names) => {
      const made = await Promise.all(names.map(client));
      for (const each of made) await until(each.perform({ action: "register" }));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as long as the list of names
      return made as never;
    },
    settle: async (ms = 1000) => void (await net.run(undefined, net.clock.now() + ms)),
    requests: (node, direction, method = "MESSAGE") =>
      messages(node, direction).filter(
        (each): each is SipRequest => each.kind === "request" && each.method === method,
      ),
    responses: (node, direction, status) =>
      messages(node, direction).filter(
        (each): each is SipResponse => each.kind === "response" && each.status === status,
      ),
    close: async () => {
      await Promise.all([core.close(), server.close(), xdms.close(), ...clients.map((each) => each.close())]);
      if (errors.length > 0) throw new AggregateError(errors, "the server broke");
      const wrong = options.serverFaults || options.clientFaults ? [] : violationsOfPeers();
      if (wrong.length > 0) throw new Error(`messages that are not SIP: ${wrong.join("; ")}`);
    },
  };
}

function violationsIn({ node, message }: WireCrossing): readonly string[] {
  if (message === undefined) return [];
  const name = message.kind === "request" ? message.method : String(message.status);
  return violations(message, { direction: "out" }).map(
    ({ code, header, message: why }) => `${node} ${name}: ${code} ${header ?? ""} ${why}`,
  );
}

function startCore(net: VirtualNet, tap: (crossing: WireCrossing) => void): Promise<Core> {
  return createCore({
    network: net.network,
    clock: net.clock,
    ids: net.ids,
    tap,
    listen: [CORE, { ...CORE, transport: "tcp" }],
    config: {
      domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["MD5"] } }],
      servers: [applicationServer],
      users,
      psis: [
        { uri: FACTORY, server: "im" },
        { uri: "sip:*@im.home.example", server: "im" },
      ],
    },
  });
}

function serverConfig(special: readonly ServedUser[]): ImServerConfig {
  const ordinary = NAMES.map((name) => ({ uri: addressOf(name), properties: [] }));
  return {
    node: "im",
    listen: [SERVER, { ...SERVER, transport: "tcp" }],
    functions: applicationServer,
    core: CORE,
    xcapRoot: `http://${XDM.host}:${XDM.port}/services`,
    homeDomain: "home.example",
    users: [...special, ...ordinary],
    serviceUris: {
      conferenceFactory: FACTORY,
      exploder: FACTORY,
      unallocatedFactory: "sip:no-factory@im.home.example",
      unallocatedGroup: "sip:nobody@im.home.example",
      endedSession: ENDED_SESSION,
      ongoingSession: {
        uri: SESSION,
        participants: [addressOf("alice"), addressOf("bob"), addressOf("carol")],
      },
      systemSender: SYSTEM,
    },
    policy: { ...referencePolicy, adHocMaximum: 3 },
    configurationSets: referenceConfigurationSets,
    timers: { ts1Ms: 2000, ts2Ms: 5000 },
    thirdPartyRegister: true,
  };
}

function clientConfig(name: Name, hop: Hop): ImClientConfig {
  return {
    node: name,
    listen: [hop, { ...hop, transport: "tcp" }],
    core: CORE,
    homeDomain: "home.example",
    imAddress: addressOf(name),
    privateIdentity: `${name}@home.example`,
    password: `secret-${name}`,
    registrationExpiresS: 600,
    conferenceFactory: FACTORY,
    congestionSafe: true,
    settings: defaultSettings,
  };
}
