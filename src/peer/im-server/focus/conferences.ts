import { addressKey } from "../../im/address.ts";
import type { Conference, Conferences } from "./conference.ts";

/** Identities of sessions that are over; the oldest go first. */
const REMEMBERED = 10_000;

export function createConferences(): Conferences {
  const byIdentity = new Map<string, Conference>();
  const byGroup = new Map<string, Conference>();
  const ended = new Set<string>();
  return {
    add: (conference) => {
      byIdentity.set(addressKey(conference.identity), conference);
      if (conference.group) byGroup.set(addressKey(conference.group.uri), conference);
    },
    end: (conference) => {
      const key = addressKey(conference.identity);
      byIdentity.delete(key);
      for (const [group, each] of byGroup) if (each === conference) byGroup.delete(group);
      ended.add(key);
      const oldest = ended.keys().next();
      if (ended.size > REMEMBERED && oldest.done !== true) ended.delete(oldest.value);
    },
    withIdentity: (uri) => byIdentity.get(addressKey(uri)),
    ofGroup: (uri) => byGroup.get(addressKey(uri)),
    hasEnded: (uri) => ended.has(addressKey(uri)),
    list: () => [...byIdentity.values()],
  };
}
