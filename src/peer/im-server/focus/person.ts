/** Who takes part in a conference, and as whom the others know it (clauses 5.1, 5.5, 7.2.3.2, 14.3). */
import { assertedIdentities, fromOf, privacyOf, toOf } from "../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import type { Identity } from "../switch/aliases.ts";
import { sameAddress } from "../../im/address.ts";

export interface Person {
  /** Authenticated; the first is the one that the server uses. */
  readonly identities: readonly string[];
  /** By 5.5. */
  readonly displayName: string | undefined;
  /** There when privacy was asked for. */
  readonly alias: Identity | undefined;
}

export function isPerson({ identities }: Person, ...others: readonly string[]): boolean {
  return identities.some((identity) => others.some((other) => sameAddress(identity, other)));
}

/** What a message tells of its sender. */
export interface Introduction {
  readonly identities: readonly string[];
  /** Beside the authenticated address. */
  readonly assertedName: string | undefined;
  /** In From of a request, in To of a response. */
  readonly field: Identity;
  readonly anonymous: boolean;
}

export function introductionOf(message: SipMessage): Introduction {
  const asserted = assertedIdentities(message);
  const party = message.kind === "request" ? fromOf(message) : toOf(message);
  const displayName = nonEmpty(party?.displayName);
  return {
    identities: asserted.map(({ uri }) => uri),
    assertedName: asserted.map((each) => nonEmpty(each.displayName)).find((name) => name !== undefined),
    field: { uri: party?.uri ?? "", ...(displayName === undefined ? {} : { displayName }) },
    anonymous: privacyOf(message).some((value) => value.toLowerCase() === "id"),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
