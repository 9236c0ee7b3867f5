/**
 * Registration as a service of the core: REGISTER answered, subscriptions to the `reg` event kept, everybody concerned told of changes, and
 * all of that again when bindings run out.
 */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { Clock } from "../../net/clock.ts";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { toOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { createAlarm } from "./alarm.ts";
import { createAnnouncements, type AnnouncementsOptions } from "./announcements.ts";
import type { CoreConfig, UserProfile } from "./config.ts";
import { createHomeDomains, type HomeDomain, type HomeDomains } from "./home-domains.ts";
import { answerRegister } from "./register.ts";
import type { Binding, BindingChange, ContactToBind, Registrar } from "./registrar.ts";
import { createServiceRoutes, type ServiceRoutes } from "./service-routes.ts";
import type { Subscribers } from "./subscribers.ts";

export interface RegistrationService {
  handleRegister(incoming: IncomingRequest): void;
  /** SUBSCRIBE to `reg`: to a user's state, or, without a user, within a dialog. */
  handleSubscribe(incoming: IncomingRequest, user: UserProfile | undefined): void;
  bindingsOf(impi: string): readonly Binding[];
  allBindings(): readonly Binding[];
  /** `expiresS`: default what the domain grants. */
  bind(
    user: UserProfile,
    contact: ContactToBind,
    source: Hop,
    expiresS: number | undefined,
    tellServer: boolean,
  ): void;
  unbind(user: UserProfile, tellServer: boolean): void;
  /** Drops bindings and subscriptions; nobody is told. */
  forget(user: UserProfile): void;
  readonly serviceRoutes: ServiceRoutes;
  stop(): void;
}

export interface RegistrationServiceOptions extends Omit<AnnouncementsOptions, "bindingsOf"> {
  readonly config: CoreConfig;
  readonly subscribers: Subscribers;
}

type Changes = readonly BindingChange[];

export function createRegistrationService(options: RegistrationServiceOptions): RegistrationService {
  const { config, clock, ids, ownUris, subscribers } = options;
  const domains = createHomeDomains(config.domains, ids);
  const bindingsOf = (impi: string) => domains.bindingsOf(impi);
  const announcements = createAnnouncements({ ...options, bindingsOf });
  const { regEvents } = announcements;
  const serviceRoutes = createServiceRoutes(ids);
  const alarm = createAlarm(clock, () => [domains.deadline()], expire);

  function expire(): void {
    const now = clock.now();
    for (const { impi, before, changes } of domains.expire(now)) {
      const user = subscribers.byPrivateIdentity(impi);
      if (user !== undefined) announce(user, before, changes, true);
    }
    alarm.set();
  }

  function announce(
    user: UserProfile,
    before: readonly Binding[],
    changes: Changes,
    tellServer: boolean,
  ): void {
    const change = { user, changes, bindings: bindingsOf(user.impi) };
    if (changes.length > 0) announcements.announce(change, before, tellServer);
  }

  function registerUser(incoming: IncomingRequest, { user, domain }: Known, toTag: string): void {
    const { message, source } = incoming;
    const { registrar, config } = domain;
    const before = registrar.bindingsOf(user.impi);
    const { response, changes } = answerRegister(message, {
      user,
      registrar,
      minimumExpiresS: config.minimumExpiresS ?? 0,
      source,
      serviceRoute: ownUris.route(serviceRoutes.userPartOf(user), source.transport),
      toTag,
      now: clock.now(),
    });
    incoming.respond(response);
    announce(user, before, changes, true);
    alarm.set();
  }

  const change: ChangeByOrder = (user, tellServer, order) => {
    const before = bindingsOf(user.impi);
    const registrar = domains.of(user)?.registrar;
    if (registrar !== undefined) announce(user, before, order(registrar), tellServer);
    alarm.set();
  };

  return {
    ...ordersFor(change, clock),
    serviceRoutes,
    bindingsOf,
    allBindings: () => domains.all(),
    handleRegister(incoming) {
      const { message } = incoming;
      const toTag = ids.token(13);
      const known = authenticate(message, subscribers, domains, clock.now());
      if ("user" in known) return registerUser(incoming, known, toTag);
      incoming.respond(sipResponse(message, known.status, undefined, { toTag, headers: known.headers }));
    },
    handleSubscribe: (incoming, user) => regEvents.subscribe(incoming, user),
    forget(user) {
      domains.of(user)?.registrar.deactivate(user.impi);
      regEvents.forget(user);
      alarm.set();
    },
    stop() {
      alarm.stop();
      regEvents.stop();
    },
  };
}

type ChangeByOrder = (
  user: UserProfile,
  tellServer: boolean,
  order: (registrar: Registrar) => Changes,
) => void;

function ordersFor(change: ChangeByOrder, clock: Clock): Pick<RegistrationService, "bind" | "unbind"> {
  return {
    bind: (user, contact, source, expiresS, tellServer) =>
      change(user, tellServer, (registrar) => [registrar.bind(user, contact, source, expiresS, clock.now())]),
    unbind: (user, tellServer) => change(user, tellServer, (registrar) => registrar.deactivate(user.impi)),
  };
}

interface Known {
  readonly user: UserProfile;
  readonly domain: HomeDomain;
}

interface Refusal {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
}

/** The user that a REGISTER is for, where it may be (RFC 3261 10.3 steps 3 to 5). */
function authenticate(
  request: SipRequest,
  subscribers: Subscribers,
  domains: HomeDomains,
  now: number,
): Refusal | Known {
  const user = subscribers.byIdentity(toOf(request)?.uri ?? "");
  const domain = user === undefined ? undefined : domains.of(user);
  if (user === undefined || domain === undefined) return { status: 404, headers: [] };
  const canProve = user.password !== undefined || user.aka !== undefined;
  const verdict = canProve ? domain.authenticator?.check(request, user, now) : undefined;
  if (verdict === undefined || verdict.ok) return { user, domain };
  return { status: verdict.status, headers: verdict.status === 401 ? verdict.challenges : [] };
}
