/** The users of the home networks, by private identity and by every public one (the HSS of an IMS). */
import { addressKey, domainOf, telOf } from "./address-key.ts";
import type { UserProfile } from "./config.ts";

export interface Subscribers {
  provision(profile: UserProfile): void;
  /** Forgets the user that has this private or public identity. */
  forget(identity: string): UserProfile | undefined;
  byPrivateIdentity(impi: string): UserProfile | undefined;
  /** The user that has this public identity; a SIP URI with user=phone stands for its number. */
  byIdentity(uri: string): UserProfile | undefined;
  all(): readonly UserProfile[];
}

export class SubscriberError extends Error {
  readonly code: "no-identity" | "identity-taken";
  constructor(code: SubscriberError["code"], message: string) {
    super(message);
    this.name = "SubscriberError";
    this.code = code;
  }
}

/** The domain whose registrar serves the user: that of the first SIP identity. */
export function homeDomainOf(profile: UserProfile): string | undefined {
  return profile.identities.map(domainOf).find((domain) => domain !== undefined);
}

export function hasIdentity(profile: UserProfile, uri: string): boolean {
  const key = addressKey(telOf(uri) ?? uri);
  return profile.identities.some(
    (identity) => addressKey(identity) === key || addressKey(identity) === addressKey(uri),
  );
}

/** The identities to assert when `chosen` was: the SIP URI and the tel URI of the set, where it has both (RFC 3325 9.1). */
export function assertedSetOf(profile: UserProfile, chosen: string): readonly string[] {
  const isTel = (uri: string) => uri.toLowerCase().startsWith("tel:");
  const other = profile.identities.find((identity) => isTel(identity) !== isTel(chosen));
  return other === undefined ? [chosen] : isTel(chosen) ? [other, chosen] : [chosen, other];
}

export function createSubscribers(users: readonly UserProfile[] = []): Subscribers {
  const byImpi = new Map<string, UserProfile>();
  const byKey = new Map<string, UserProfile>();

  function remove(profile: UserProfile): void {
    byImpi.delete(profile.impi);
    for (const identity of profile.identities) byKey.delete(addressKey(identity));
  }

  function provision(profile: UserProfile): void {
    if (profile.identities.length === 0)
      throw new SubscriberError(
        "no-identity",
        `user ${profile.impi} has no public identity: give at least one`,
      );
    for (const identity of profile.identities) {
      const owner = byKey.get(addressKey(identity));
      if (owner !== undefined && owner.impi !== profile.impi)
        throw new SubscriberError(
          "identity-taken",
          `${identity} of ${profile.impi} belongs to ${owner.impi} already`,
        );
    }
    const before = byImpi.get(profile.impi);
    if (before !== undefined) remove(before);
    byImpi.set(profile.impi, profile);
    for (const identity of profile.identities) byKey.set(addressKey(identity), profile);
  }

  function byIdentity(uri: string): UserProfile | undefined {
    const tel = telOf(uri);
    return byKey.get(addressKey(uri)) ?? (tel === undefined ? undefined : byKey.get(addressKey(tel)));
  }

  for (const user of users) provision(user);
  return {
    provision,
    byIdentity,
    forget(identity) {
      const profile = byImpi.get(identity) ?? byIdentity(identity);
      if (profile !== undefined) remove(profile);
      return profile;
    },
    byPrivateIdentity: (impi) => byImpi.get(impi),
    all: () => [...byImpi.values()],
  };
}
