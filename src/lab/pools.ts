/**
 * The users and groups that the SUT file declares, leased to one scenario at a time. What a scenario could not clean is dirty and not
 * leased again in the run.
 */
import { hasRules, type GroupRules } from "../spec/group-rules.ts";
import type { PooledGroup, PooledUser, SutFile, UserProperty } from "../spec/sut-file.ts";

/** What a scenario asks of a group. */
export interface GroupNeed {
  readonly members: readonly string[];
  readonly allowAnonymity: boolean;
  readonly supportsIm: boolean;
  readonly rules: GroupRules;
}

/** What a scenario asks of a user. Without `property`, an ordinary subscriber of the home domain. */
export interface UserNeed {
  readonly property?: UserProperty | readonly UserProperty[];
  /** A certain user, by IM Address: the one that the client under test is, or a participant of a session that the SUT knows. */
  readonly impu?: string;
}

export class PoolExhausted extends Error {
  readonly code = "pool-exhausted";
}

interface Waiting {
  readonly take: () => boolean;
}

export class Pools {
  readonly #users: readonly PooledUser[];
  readonly #groups: readonly PooledGroup[];
  readonly #reserved: ReadonlySet<string>;
  readonly #taken = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #queue: Waiting[] = [];

  constructor(sutFile: SutFile) {
    this.#users = sutFile.users;
    this.#groups = sutFile.groups;
    this.#reserved = new Set([
      ...(sutFile.client === undefined ? [] : [sutFile.client.user]),
      ...(sutFile.server?.serviceUris.ongoingSession?.participants ?? []),
    ]);
  }

  /** Leases a user, waiting for one that another scenario holds; rejects with {@link PoolExhausted} when no such user will come. */
  leaseUser(need: UserNeed): Promise<PooledUser> {
    const fits = this.#users.filter((user) => this.#fits(user, need));
    const where =
      need.impu ??
      (need.property === undefined
        ? "an ordinary user"
        : `a user that is ${propertiesOf(need).join(" and ")}`);
    return this.#lease(fits, (user) => user.impu, `${where} (users in the SUT file)`);
  }

  /** Leases a group; `fixed` asks for one whose document Scrim cannot write but that has these rules. */
  leaseGroup(need: GroupNeed): Promise<PooledGroup> {
    const fits = this.#groups.filter(
      (group) =>
        group.writable ||
        (group.allowAnonymity === need.allowAnonymity &&
          group.supportsIm === need.supportsIm &&
          hasRules(group, need.rules, need.members)),
    );
    return this.#lease(fits, (group) => group.uri, "a group with these rules (groups in the SUT file)");
  }

  /** The session that the SUT knows is one: scenarios that need it take turns. */
  leaseSession(uri: string): Promise<string> {
    return this.#lease([uri], (session) => session, `session ${uri}`);
  }

  release(id: string, options: { readonly dirty: boolean }): void {
    if (options.dirty) this.#dirty.add(id);
    this.#taken.delete(id);
    const served = this.#queue.filter((waiting) => waiting.take());
    for (const waiting of served) this.#queue.splice(this.#queue.indexOf(waiting), 1);
  }

  #fits(user: PooledUser, need: UserNeed): boolean {
    if (need.impu !== undefined) return user.impu === need.impu;
    if (this.#reserved.has(user.impu)) return false;
    const wanted = propertiesOf(need);
    if (wanted.length === 0) return user.properties.length === 0;
    // Another domain is where a user is, not what it may: nobody gets there by asking for something else, and nothing else comes with it.
    const remote = wanted.includes("remote");
    if (user.properties.includes("remote") !== remote) return false;
    if (remote && user.properties.length !== wanted.length) return false;
    return wanted.every((property) => user.properties.includes(property));
  }

  #lease<T>(fits: readonly T[], id: (item: T) => string, what: string): Promise<T> {
    const clean = (): readonly T[] => fits.filter((item) => !this.#dirty.has(id(item)));
    if (clean().length === 0)
      return Promise.reject(new PoolExhausted(`the pool has no clean ${what}; declare more of them`));
    return new Promise((resolve) => {
      const take = (): boolean => {
        const free = clean().find((item) => !this.#taken.has(id(item)));
        if (free === undefined) return false;
        this.#taken.add(id(free));
        resolve(free);
        return true;
      };
      if (!take()) this.#queue.push({ take });
    });
  }
}

function propertiesOf({ property = [] }: UserNeed): readonly UserProperty[] {
  return typeof property === "string" ? [property] : property;
}
