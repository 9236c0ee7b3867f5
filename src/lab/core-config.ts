/** How the core of a rig is set up from a SUT file: its domains, the server under test, and Scrim's own server for clients under test. */
import type { Hop } from "../net/network.ts";
import type { ApplicationServer, CoreConfig, PsiRoute, UserProfile } from "../peer/core/config.ts";
import {
  referenceConfigurationSets,
  referencePolicy,
  type ImServerConfig,
} from "../peer/im-server/config.ts";
import { clientServiceUris, serverServiceUris } from "../spec/service-uris.ts";
import type { PooledUser, SutFile } from "../spec/sut-file.ts";
import { akaSubscription } from "../wire/aka/subscription.ts";
import { sipLimitsOf } from "./limits.ts";

/** Names of application servers in the core, and of Scrim's own in traces. */
export const SUT_SERVER = "sut";
export const SCRIM_SERVER = "im-server";

export function coreConfig(sutFile: SutFile, scrimServer: Hop | undefined): CoreConfig {
  const { core } = sutFile;
  const digest = core.digest ? { digest: { algorithms: ["MD5" as const, "SHA-256" as const] } } : {};
  const domains = [core.homeDomain, core.remoteDomain].map((domain) => ({
    domain,
    registrationExpiresS: core.registrationExpiresS,
    ...digest,
  }));
  return {
    domains,
    servers: [...sutServer(sutFile), ...(scrimServer === undefined ? [] : [scrimAsServer(scrimServer)])],
    psis: [...sutServices(sutFile), ...clientServices(sutFile)],
    toleratedEvents: ["presence"],
  };
}

function sutServer({ server }: SutFile): readonly ApplicationServer[] {
  if (server === undefined) return [];
  const { originating, terminating, psi, transport, originalDialogToken, thirdPartyRegister } = server;
  return [
    { name: SUT_SERVER, originating, terminating, psi, transport, originalDialogToken, thirdPartyRegister },
  ];
}

function scrimAsServer(hop: Hop): ApplicationServer {
  return { name: SCRIM_SERVER, ...scrimFunctions(hop), originalDialogToken: true, thirdPartyRegister: true };
}

/** Between Scrim's own nodes: as the client under test speaks, but for the encryption. */
export function transportAmongScrim(client: SutFile["client"]): "udp" | "tcp" {
  return client === undefined || client.transport === "udp" ? "udp" : "tcp";
}

function scrimFunctions({ host, port, transport }: Hop): {
  readonly originating: string;
  readonly terminating: string;
  readonly psi: string;
} {
  const named = host.includes(":") ? `[${host}]` : host;
  const uri = (name: string): string => `sip:${name}@${named}:${port};transport=${transport};lr`;
  return { originating: uri("originating"), terminating: uri("terminating"), psi: uri("psi") };
}

function sutServices(sutFile: SutFile): readonly PsiRoute[] {
  return serverServiceUris(sutFile).map((uri) => ({ uri, server: SUT_SERVER }));
}

function clientServices(sutFile: SutFile): readonly PsiRoute[] {
  return clientServiceUris(sutFile).map((uri) => ({ uri, server: SCRIM_SERVER }));
}

/**
 * What the home network holds about a leased user: in server scenarios the server under test serves it, in client scenarios Scrim's own. The
 * core challenges whom it holds a password of: a client under test is, one of Scrim's need not prove to Scrim who it is.
 */
export function profileOf(user: PooledUser, sut: "server" | "client", played: "scrim" | "sut"): UserProfile {
  const server = sut === "server" ? SUT_SERVER : SCRIM_SERVER;
  const remote = user.properties.includes("remote");
  return {
    impi: user.impi,
    ...(user.password === undefined || played === "scrim" ? {} : { password: user.password }),
    ...(user.aka === undefined || played === "scrim" ? {} : { aka: akaSubscription(user.aka) }),
    identities: [user.impu, ...(user.tel === undefined ? [] : [user.tel])],
    ...(remote ? {} : { server }),
  };
}

/** Scrim's own server beside a client under test: it conforms, and allows everything. */
export function scrimServerConfig(sutFile: SutFile, hop: Hop): ImServerConfig {
  const { core, client, users, xdm } = sutFile;
  const service = core.homeDomain;
  return {
    node: SCRIM_SERVER,
    listen: (["udp", "tcp"] as const).map((transport) => ({ ...hop, transport })),
    advertisedHost: core.advertised,
    ...sipLimitsOf(sutFile),
    functions: scrimFunctions(hop),
    core: { host: hop.host, port: core.port, transport: transportAmongScrim(client) },
    ...(xdm.kind === "scrim" ? { xcapRoot: xdm.root } : {}),
    serviceUris: {
      conferenceFactory: client?.conferenceFactory ?? `sip:factory@${service}`,
      exploder: client?.conferenceFactory ?? `sip:factory@${service}`,
      unallocatedFactory: `sip:no-factory@${service}`,
      unallocatedGroup: `sip:no-group@${service}`,
      endedSession: `sip:ended@${service}`,
      ...(client?.ongoingSession === undefined
        ? {}
        : { ongoingSession: { uri: client.ongoingSession, participants: [] } }),
      systemSender: `sip:im-server@${service}`,
    },
    homeDomain: core.homeDomain,
    users: users.map((user) => ({ uri: user.impu, properties: [] })),
    policy: referencePolicy,
    configurationSets: referenceConfigurationSets,
    timers: { ts1Ms: 60_000, ts2Ms: sutFile.guards.quietMs },
    thirdPartyRegister: true,
  };
}
