/** Aliases of anonymous participants (clauses 5.5, 7.2.3.2). */
import { ANONYMOUS_URI } from "../../../im/identifiers.ts";
import { sameAddress } from "../../../im/address.ts";
import type { Identity } from "../aliases.ts";

const NAMELESS = "Anonymous";

function sameName(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

/** `sip:anonymous@host` to `sip:anonymous-2@host`. */
function numberedUri(uri: string, number: number): string {
  const at = uri.indexOf("@");
  return at === -1 ? `${uri}-${number}` : `${uri.slice(0, at)}-${number}${uri.slice(at)}`;
}

export const alias = {
  /** What is asked for: From without what it must not show (RFC 3323), and a name where it has none (5.5, step 1). */
  wanted: ({ uri, displayName }: Identity, showsAddress: boolean): Identity => ({
    displayName: displayName === undefined || displayName.trim() === "" ? NAMELESS : displayName,
    uri: showsAddress ? ANONYMOUS_URI : uri,
  }),
  /**
   * 7.2.3.2, step 2: as it is when nobody has it, else changed until nobody has it. Name and URI each for itself, because the URI is the
   * entity of the conference event package.
   */
  unique: (wanted: Identity, taken: readonly Identity[]): Identity => {
    const { uri, displayName = NAMELESS } = wanted;
    const nameIsFree = (name: string): boolean => !taken.some((other) => sameName(name, other.displayName));
    const uriIsFree = (candidate: string): boolean =>
      !taken.some((other) => sameAddress(candidate, other.uri));
    for (let number = 2; ; number += 1) {
      const name = nameIsFree(displayName) ? displayName : `${displayName}-${number}`;
      const candidate = uriIsFree(uri) ? uri : numberedUri(uri, number);
      if (nameIsFree(name) && uriIsFree(candidate)) return { displayName: name, uri: candidate };
    }
  },
} as const;
