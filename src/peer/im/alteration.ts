/**
 * How a reference peer is made to deviate: one of its decisions is replaced, one of its behaviours left out, or what it sends is rewritten at
 * its edge. `src/fault` ties alterations to the statements that they violate.
 */
import type { Edge } from "../../endpoint/crossing.ts";
import type { MsrpEdge } from "../../endpoint/msrp/crossing.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";

export interface EdgeAlteration {
  /** `cause` is the request that is being answered, or that made the peer send this one. */
  when(message: SipMessage, cause: SipRequest | undefined): boolean;
  /** `undefined` swallows the message; a list sends several. */
  rewrite(
    message: SipMessage,
    cause: SipRequest | undefined,
  ): SipMessage | Uint8Array | readonly (SipMessage | Uint8Array)[] | undefined;
}

/** Decisions stand in named groups, one level deep. */
export type Overrides<Decisions> = { readonly [Group in keyof Decisions]?: Partial<Decisions[Group]> };

export interface Alteration<Decisions> {
  readonly decisions?: Overrides<Decisions>;
  readonly skip?: readonly string[];
  readonly onSend?: EdgeAlteration;
  /** At the edge of its MSRP endpoint. */
  readonly msrp?: MsrpEdge;
}

/** The decisions of the reference with those of the alterations in their place; later ones win. */
export function overrideDecisions<Decisions extends object>(
  base: Decisions,
  alterations: readonly Alteration<Decisions>[],
): Decisions {
  const merged = { ...base };
  for (const { decisions } of alterations) {
    if (!decisions) continue;
    for (const group in decisions) merged[group] = { ...merged[group], ...decisions[group] };
  }
  return merged;
}

export function skippedBehaviours(
  alterations: readonly Pick<Alteration<object>, "skip">[],
): ReadonlySet<string> {
  return new Set(alterations.flatMap((alteration) => alteration.skip ?? []));
}

/** The first alteration that wants a message has it; `undefined` when nothing rewrites. */
export function edgeOf(alterations: readonly Pick<Alteration<object>, "onSend">[]): Edge | undefined {
  const rules = alterations.flatMap((alteration) => (alteration.onSend ? [alteration.onSend] : []));
  if (rules.length === 0) return undefined;
  return {
    send(message, cause) {
      const rule = rules.find((candidate) => candidate.when(message, cause));
      return rule ? rule.rewrite(message, cause) : message;
    },
  };
}

/** The edge of the last alteration that has one. */
export function msrpEdgeOf(alterations: readonly Pick<Alteration<object>, "msrp">[]): MsrpEdge | undefined {
  return alterations.findLast(({ msrp }) => msrp !== undefined)?.msrp;
}
