/** Service-Route (RFC 3608): each user's own entry to the core, by which the requests of clients that share an address are told apart. */
import type { Ids } from "../../net/ids.ts";
import type { UserProfile } from "./config.ts";

export interface ServiceRoutes {
  /** User part of the URI; the same for a user as long as the run lasts. */
  userPartOf(user: UserProfile): string;
  impiOf(userPart: string): string | undefined;
}

export function createServiceRoutes(ids: Ids): ServiceRoutes {
  const parts = new Map<string, string>();
  const impis = new Map<string, string>();
  return {
    userPartOf({ impi }) {
      const known = parts.get(impi);
      if (known !== undefined) return known;
      const part = `orig-${ids.token(13)}`;
      parts.set(impi, part);
      impis.set(part, impi);
      return part;
    },
    impiOf: (userPart) => impis.get(userPart),
  };
}
