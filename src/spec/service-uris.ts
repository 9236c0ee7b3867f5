/** The service identities of a SUT file: what a core hands to the application server whoever sends it. */
import type { SutFile } from "./sut-file.ts";

/** Those that an IM Server under test answers for, without its groups. */
export function serverServiceUris({ server }: SutFile): readonly string[] {
  if (server === undefined) return [];
  const { conferenceFactory, exploder, unallocatedFactory, unallocatedGroup, endedSession, ongoingSession } =
    server.serviceUris;
  const uris = [
    conferenceFactory,
    exploder,
    unallocatedFactory,
    unallocatedGroup,
    endedSession,
    ongoingSession?.uri,
  ];
  return distinct(uris);
}

/** Those of the server that Scrim plays for a client under test. */
export function clientServiceUris({ client }: SutFile): readonly string[] {
  return distinct([client?.conferenceFactory, client?.ongoingSession]);
}

/** Of both, and the groups. */
export function serviceUris(sutFile: SutFile): readonly string[] {
  const groups = sutFile.groups.map(({ uri }) => uri);
  return distinct([...serverServiceUris(sutFile), ...clientServiceUris(sutFile), ...groups]);
}

function distinct(uris: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(uris.filter((uri) => uri !== undefined))];
}
