/** What a participant asks of the conference: its end, its people, other media (clauses 7.1.1.5, 7.1.1.7, 7.1.1.8, 7.1.1.11, 7.1.1.12, 7.1.1.14). */
import { headerValues } from "../../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../../wire/sip/message.ts";
import { referUri } from "../../../../wire/sip/refer-fields.ts";
import { ANONYMOUS_FROM, IM_TAG } from "../../../im/identifiers.ts";
import type { ClientParts } from "../../parts.ts";
import { release } from "../../decisions/registering.ts";
import type { ClientSession } from "../session.ts";

/** In requests within a session. */
export const modifying = {
  /** 7.1.1.1-4. */
  contact: (client: ClientParts): string => {
    const { contactParameters } = client.sessions.script;
    return `<${client.contactUri()}>;${IM_TAG}${contactParameters === undefined ? "" : `;${contactParameters}`}`;
  },
  /** 7.1.1.1-3. */
  allow: (_client: ClientParts, message: SipMessage): readonly string[] => headerValues(message, "Allow"),
  /** 7.1.1.1-6. */
  supported: (_client: ClientParts, message: SipMessage): readonly string[] =>
    headerValues(message, "Supported"),
  /** 7.1.1.1-2; of what is sent besides the initial requests. */
  userAgent: (client: ClientParts, _message: SipMessage): string | undefined => release(client),
  /** 7.1.1.5 and 7.1.1.8 refer to 7.1.1.1-1. */
  acceptContact: (_client: ClientParts): string | undefined => `*;${IM_TAG}`,
  /** 7.1.1.1-5, 7.1.1.12-3. */
  privacy: (_client: ClientParts, { anonymous }: ClientSession): string | undefined =>
    anonymous ? "id" : undefined,
  /** 7.1.1.8: milliseconds after which a session of so many seconds is refreshed; undefined: never. */
  refreshAfterMs: (client: ClientParts, intervalS: number): number | undefined =>
    client.sessions.script.withoutRefresh === true ? undefined : intervalS * 500,
  /** 7.1.1.11: who has left does not watch any more. */
  unsubscribesOnLeaving: (_client: ClientParts): boolean => true,
  /** 7.1.1.12, last paragraph: the user plane ends with the answer to BYE. */
  releasesMedia: ({ sessions }: ClientParts): boolean => sessions.script.keepsMedia !== true,
} as const;

/** SUBSCRIBE to the conference state (7.1.1.11). */
export const watching = {
  /** Step 2: the group, or the session. */
  requestUri: (_client: ClientParts, { invitation, peer }: ClientSession): string | undefined =>
    invitation?.kind === "group" ? invitation.target : peer.identity,
  from: ({ config }: ClientParts, { anonymous }: ClientSession): string =>
    anonymous ? ANONYMOUS_FROM : `<${config.imAddress}>`,
  preferredIdentity: ({ config }: ClientParts): string | undefined => `<${config.imAddress}>`,
  acceptContact: (_client: ClientParts): string | undefined => `*;${IM_TAG}`,
  userAgent: (client: ClientParts): string | undefined => release(client),
  privacy: (_client: ClientParts, { anonymous }: ClientSession): string | undefined =>
    anonymous ? "id" : undefined,
  /** RFC 4575 3.3: an hour. */
  expiresS: (_client: ClientParts): number => 3600,
} as const;

/** REFER to add and to remove participants (7.1.1.7, 7.1.1.14). */
export const referring = {
  requestUri: (_client: ClientParts, { peer }: ClientSession): string | undefined => peer.identity,
  from: ({ config }: ClientParts, _session: ClientSession, anonymous: boolean): string =>
    anonymous ? ANONYMOUS_FROM : `<${config.imAddress}>`,
  preferredIdentity: ({ config }: ClientParts): string | undefined => `<${config.imAddress}>`,
  acceptContact: (_client: ClientParts): string | undefined => `*;${IM_TAG}`,
  userAgent: (client: ClientParts): string | undefined => release(client),
  privacy: (_client: ClientParts, anonymous: boolean): string | undefined => (anonymous ? "id" : undefined),
  /** 7.1.1.7-3a. */
  added: (_client: ClientParts, user: string): string => user,
  /** 7.1.1.14-3. */
  removed: (_client: ClientParts, user: string): string => referUri(user, { method: "BYE" }),
  /** 7.1.1.7-3b, 4c, 7.1.1.14-4: `undefined` leaves Refer-Sub out. */
  wantsSubscription: (_client: ClientParts): boolean | undefined => false,
  /** 7.1.1.7-4d; of several users. */
  requiresNorefersub: (_client: ClientParts, users: number): boolean => users > 1,
  supported: (_client: ClientParts): string | undefined => "norefersub",
  /** 7.1.1.7-5. */
  tooMany: (
    { config }: ClientParts,
    { kind, participants }: ClientSession,
    users: readonly string[],
  ): boolean =>
    config.maxAdHocGroupSize !== undefined &&
    kind === "ad-hoc" &&
    participants.size + users.length > config.maxAdHocGroupSize,
} as const;
