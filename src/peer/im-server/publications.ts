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

export function createPublications(ids: Ids) {
  const byTag = new Map<string, Publication>();

  const valid = (publication: Publication | undefined, now: number): Publication | undefined =>
    publication && publication.expiresAt > now ? publication : undefined;

  const ofUser = (user: string, now: number): Publication | undefined =>
    [...byTag.values()]
      .filter(
        (publication) => addressKey(publication.user) === addressKey(user) && publication.expiresAt > now,
      )
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
      if (replaces !== undefined) byTag.delete(replaces);
      for (const [tag, old] of byTag) if (old.expiresAt <= now) byTag.delete(tag);
      const publication = { user, entityTag: ids.token(13), settings, publishedAt: now, expiresAt };
      byTag.set(publication.entityTag, publication);
      return publication;
    },
    remove: (entityTag: string): boolean => byTag.delete(entityTag),
    /** The settings in force: those published last. */
    settingsOf: (user: string, now: number): ImSettings | undefined => ofUser(user, now)?.settings,
    count: (): number => byTag.size,
    clear: (): void => byTag.clear(),
  };
}

export type Publications = ReturnType<typeof createPublications>;
