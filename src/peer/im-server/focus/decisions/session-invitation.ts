/** The INVITE to each invited user, header by header (clauses 7.2.2.1, 7.2.2.2). */
import { ANONYMOUS_FROM, ANONYMOUS_URI, IM_TAG } from "../../../im/identifiers.ts";
import { formatNameAddr } from "../../../../wire/sip/name-addr.ts";
import type { Hop } from "../../../../net/network.ts";
import type { ListEntry } from "../../../../wire/xml/resource-lists.ts";
import type { Conference } from "../conference.ts";
import type { Person } from "../person.ts";
import type { Focus } from "../turn.ts";

export interface Inviting {
  readonly focus: Focus;
  readonly conference: Conference;
  readonly inviter: Person;
  /** Without method and headers. */
  readonly uri: string;
  /** By REFER, after the beginning. */
  readonly later: boolean;
}

function named(displayName: string | undefined, uri: string): string {
  return formatNameAddr({ uri, ...(displayName === undefined ? {} : { displayName }) });
}

function authenticated({ displayName, identities, alias }: Person): string {
  return named(alias === undefined ? displayName : undefined, identities[0] ?? ANONYMOUS_URI);
}

export const sessionInvitation = {
  /** 7.2.2.2-5. */
  nextHop: ({ focus }: Inviting): Hop => focus.server.config.core,
  /** 7.2.1.2-9: all who are on the list. */
  listed: (entries: readonly ListEntry[]): readonly ListEntry[] => entries,
  /** 7.2.2.1-1. */
  acceptContact: (_inviting: Inviting): string | undefined => `*;${IM_TAG}`,
  /** 7.2.2.1-2. */
  requestUri: ({ uri }: Inviting): string => uri,
  to: ({ uri }: Inviting): string => `<${uri}>`,
  from: ({ conference: { group }, inviter }: Inviting): string => {
    if (group) return named(group.displayName, group.uri);
    return inviter.alias === undefined ? authenticated(inviter) : ANONYMOUS_FROM;
  },
  /** 7.2.2.1-4. */
  assertedIdentity: ({ conference: { group }, inviter }: Inviting): string | undefined =>
    group ? named(group.displayName, group.uri) : authenticated(inviter),
  /** 7.2.2.1-5; one who asked for privacy is not named (14.3). */
  referredBy: ({ conference: { kind }, inviter, later }: Inviting): string | undefined => {
    if (kind === "one-to-one" && !later) return undefined;
    return inviter.alias === undefined ? `<${inviter.identities[0] ?? ANONYMOUS_URI}>` : `<${ANONYMOUS_URI}>`;
  },
  /** 7.2.2.1-6. */
  contact: ({ conference: { identity } }: Inviting): string => `<${identity}>;isfocus;${IM_TAG}`,
  /** 7.2.2.1-7: seconds. */
  sessionTimer: ({
    focus,
  }: Inviting): { readonly interval: number | undefined; readonly refresher: "uas" } => ({
    interval: focus.server.policy().sessionIntervalS,
    refresher: "uas",
  }),
  /** 7.2.2.1-9. */
  privacy: ({ inviter }: Inviting): string | undefined => (inviter.alias === undefined ? undefined : "id"),
  /** 7.2.2.1-11. */
  subject: ({ conference: { group } }: Inviting): string | undefined => group?.subject,
} as const;
