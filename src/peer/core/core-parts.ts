/** What Scrim's own core and Scrim before a core of the lab are both made of, and what scenarios may do with either. */
import type { Annotate } from "../../endpoint/crossing.ts";
import { createSipEndpoint, type SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { RegistrationChanged } from "./announcements.ts";
import type { ApplicationServer, UserProfile } from "./config.ts";
import type { Core, CoreOptions, StandingRegistration } from "./core.ts";
import { CoreError } from "./core-error.ts";
import { createDeviations, type Deviations } from "./deviations.ts";
import { createOwnUris, hopOf, type OwnUris } from "./hops.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { probe } from "./probe.ts";
import { contactToBind } from "./register.ts";
import { createRegistrationService, type RegistrationService } from "./registration-service.ts";
import type { RequestHandling } from "./request-handling.ts";
import { createServiceIdentities, type ServiceIdentities } from "./service-identities.ts";
import { createSubscribers, type Subscribers } from "./subscribers.ts";
import type { ThirdPartyRegisterResult } from "./third-party-register.ts";

export interface CoreParts {
  readonly endpoint: SipEndpoint;
  readonly ownUris: OwnUris;
  readonly subscribers: Subscribers;
  readonly services: ServiceIdentities;
  readonly deviations: Deviations;
  readonly changes: Listeners<RegistrationChanged>;
  readonly thirdParty: Listeners<ThirdPartyRegisterResult>;
  readonly registration: RegistrationService;
  readonly serverNamed: (name: string) => ApplicationServer | undefined;
  /** Requests go there from now on; nothing comes in before. */
  serve(handling: RequestHandling): void;
}

/** `domains`: those whose addresses are the core's own. Fails with `PortInUseError`. */
export async function createCoreParts(options: CoreOptions, domains: readonly string[]): Promise<CoreParts> {
  const { config } = options;
  // The endpoint wants it before the core is complete.
  let annotate: Annotate = () => undefined;
  const endpoint = await createSipEndpoint({
    ...options,
    name: options.name ?? "core",
    annotate: (message, direction, remote) => annotate(message, direction, remote),
  });
  const host = options.advertisedHost ?? options.listen[0]?.host ?? "localhost";
  const ownUris = createOwnUris(host, endpoint.hops, domains);
  const subscribers = createSubscribers(config.users);
  const changes = createListeners<RegistrationChanged>();
  const thirdParty = createListeners<ThirdPartyRegisterResult>();
  const serverNamed = (name: string) => config.servers.find((server) => server.name === name);
  return {
    endpoint,
    ownUris,
    subscribers,
    services: createServiceIdentities(config.psis),
    deviations: createDeviations(),
    changes,
    thirdParty,
    serverNamed,
    registration: createRegistrationService({
      ...options,
      endpoint,
      ownUris,
      subscribers,
      serverOf: ({ server }) => (server === undefined ? undefined : serverNamed(server)),
      onChange: (change) => changes.tell(change),
      onThirdPartyRegister: (result) => thirdParty.tell(result),
    }),
    serve(handling) {
      annotate = (message, direction, remote) => handling.annotate(message, direction, remote);
      endpoint.onRequest((incoming) => handling.handle(incoming));
    },
  };
}

export type CommonControls = Omit<Core, "forget" | "setUnregistered" | "bindingsOf" | "isRegistered">;

/** What is the same whoever keeps the registrations. */
export function commonControls(options: CoreOptions, parts: CoreParts): CommonControls {
  const { endpoint, ownUris, subscribers, services, deviations, registration } = parts;
  return {
    hops: endpoint.hops,
    route: ownUris.route(undefined),
    provision: (user) => subscribers.provision(user),
    userOf: (identity) => subscribers.byIdentity(identity),
    addService: (route) => services.add(route),
    removeService: (uri) => services.remove(uri),
    setRegistered: (identity, standing) => bindStanding(parts, identity, standing),
    deviate: (deviation) => deviations.add(deviation),
    onRegistered: (listener) => parts.changes.add(listener),
    onThirdPartyRegister: (listener) => parts.thirdParty.add(listener),
    probe: (uri, to, withinMs) =>
      probe({ ...options, endpoint, from: ownUris.uri(undefined) }, uri, to, withinMs),
    hangUp: (to) => endpoint.hangUp(to),
    close: async () => {
      registration.stop();
      await endpoint.close();
    },
  };
}

function bindStanding(
  { subscribers, registration }: CoreParts,
  identity: string,
  { contact, source, expiresS, tellServer = false }: StandingRegistration,
): void {
  const toBind = contactToBind(contact);
  const from = source ?? hopOf(toBind.uri);
  if (from === undefined)
    throw new CoreError(
      "no-address",
      `the host of ${toBind.uri} is a name: say in \`source\` where the client is`,
    );
  registration.bind(needUser(subscribers, identity), toBind, from, expiresS, tellServer);
}

/** Throws `CoreError` `unknown-user`. */
export function needUser(subscribers: Subscribers, identity: string): UserProfile {
  const user = subscribers.byIdentity(identity);
  if (user !== undefined) return user;
  throw new CoreError("unknown-user", `the core knows no user ${identity}: provision it first`);
}
