/** System messages into a conference (clause 7.2.3.5). */
import { mediaTypes } from "../../../im/identifiers.ts";
import type { SwitchConference, SwitchParticipant } from "../participant.ts";
import type { Announcement, AnnouncementKind } from "../turn.ts";

const SERVICE_TYPES: Readonly<Record<AnnouncementKind, string>> = {
  "system-message": "SysAdmin",
  announcement: "Announcement",
  advertisement: "Advertisement",
};

export const announcement = {
  /** One SEND to each of the participants that are meant. */
  recipients: (
    participants: readonly SwitchParticipant[],
    ids: readonly string[] | undefined,
  ): readonly SwitchParticipant[] => participants.filter(({ id }) => ids === undefined || ids.includes(id)),
  /** Of the one who receives it, anonymous or not: nobody else sees it. */
  to: ({ address }: SwitchParticipant): string => address,
  from: ({ groupIdentity, sessionIdentity }: SwitchConference): string => groupIdentity ?? sessionIdentity,
  displayName: ({ kind }: Announcement): string => SERVICE_TYPES[kind],
  /** What stands within Message/CPIM. */
  content: ({
    text = "",
    externalContent,
  }: Announcement): { readonly contentType: string; readonly body: string } =>
    externalContent === undefined
      ? { contentType: "text/plain;charset=UTF-8", body: text }
      : {
          contentType: `${mediaTypes.externalBody};access-type=URL;URL="${externalContent}"`,
          body: "Content-Type: text/html\r\n\r\n",
        },
} as const;
