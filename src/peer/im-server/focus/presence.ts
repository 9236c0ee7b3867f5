/** Who of a conference is meant by an address. */
import type { Conference, Participant } from "./conference.ts";
import { isPerson } from "./person.ts";
import { sameAddress } from "../../im/address.ts";

export function participantWith(conference: Conference, uris: readonly string[]): Participant | undefined {
  return [...conference.participants.values()].find(
    ({ person, entity, superseded }) =>
      !superseded && (isPerson(person, ...uris) || uris.some((uri) => sameAddress(uri, entity))),
  );
}
