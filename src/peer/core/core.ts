/**
 * The SIP/IP Core of a rig: P-CSCF, S-CSCF, I-CSCF and HSS of an IMS in one process, for one or more domains, and as usable for any core
 * that does what TS Appendix C asks of it. One serves all scenarios and both kinds of SUT.
 */
import type { Annotation, Edge, Tap } from "../../endpoint/crossing.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { TimerValues } from "../../machine/timers.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop, Network } from "../../net/network.ts";
import { toOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import { admit } from "./admission.ts";
import type { CoreConfig, PsiRoute, UserProfile } from "./config.ts";
import { createDeviations, type Deviation } from "./deviations.ts";
import { createDialogRoutes } from "./dialog-routes.ts";
import { eventPackageOf, imFilterCriteria } from "./filter-criteria.ts";
import { createOwnUris, hopOf } from "./hops.ts";
import { createOnward } from "./onward.ts";
import { originOf, type Origin, type OriginFacts } from "./origin.ts";
import { createPassages } from "./passages.ts";
import { contactToBind } from "./register.ts";
import type { Binding } from "./registrar.ts";
import { createRegistrationService, type RegistrationChanged } from "./registration-service.ts";
import { routeEntries, splitRoutes, withRoutes } from "./route-set.ts";
import { decide, type RoutingFacts } from "./routing.ts";
import { createServiceIdentities } from "./service-identities.ts";
import { createSubscribers } from "./subscribers.ts";
import type { ThirdPartyRegisterResult } from "./third-party-register.ts";
import { fromUntrusted } from "./trust-boundary.ts";

export interface CoreOptions {
  readonly config: CoreConfig;
  /** Name of the node in crossings; default `core`. */
  readonly name?: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly listen: readonly Hop[];
  /** Host to write into headers in place of the one listened on. */
  readonly advertisedHost?: string;
  readonly timers?: Partial<TimerValues>;
  readonly udpLimitBytes?: number;
  readonly tap?: Tap;
  readonly edge?: Edge;
  readonly onHandlerError?: (error: unknown) => void;
}

/** A registration that scenarios find in place, as if a REGISTER had been. */
export interface StandingRegistration {
  /** A Contact value, with feature parameters: `<sip:bob@192.0.2.7:5062>;+g.oma.sip-im`. */
  readonly contact: string;
  /** Where the client is, when its Contact does not say. */
  readonly source?: Hop;
  /** Seconds; default: what the domain grants. */
  readonly expiresS?: number;
  /** Whether the application server is told by a third-party REGISTER; default no. */
  readonly tellServer?: boolean;
}

export class CoreError extends Error {
  readonly code: "unknown-user" | "no-address";
  constructor(code: CoreError["code"], message: string) {
    super(message);
    this.name = "CoreError";
    this.code = code;
  }
}

export interface Core {
  /** What it listens on, ports resolved. */
  readonly hops: readonly Hop[];
  /** The URI of the core with `lr`, for the Route of clients and servers that are to send here. */
  readonly route: string;
  provision(user: UserProfile): void;
  /** Forgets a user by private or public identity, its bindings and deviations too; nobody is told. */
  forget(identity: string): void;
  /** The user that has this public identity. */
  userOf(identity: string): UserProfile | undefined;
  addService(route: PsiRoute): void;
  removeService(uri: string): void;
  /** Sets a registration without a REGISTER. */
  setRegistered(identity: string, registration: StandingRegistration): void;
  /** Ends all bindings of a user without a REGISTER. */
  setUnregistered(identity: string, options?: { readonly tellServer?: boolean }): void;
  bindingsOf(identity: string): readonly Binding[];
  isRegistered(identity: string): boolean;
  /** Departs from the rules for the requests of one user, until the returned function is called. */
  deviate(deviation: Deviation): () => void;
  /** Calls back at each change of bindings; the returned function ends it. */
  onRegistered(listener: (change: RegistrationChanged) => void): () => void;
  /** Calls back with what a server answered to a third-party REGISTER, or that it did not. */
  onThirdPartyRegister(listener: (result: ThirdPartyRegisterResult) => void): () => void;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { config, clock, ids } = options;
  // The endpoint asks for annotations from its first message on, which cannot come before the core is complete.
  let annotate = (_message: SipMessage, _direction: "in" | "out", _remote: Hop): Annotation | undefined =>
    undefined;
  const endpoint = await createSipEndpoint({
    ...options,
    name: options.name ?? "core",
    annotate: (message, direction, remote) => annotate(message, direction, remote),
  });
  const domains = config.domains.map(({ domain }) => domain);
  const advertisedHost = options.advertisedHost ?? options.listen[0]?.host ?? "localhost";
  const ownUris = createOwnUris(advertisedHost, endpoint.hops, domains);
  const subscribers = createSubscribers(config.users);
  const services = createServiceIdentities(config.psis);
  const passages = createPassages(ids);
  const deviations = createDeviations();
  const dialogs = createDialogRoutes(ids);
  const changeListeners = createListeners<RegistrationChanged>();
  const thirdPartyListeners = createListeners<ThirdPartyRegisterResult>();
  const serverNamed = (name: string) => config.servers.find((server) => server.name === name);

  const registration = createRegistrationService({
    config,
    endpoint,
    clock,
    ids,
    ownUris,
    subscribers,
    serverOf: (user) => (user.server === undefined ? undefined : serverNamed(user.server)),
    onChange: changeListeners.tell,
    onThirdPartyRegister: thirdPartyListeners.tell,
  });
  const onward = createOnward({ endpoint, clock, ids, ownUris, passages, dialogs });

  const originFacts: OriginFacts = {
    servers: config.servers,
    passages,
    userOfServiceRoute: (part) => {
      const impi = registration.serviceRoutes.impiOf(part);
      const user = impi === undefined ? undefined : subscribers.byPrivateIdentity(impi);
      // A route that outlives the registration opens nothing.
      return user !== undefined && registration.bindingsOf(user.impi).length > 0 ? user : undefined;
    },
    userOf: (binding) => subscribers.byPrivateIdentity(binding.impi),
    bindings: registration.allBindings,
  };
  const routingFacts: RoutingFacts = {
    criteria: config.criteria ?? imFilterCriteria,
    toleratedEvents: new Set((config.toleratedEvents ?? []).map((event) => event.toLowerCase())),
    isOwnDomain: (domain) => domains.some((own) => own.toLowerCase() === domain),
    isCore: (uri) => ownUris.isOwn(uri) && sipUriOf(uri)?.user === undefined,
    serverNamed,
    userOf: subscribers.byIdentity,
    serviceOf: services.find,
    bindingsOf: registration.bindingsOf,
  };
  const admissionFacts = { ids, host: ownUris.host, deviations, userOf: subscribers.byIdentity };

  const originOfRequest = (request: SipRequest, source: Hop): Origin =>
    originOf(request, source, routeEntries(request), originFacts);

  annotate = (message, direction, remote) => {
    if (direction === "out" || message.kind === "response") return undefined;
    const sides = dialogs.sidesOf(message, routeEntries(message)[0]?.user);
    if (sides !== undefined) return sides[0].annotation;
    const origin = originOfRequest(message, remote);
    if (origin.kind !== "server") return undefined;
    const serverFunction = eventPackageOf(message) === "reg" ? "registration" : origin.serverFunction;
    return { serverFunction, ...(origin.passage === undefined ? {} : { passage: origin.passage.token }) };
  };

  function handleInitial(incoming: IncomingRequest): void {
    const { message, source } = incoming;
    const origin = originOfRequest(message, source);
    const routed = withRoutes(message, []);
    const bare = { incoming, request: routed };
    if (origin.kind === "stranger" && message.method === "OPTIONS" && routingFacts.isCore(message.uri))
      return onward.answer(bare, 200);
    const admitted = admit(routed, origin, admissionFacts);
    if (admitted === undefined) return onward.answer(bare, 403, "Not Registered");
    const passing = { incoming, ...admitted };
    const decision = decide(admitted.request, admitted.origin, routingFacts);
    if (decision.to !== "registration-event") return onward.carryOut(passing, decision);
    const own = admitted.origin.kind === "client" && admitted.origin.user.impi === decision.user.impi;
    if (!own && admitted.origin.kind !== "server") return onward.answer(passing, 403);
    registration.handleSubscribe(incoming, message, decision.user);
  }

  /** Requests within a dialog: of the core's own subscriptions, or of dialogs that it is on the path of. */
  function handleWithin(incoming: IncomingRequest): void {
    const { message } = incoming;
    const { own, rest } = splitRoutes(message, ownUris);
    const sides = dialogs.sidesOf(message, own[0]?.user);
    if (sides === undefined) {
      if (message.method === "SUBSCRIBE" && ownUris.isOwn(message.uri))
        return registration.handleSubscribe(incoming, message, undefined);
      return onward.answer({ incoming, request: message }, 481);
    }
    const routed = withRoutes(
      message,
      rest.map((route) => route.value),
    );
    const request = sides[0].untrusted ? fromUntrusted(routed) : routed;
    onward.within({ incoming, request }, sides[0], sides[1]);
  }

  endpoint.onRequest((incoming) => {
    const { message } = incoming;
    if (message.method === "REGISTER") registration.handleRegister(incoming);
    else if (toOf(message)?.tag === undefined && message.method !== "ACK") handleInitial(incoming);
    else handleWithin(incoming);
  });

  function need(identity: string): UserProfile {
    const user = subscribers.byIdentity(identity);
    if (user === undefined)
      throw new CoreError(
        "unknown-user",
        `the core knows no user ${identity}: provision it before its registration is set`,
      );
    return user;
  }

  return {
    hops: endpoint.hops,
    route: ownUris.route(undefined),
    provision: subscribers.provision,
    forget(identity) {
      const user = subscribers.byPrivateIdentity(identity) ?? subscribers.byIdentity(identity);
      if (user === undefined) return;
      registration.forget(user);
      deviations.forget(user);
      subscribers.forget(identity);
    },
    userOf: subscribers.byIdentity,
    addService: services.add,
    removeService: services.remove,
    setRegistered(identity, { contact, source, expiresS, tellServer }) {
      const bound = contactToBind(contact);
      const from = source ?? hopOf(bound.uri);
      if (from === undefined)
        throw new CoreError(
          "no-address",
          `the host of ${bound.uri} is a name: say in \`source\` where the client is`,
        );
      registration.bind(need(identity), bound, from, expiresS, tellServer ?? false);
    },
    setUnregistered: (identity, { tellServer = false } = {}) =>
      registration.unbind(need(identity), tellServer),
    bindingsOf: (identity) => registration.bindingsOf(need(identity).impi),
    isRegistered: (identity) =>
      registration.bindingsOf(subscribers.byIdentity(identity)?.impi ?? "").length > 0,
    deviate: deviations.add,
    onRegistered: changeListeners.add,
    onThirdPartyRegister: thirdPartyListeners.add,
    close: async () => {
      registration.stop();
      await endpoint.close();
    },
  };
}

interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
}

function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(value) {
      for (const listener of [...listeners]) listener(value);
    },
  };
}
