/** The table of a conference in which no two participants have the same alias (clause 7.2.3.2). */
import { sameAddress } from "../../im/address.ts";
import { alias as reference } from "./decisions/alias.ts";

export interface Identity {
  readonly displayName?: string;
  readonly uri: string;
}

export interface AliasTable {
  /** A participant under its own name, which nobody after it gets as an alias. */
  enter(id: string, identity: Identity): void;
  /**
   * An anonymous participant: the alias that it gets, which is From of its request if nobody has that. `hidden`: its own addresses, which no
   * alias may show.
   */
  enterAnonymous(id: string, from: Identity, hidden: readonly string[]): Identity;
  of(id: string): Identity | undefined;
  leave(id: string): void;
}

export type AliasDecisions = typeof reference;

export function createAliasTable(decisions: AliasDecisions = reference): AliasTable {
  const entries = new Map<string, Identity>();
  return {
    enter: (id, identity) => void entries.set(id, identity),
    enterAnonymous(id, from, hidden) {
      const shown = hidden.some((address) => sameAddress(address, from.uri));
      const wanted = decisions.wanted(from, shown);
      const taken = [...entries].filter(([other]) => other !== id).map(([, identity]) => identity);
      const given = decisions.unique(wanted, taken);
      entries.set(id, given);
      return given;
    },
    of: (id) => entries.get(id),
    leave: (id) => void entries.delete(id),
  };
}
