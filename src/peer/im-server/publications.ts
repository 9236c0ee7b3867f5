/** Event state of `poc-settings`: one publication for each device of a user, by entity tag (RFC 3903). */
import type { Ids } from "../../net/ids.ts";
import type { ImSettings } from "../../wire/xml/settings.ts";
import { addressKey } from "../im/address.ts";

export interface Publication {
  readonly user: string;
  readonly entityTag: string;
  readonly settings: ImSettings;
  readonly publishedAt: number;
  readonly expiresAt: number;
}

/** Below so many publications, expired ones are not looked for. */
const LEAST_SWEPT = 64;

export function createPublications(ids: Ids) {
  const byTag = new Map<string, Publication>();
  const byUser = new Map<string, Set<Publication>>();
  let sweepAbove = LEAST_SWEPT;

  const valid = (publication: Publication | undefined, now: number): Publication | undefined =>
    publication && publication.expiresAt > now ? publication : undefined;

  const remove = (publication: Publication): void => {
    byTag.delete(publication.entityTag);
    const key = addressKey(publication.user);
    const others = byUser.get(key);
    others?.delete(publication);
    if (others?.size === 0) byUser.delete(key);
  };

  /** Expired ones serve nobody; they are looked for when there are twice as many publications as the last time. */
  const sweep = (now: number): void => {
    if (byTag.size <= sweepAbove) return;
    for (const old of byTag.values()) if (old.expiresAt <= now) remove(old);
    sweepAbove = Math.max(LEAST_SWEPT, 2 * byTag.size);
  };

  const ofUser = (user: string, now: number): Publication | undefined =>
    [...(byUser.get(addressKey(user)) ?? [])]
      .filter((publication) => publication.expiresAt > now)
      .reduce<Publication | undefined>(
        (latest, next) => (latest && latest.publishedAt > next.publishedAt ? latest : next),
        undefined,
      );

  return {
    /** The publication that SIP-If-Match names, when it is the user's and has not expired. */
    find(user: string, entityTag: string, now: number): Publication | undefined {
      const found = valid(byTag.get(entityTag), now);
      return found && addressKey(found.user) === addressKey(user) ? found : undefined;
    },
    /** Stores or refreshes; a new entity tag each time (RFC 3903 6, step 5). */
    put(user: string, settings: ImSettings, expiresAt: number, now: number, replaces?: string): Publication {
      const replaced = replaces === undefined ? undefined : byTag.get(replaces);
      if (replaced !== undefined) remove(replaced);
      sweep(now);
      const publication = { user, entityTag: ids.token(13), settings, publishedAt: now, expiresAt };
      byTag.set(publication.entityTag, publication);
      const key = addressKey(user);
      const others = byUser.get(key);
      if (others === undefined) byUser.set(key, new Set([publication]));
      else others.add(publication);
      return publication;
    },
    remove(entityTag: string): boolean {
      const found = byTag.get(entityTag);
      if (found !== undefined) remove(found);
      return found !== undefined;
    },
    /** The settings in force: those published last. */
    settingsOf: (user: string, now: number): ImSettings | undefined => ofUser(user, now)?.settings,
    count: (): number => byTag.size,
    clear(): void {
      byTag.clear();
      byUser.clear();
    },
  };
}

export type Publications = ReturnType<typeof createPublications>;
