/** Contacts that a B2BUA gave in place of those of the far ends, and what they stand for (6.1.1.2.2, 200-5; 6.1.2.2.2, 10a). */
import { sipUriOf } from "../../../wire/sip/uri.ts";
import { uriOf } from "../../im/address.ts";

export interface ContactMap {
  /** User part of a Contact that is looked up by `resolve`, now or long after. */
  add(user: string, contact: () => string | undefined): void;
  /** The URI that stands behind a Contact of this server; undefined: it is none. */
  resolve(uri: string): string | undefined;
  clear(): void;
}

/** An identity may be asked for after its session, to rejoin; the oldest go first. */
const REMEMBERED = 10_000;

export function createContactMap(): ContactMap {
  const contacts = new Map<string, () => string | undefined>();
  return {
    add: (user, contact) => {
      contacts.set(user, contact);
      const oldest = contacts.keys().next();
      if (contacts.size > REMEMBERED && oldest.done !== true) contacts.delete(oldest.value);
    },
    resolve: (uri) => uriOf(contacts.get(sipUriOf(uri)?.user ?? "")?.()),
    clear: () => contacts.clear(),
  };
}
