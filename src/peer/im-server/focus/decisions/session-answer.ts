/** What the focus says in its answers to INVITE, header by header (clauses 7.2.1.1, 7.2.1.11). */
import { IM_TAG } from "../../../im/identifiers.ts";
import { memberOf } from "../../../../wire/xml/group-permission.ts";
import type { Group } from "../../../../wire/xml/group.ts";
import type { Conference } from "../conference.ts";
import type { Introduction } from "../person.ts";
import type { Focus } from "../turn.ts";

export interface Naming {
  readonly group: Group | undefined;
  readonly identities: readonly string[];
  readonly introduction: Introduction;
}

export const sessionAnswer = {
  /** 7.2.1.2-6. `host`: where the server's services are. */
  newIdentity: (token: string, host: string): string => `sip:im-session-${token}@${host}`,
  /** 5.5-2: of one who does not hide. */
  displayName: ({ group, identities, introduction }: Naming): string | undefined =>
    (group && memberOf(group, identities)?.displayName) ??
    introduction.assertedName ??
    introduction.field.displayName,
  status: (_focus: Focus, _conference: Conference): number => 200,
  /** 7.2.1.1-4. */
  assertedIdentity: ({ server }: Focus, { group }: Conference): string | undefined =>
    `<${group?.uri ?? server.config.serviceUris.conferenceFactory}>`,
  /** 7.2.1.1-5: of all that the focus sends in the dialog. */
  contact: (_focus: Focus, { identity }: Conference): string => `<${identity}>;isfocus;${IM_TAG}`,
  /** Whether the originator is told that an invited user is alerted. */
  passesAlerting: (_focus: Focus): boolean => true,
  /** 7.2.1.2, 7.2.1.3: whether the originator has its 200 before anybody has accepted. */
  answersEarly: ({ server }: Focus): boolean => server.policy().answersEarly,
  /** 7.2.1.2, 7.2.1.3, 200, 1: whether the first who accepts is enough. */
  firstIsEnough: (_focus: Focus, _conference: Conference): boolean => true,
  /** 7.2.1.2, 7.2.1.3: whether the originator, who has its 200, is removed when everybody has refused. */
  removesAlone: (_focus: Focus): boolean => true,
  /** 7.2.1.2, 7.2.1.3: when everybody has refused. */
  failureStatus: (_focus: Focus, statuses: readonly number[]): number =>
    statuses.length === 0 ? 480 : Math.min(...statuses),
} as const;
