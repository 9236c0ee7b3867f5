/** The INVITE that starts or joins a session, header by header (clauses 7.1.1.1 to 7.1.1.4, 7.1.1.6, 7.1.1.9, 7.1.1.10, 7.1.1.15). */
import { bodyOfParts, bytesOf } from "../../../im/content.ts";
import type { PartDraft } from "../../../im/content.ts";
import { ANONYMOUS_URI, ANONYMOUS_FROM, IM_TAG, mediaTypes } from "../../../im/identifiers.ts";
import { quoted } from "../../../../wire/sip/grammar.ts";
import { referUri } from "../../../../wire/sip/refer-fields.ts";
import { formatReplaces, type Replaces } from "../../../../wire/sip/session-fields.ts";
import type { Body } from "../../../../wire/sip/session-description.ts";
import { URI_LIST_OPTIONS } from "../../../../wire/uri-list/recipient-list.ts";
import { writeResourceLists } from "../../../../wire/xml/resource-lists.ts";
import type { ClientParts } from "../../parts.ts";
import { release } from "../../decisions/registering.ts";
import type { ClientSession, Invitation } from "../session.ts";

const CONFERENCE_TYPES = ["message/cpim", "*"];

export const inviting = {
  /** 7.1.1.2-2, 7.1.1.3-2, 7.1.1.4-1a, 7.1.1.9-3, 7.1.1.10-2. */
  requestUri: ({ config }: ClientParts, { kind, target }: Invitation): string =>
    kind === "ad-hoc" ? config.conferenceFactory : target,
  to: (client: ClientParts, invitation: Invitation): string =>
    `<${client.decisions.inviting.requestUri(client, invitation)}>`,
  /** 7.1.1.15-2; 5.5: the alias is a display name. */
  from: ({ config }: ClientParts, { anonymous, alias }: Invitation): string => {
    if (alias !== undefined) return `${quoted(alias)} <${anonymous ? ANONYMOUS_URI : config.imAddress}>`;
    return anonymous ? ANONYMOUS_FROM : `<${config.imAddress}>`;
  },
  /** 5.1; 5.5: the core hands the display name on with the identity. */
  preferredIdentity: ({ config }: ClientParts, { alias }: Invitation): string | undefined =>
    `${alias === undefined ? "" : `${quoted(alias)} `}<${config.imAddress}>`,
  /** 7.1.1.1-1. */
  acceptContact: (_client: ClientParts, _invitation: Invitation): string | undefined => `*;${IM_TAG}`,
  /** 7.1.1.1-2. */
  userAgent: (client: ClientParts, _invitation: Invitation): string | undefined => release(client),
  /** 7.1.1.1-5, 8; 7.1.1.15-1. */
  privacy: (_client: ClientParts, { anonymous }: Invitation): string | undefined =>
    anonymous ? "id" : undefined,
  /** RFC 5366 6. */
  require: (_client: ClientParts, { kind }: Invitation): string | undefined =>
    kind === "ad-hoc" ? URI_LIST_OPTIONS.INVITE : undefined,
  /** 7.1.1.1-7: seconds; undefined: no Session-Expires. */
  sessionExpiresS: ({ config }: ClientParts, _invitation: Invitation): number | undefined =>
    config.sessionExpiresS ?? 1800,
  refresher: (_client: ClientParts, _invitation: Invitation): "uac" | "uas" | undefined => "uac",
  /** 7.1.1.3-4, 7.1.1.6-4: whether there are more users than MAX-ADHOC-GROUP-SIZE has. */
  tooMany: ({ config }: ClientParts, recipients: readonly string[]): boolean =>
    config.maxAdHocGroupSize !== undefined && recipients.length > config.maxAdHocGroupSize,
  /** 7.1.1.9-1: the identity of a session that was left; undefined: it is no longer known. */
  storedIdentity: (_client: ClientParts, session: ClientSession | undefined): string | undefined =>
    session?.peer.identity,
  /** 7.1.1.3-5, 7.1.1.4-1c, 7.1.1.6-6, 7.1.1.10-4. */
  acceptTypes: (_client: ClientParts, { acceptTypes }: Invitation): readonly string[] =>
    acceptTypes ?? CONFERENCE_TYPES,
  maxSize: (_client: ClientParts, { maxSize }: Invitation): number | undefined => maxSize,
  /** 7.1.1.3-3, 7.1.1.6-3: entries of the URI-list. */
  entries: (client: ClientParts, { recipients, extended }: Invitation): readonly string[] => {
    if (extended === undefined) return recipients;
    const replaces = client.decisions.inviting.replaces(client, extended.session);
    return [
      replaces === undefined
        ? extended.user
        : referUri(extended.user, { method: "INVITE", headers: [["Replaces", formatReplaces(replaces)]] }),
      ...recipients,
    ];
  },
  /** 7.1.1.6-3a; RFC 3891 3: as the other end sees the dialog. */
  replaces: (_client: ClientParts, { dialog }: ClientSession): Replaces | undefined =>
    dialog && {
      callId: dialog.dialog.callId,
      toTag: dialog.dialog.remoteTag,
      fromTag: dialog.dialog.localTag,
      earlyOnly: false,
    },
  body: (client: ClientParts, invitation: Invitation, offer: Body): Body => {
    const sdp: PartDraft = { contentType: offer.contentType, body: offer.bytes };
    const entries = client.decisions.inviting.entries(client, invitation);
    const list: readonly PartDraft[] =
      invitation.kind === "ad-hoc"
        ? [
            {
              contentType: mediaTypes.resourceLists,
              disposition: "recipient-list",
              body: writeResourceLists({ entries: entries.map((uri) => ({ uri })) }),
            },
          ]
        : [];
    return (
      bodyOfParts([sdp, ...list], `im-${client.ids.token(16)}`) ?? {
        contentType: offer.contentType,
        bytes: bytesOf(offer.bytes),
      }
    );
  },
  /** 7.1.1.1, second list, step 2: in a group session. */
  subscribes: (_client: ClientParts, { kind }: Invitation): boolean => kind !== "one-to-one",
} as const;
