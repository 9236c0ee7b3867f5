/** The domains of a core, each with a registrar and its way to authenticate. */
import type { Ids } from "../../net/ids.ts";
import { createAuthenticator, type Authenticator } from "./authenticator.ts";
import type { DomainConfig, UserProfile } from "./config.ts";
import { createRegistrar, type Binding, type BindingChange, type Registrar } from "./registrar.ts";
import { homeDomainOf } from "./subscribers.ts";

export interface HomeDomain {
  readonly config: DomainConfig;
  readonly registrar: Registrar;
  /** Undefined: REGISTER is not challenged. */
  readonly authenticator: Authenticator | undefined;
}

/** Bindings of one user that ran out together. */
export interface Expiry {
  readonly impi: string;
  readonly before: readonly Binding[];
  readonly changes: readonly BindingChange[];
}

export interface HomeDomains {
  of(user: UserProfile): HomeDomain | undefined;
  bindingsOf(impi: string): readonly Binding[];
  all(): readonly Binding[];
  expire(now: number): readonly Expiry[];
  deadline(): number | undefined;
}

function openDomain(config: DomainConfig, ids: Ids): HomeDomain {
  const { digest } = config;
  const authenticator = digest && createAuthenticator(digest.realm ?? config.domain, digest.algorithms, ids);
  return { config, registrar: createRegistrar(config), authenticator };
}

function expireIn(registrar: Registrar, now: number): readonly Expiry[] {
  const before = registrar.all();
  const changes = registrar.expire(now);
  return [...new Set(changes.map(({ binding }) => binding.impi))].map((impi) => ({
    impi,
    before: before.filter((binding) => binding.impi === impi),
    changes: changes.filter(({ binding }) => binding.impi === impi),
  }));
}

export function createHomeDomains(configs: readonly DomainConfig[], ids: Ids): HomeDomains {
  const domains = new Map(configs.map((config) => [config.domain.toLowerCase(), openDomain(config, ids)]));
  const registrars = [...domains.values()].map(({ registrar }) => registrar);
  return {
    of: (user) => domains.get(homeDomainOf(user) ?? ""),
    bindingsOf: (impi) => registrars.flatMap((registrar) => registrar.bindingsOf(impi)),
    all: () => registrars.flatMap((registrar) => registrar.all()),
    expire: (now) => registrars.flatMap((registrar) => expireIn(registrar, now)),
    deadline() {
      const times = registrars.map((registrar) => registrar.deadline()).filter((time) => time !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
