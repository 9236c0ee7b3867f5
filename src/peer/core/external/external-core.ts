/**
 * Scrim before a SIP/IP Core that is not its own: to the system under test it is the core, to the core it is the application server. It
 * stands on ISC, between the core and the IM Server, and, for a client under test, between the client and the core as a P-CSCF does. Every
 * leg that crosses it is told apart by function and passage just as with Scrim's own core.
 */
import type { Annotate } from "../../../endpoint/crossing.ts";
import { createSipEndpoint } from "../../../endpoint/sip-endpoint.ts";
import type { Hop } from "../../../net/network.ts";
import type { RegistrationChanged } from "../announcements.ts";
import type { UserProfile } from "../config.ts";
import { CoreError, type Core, type CoreOptions } from "../core.ts";
import { createDeviations } from "../deviations.ts";
import { createOwnUris, hopOf } from "../hops.ts";
import { createListeners } from "../listeners.ts";
import { probe } from "../probe.ts";
import { contactToBind } from "../register.ts";
import { createRegistrationService, type RegistrationService } from "../registration-service.ts";
import { createServiceIdentities } from "../service-identities.ts";
import { createSubscribers, type Subscribers } from "../subscribers.ts";
import type { ThirdPartyRegisterResult } from "../third-party-register.ts";
import { createAccessSide, type AccessSide } from "./access-side.ts";
import { createIscHandling } from "./isc-handling.ts";

export interface ExternalCoreOptions extends CoreOptions {
  /** Where clients register and send to: a SIP URI with an address for a host. */
  readonly address: string;
  /** Where the core takes what a server starts by itself; default: `address`. */
  readonly serverSide?: string;
}

/** Fails with `PortInUseError`, and with `CoreError` `no-address` where the core is named by what nobody here can resolve. */
export async function createExternalCore(options: ExternalCoreOptions): Promise<Core> {
  const { config, ids } = options;
  const external = externalHop(options.address);
  const serverSide = externalHop(options.serverSide ?? options.address);
  let annotate: Annotate = () => undefined;
  const endpoint = await createSipEndpoint({
    ...options,
    name: options.name ?? "core",
    annotate: (message, direction, remote) => annotate(message, direction, remote),
  });
  const host = options.advertisedHost ?? options.listen[0]?.host ?? "localhost";
  // The domains are those of the core: what is addressed to them is not for Scrim.
  const ownUris = createOwnUris(host, endpoint.hops, []);
  const subscribers = createSubscribers(config.users);
  const services = createServiceIdentities(config.psis);
  const deviations = createDeviations();
  const changes = createListeners<RegistrationChanged>();
  const told = createListeners<ThirdPartyRegisterResult>();
  const serverNamed = (name: string) => config.servers.find((server) => server.name === name);
  const shared = { ...options, endpoint, ownUris, subscribers };
  const forced = createRegistrationService({
    ...shared,
    serverOf: ({ server }) => (server === undefined ? undefined : serverNamed(server)),
    onChange: (change) => changes.tell(change),
    onThirdPartyRegister: (result) => told.tell(result),
  });
  const access = createAccessSide({ ...shared, external });
  const handling = createIscHandling({
    ...shared,
    external,
    serverSide,
    access,
    services,
    deviations,
    serverNamed,
    onThirdPartyRegister: (result) => told.tell(result),
  });
  annotate = (message, direction, remote) => handling.annotate(message, direction, remote);
  endpoint.onRequest((incoming) => handling.handle(incoming));

  return {
    ...registrations(subscribers, forced, access),
    hops: endpoint.hops,
    route: ownUris.route(undefined),
    provision: (user) => subscribers.provision(user),
    forget(identity) {
      const user = subscribers.forget(identity);
      if (user === undefined) return;
      forced.forget(user);
      access.forget(user);
      deviations.forget(user);
    },
    userOf: (identity) => subscribers.byIdentity(identity),
    addService: (route) => services.add(route),
    removeService: (uri) => services.remove(uri),
    deviate: (deviation) => deviations.add(deviation),
    onRegistered: (listener) => changes.add(listener),
    onThirdPartyRegister: (listener) => told.add(listener),
    probe: (uri, to, withinMs) =>
      probe({ ...options, ids, endpoint, from: ownUris.uri(undefined) }, uri, to, withinMs),
    hangUp: (to) => endpoint.hangUp(to),
    close: async () => {
      forced.stop();
      await endpoint.close();
    },
  };
}

function externalHop(address: string): Hop {
  const hop = hopOf(address);
  if (hop !== undefined) return hop;
  throw new CoreError("no-address", `the host of ${address} is a name: give the address of the core`);
}

/**
 * What is known of registrations: those of the client under test, from what passed, and those that scenarios made believe the server in.
 * Whether a simulated client is registered with the core, it knows itself.
 */
function registrations(
  subscribers: Subscribers,
  forced: RegistrationService,
  access: AccessSide,
): Pick<Core, "setRegistered" | "setUnregistered" | "bindingsOf" | "isRegistered"> {
  const need = (identity: string): UserProfile => {
    const user = subscribers.byIdentity(identity);
    if (user !== undefined) return user;
    throw new CoreError("unknown-user", `the core knows no user ${identity}: provision it first`);
  };
  return {
    setRegistered(identity, { contact, source, expiresS, tellServer = false }) {
      const toBind = contactToBind(contact);
      const from = source ?? hopOf(toBind.uri);
      if (from === undefined)
        throw new CoreError(
          "no-address",
          `the host of ${toBind.uri} is a name: say in \`source\` where it is`,
        );
      forced.bind(need(identity), toBind, from, expiresS, tellServer);
    },
    setUnregistered(identity, { tellServer = false } = {}) {
      const user = need(identity);
      forced.unbind(user, tellServer);
      access.forget(user);
    },
    bindingsOf: (identity) => forced.bindingsOf(need(identity).impi),
    isRegistered(identity) {
      const user = subscribers.byIdentity(identity);
      return user !== undefined && (forced.bindingsOf(user.impi).length > 0 || access.isRegistered(user));
    },
  };
}
