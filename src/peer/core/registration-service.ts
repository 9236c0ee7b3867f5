/**
 * Registration as a service of the core: REGISTER answered, application servers told, subscribers of the registration event notified, and
 * all of that again when bindings run out.
 */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import { toOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { createAuthenticator, type Authenticator } from "./authenticator.ts";
import type { ApplicationServer, CoreConfig, DomainConfig, UserProfile } from "./config.ts";
import { hopOf, type OwnUris } from "./hops.ts";
import { createRegEvents, type NotifyToSend, type RegEvents } from "./reg-event.ts";
import { answerRegister } from "./register.ts";
import {
  createRegistrar,
  type Binding,
  type BindingChange,
  type ContactToBind,
  type Registrar,
} from "./registrar.ts";
import { createServiceRoutes, type ServiceRoutes } from "./service-routes.ts";
import { homeDomainOf, type Subscribers } from "./subscribers.ts";
import { createThirdPartyRegistrations, type ThirdPartyRegisterResult } from "./third-party-register.ts";

export interface RegistrationChanged {
  readonly user: UserProfile;
  readonly changes: readonly BindingChange[];
  /** What is bound now. */
  readonly bindings: readonly Binding[];
}

export interface RegistrationService {
  handleRegister(incoming: IncomingRequest): void;
  /** SUBSCRIBE to `reg`: of a user's state, or within a dialog. */
  handleSubscribe(incoming: IncomingRequest, request: SipRequest, user: UserProfile | undefined): void;
  bindingsOf(impi: string): readonly Binding[];
  allBindings(): readonly Binding[];
  /** `expiresS`: default what the domain grants. */
  bind(
    user: UserProfile,
    contact: ContactToBind,
    source: Hop,
    expiresS: number | undefined,
    tell: boolean,
  ): void;
  unbind(user: UserProfile, tell: boolean): void;
  /** Drops bindings and subscriptions; nobody is told. */
  forget(user: UserProfile): void;
  readonly serviceRoutes: ServiceRoutes;
  stop(): void;
}

export interface RegistrationServiceOptions {
  readonly config: CoreConfig;
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ownUris: OwnUris;
  readonly subscribers: Subscribers;
  readonly serverOf: (user: UserProfile) => ApplicationServer | undefined;
  readonly onChange: (change: RegistrationChanged) => void;
  readonly onThirdPartyRegister: (result: ThirdPartyRegisterResult) => void;
}

interface Domain {
  readonly config: DomainConfig;
  readonly registrar: Registrar;
  readonly authenticator: Authenticator | undefined;
}

export function createRegistrationService(options: RegistrationServiceOptions): RegistrationService {
  const { endpoint, clock, ids, ownUris, subscribers } = options;
  const domains = new Map(
    options.config.domains.map((config) => [config.domain.toLowerCase(), openDomain(config, ids)]),
  );
  const regEvents: RegEvents = createRegEvents(ids, ownUris.uri("reg"));
  const serviceRoutes = createServiceRoutes(ids);
  const thirdParty = createThirdPartyRegistrations({
    ids,
    registrarUri: ownUris.uri(undefined),
    host: ownUris.host,
    send: (request, server, done) => {
      const to = hopOf(server.originating, server);
      if (to === undefined) return done({ failure: "transport" });
      const annotation = { serverFunction: "registration" } as const;
      endpoint.send(request, {
        to,
        annotation,
        onResponse: (response) => response.status >= 200 && done({ response }),
        onFailure: (failure) => done({ failure }),
      });
    },
    onResult: options.onThirdPartyRegister,
  });
  let disarm: (() => void) | undefined;

  const domainOfUser = (user: UserProfile) => domains.get(homeDomainOf(user) ?? "");
  const bindingsOf = (impi: string) =>
    [...domains.values()].flatMap(({ registrar }) => registrar.bindingsOf(impi));

  function sendNotify({ request, to, dialog }: NotifyToSend): void {
    const annotation = { serverFunction: "registration" } as const;
    const toServer = options.config.servers.some(
      (server) => hopOf(server.originating, server)?.port === to.port,
    );
    endpoint.send(request, {
      to,
      ...(toServer ? { annotation } : {}),
      onResponse: (response) => response.status === 481 && regEvents.end(dialog),
      onFailure: () => regEvents.end(dialog),
    });
  }

  function rearm(): void {
    disarm?.();
    const deadlines = [...domains.values()].map(({ registrar }) => registrar.deadline());
    const due = [...deadlines, regEvents.deadline()].filter((time) => time !== undefined);
    disarm = due.length === 0 ? undefined : clock.callAt(Math.min(...due), expire);
  }

  function expire(): void {
    const now = clock.now();
    for (const { registrar } of domains.values()) {
      const before = new Map(
        registrar.all().map((binding) => [binding.impi, registrar.bindingsOf(binding.impi)]),
      );
      const changes = registrar.expire(now);
      for (const impi of new Set(changes.map((change) => change.binding.impi))) {
        const user = subscribers.byPrivateIdentity(impi);
        const own = changes.filter((change) => change.binding.impi === impi);
        if (user !== undefined) announce(user, before.get(impi) ?? [], own, true);
      }
    }
    for (const notify of regEvents.expire(bindingsOf, now)) sendNotify(notify);
    rearm();
  }

  /** Tells everybody concerned; `tell`: the application server too. */
  function announce(
    user: UserProfile,
    before: readonly Binding[],
    changes: readonly BindingChange[],
    tell: boolean,
  ): void {
    const now = clock.now();
    const bindings = bindingsOf(user.impi);
    const server = options.serverOf(user);
    if (tell && server !== undefined) thirdParty.changed(user, server, before, bindings, now);
    for (const notify of regEvents.changed(user, bindings, changes, now)) sendNotify(notify);
    options.onChange({ user, changes, bindings });
  }

  function handleRegister(incoming: IncomingRequest): void {
    const { message: request, source } = incoming;
    const toTag = ids.token(13);
    const user = subscribers.byIdentity(toOf(request)?.uri ?? "");
    const domain = user === undefined ? undefined : domainOfUser(user);
    if (user === undefined || domain === undefined)
      return incoming.respond(sipResponse(request, 404, undefined, { toTag }));
    const now = clock.now();
    const verdict = user.password === undefined ? undefined : domain.authenticator?.check(request, user, now);
    if (verdict !== undefined && !verdict.ok) {
      const headers = verdict.status === 401 ? verdict.challenges : [];
      return incoming.respond(sipResponse(request, verdict.status, undefined, { toTag, headers }));
    }
    const before = domain.registrar.bindingsOf(user.impi);
    const { response, changes } = answerRegister(request, {
      user,
      registrar: domain.registrar,
      minimumExpiresS: domain.config.minimumExpiresS ?? 0,
      source,
      serviceRoute: ownUris.route(serviceRoutes.userPartOf(user), source.transport),
      toTag,
      now,
    });
    incoming.respond(response);
    if (changes.length > 0) announce(user, before, changes, true);
    rearm();
  }

  function handleSubscribe(
    incoming: IncomingRequest,
    request: SipRequest,
    user: UserProfile | undefined,
  ): void {
    const now = clock.now();
    const { response, notify } =
      user === undefined
        ? regEvents.refresh(request, bindingsOf, now)
        : regEvents.subscribe(request, user, bindingsOf(user.impi), incoming.source, now);
    incoming.respond(response);
    if (notify !== undefined) sendNotify(notify);
    rearm();
  }

  function changeByOrder(
    user: UserProfile,
    tell: boolean,
    change: (registrar: Registrar) => readonly BindingChange[],
  ): void {
    const registrar = domainOfUser(user)?.registrar;
    if (registrar === undefined) return;
    const before = registrar.bindingsOf(user.impi);
    const changes = change(registrar);
    if (changes.length > 0) announce(user, before, changes, tell);
    rearm();
  }

  return {
    handleRegister,
    handleSubscribe,
    bindingsOf,
    allBindings: () => [...domains.values()].flatMap(({ registrar }) => registrar.all()),
    bind: (user, contact, source, expiresS, tell) =>
      changeByOrder(user, tell, (registrar) => [
        registrar.bind(user, contact, source, expiresS, clock.now()),
      ]),
    forget(user) {
      domainOfUser(user)?.registrar.deactivate(user.impi);
      regEvents.forget(user);
      rearm();
    },
    unbind: (user, tell) => changeByOrder(user, tell, (registrar) => registrar.deactivate(user.impi)),
    serviceRoutes,
    stop: () => disarm?.(),
  };
}

function openDomain(config: DomainConfig, ids: Ids): Domain {
  const { digest } = config;
  const authenticator = digest && createAuthenticator(digest.realm ?? config.domain, digest.algorithms, ids);
  return { config, registrar: createRegistrar(config), authenticator };
}
