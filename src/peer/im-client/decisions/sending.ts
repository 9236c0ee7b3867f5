/** MESSAGE, header by header (clauses 8.1, 8.1.1, 14.3). */
import {
  ANONYMOUS_FROM,
  ANONYMOUS_URI,
  IM_TAG,
  RECIPIENT_LIST_OPTION,
  mediaTypes,
} from "../../im/identifiers.ts";
import { bodyOfParts, bytesOf } from "../../im/content.ts";
import type { Body, PartDraft } from "../../im/content.ts";
import { buildInstantMessage } from "../../im/delivery.ts";
import type { MessageAction } from "../../../spec/actions.ts";
import { writeResourceLists } from "../../../wire/xml/resource-lists.ts";
import type { ClientParts } from "../parts.ts";
import { release } from "./registering.ts";

/** 8.1: up to here pager mode is safe on any transport. */
export const PAGER_MODE_BYTES = 1300;

export function isList(action: MessageAction): boolean {
  return action.toKind === "user" && action.to.length > 1;
}

export const sending = {
  /** 8.1: whether the message may go by MESSAGE. */
  fitsPagerMode: ({ config }: ClientParts, _action: MessageAction, body: Body): boolean =>
    config.congestionSafe || body.bytes.length < PAGER_MODE_BYTES,
  /** 8.1.1, steps 4, 5b, 6a, 7. */
  requestUri: (client: ClientParts, action: MessageAction): string =>
    isList(action)
      ? client.config.conferenceFactory + client.decisions.sending.sessionType(client)
      : (action.to[0] ?? ""),
  /** 8.1.1, step 5c. */
  sessionType: (_client: ClientParts): string => ";sessiontype=adhoc",
  /** 5.1: anonymous where privacy is asked for. */
  from: ({ config }: ClientParts, action: MessageAction): string =>
    action.anonymous ? ANONYMOUS_FROM : `<${config.imAddress}>`,
  to: (client: ClientParts, action: MessageAction): string =>
    `<${isList(action) ? client.config.conferenceFactory : (action.to[0] ?? "")}>`,
  /** 8.1.1, step 1. */
  acceptContact: (_client: ClientParts, _action: MessageAction): string | undefined => `*;${IM_TAG}`,
  /** 8.1.1, step 2. */
  userAgent: (client: ClientParts, _action: MessageAction): string | undefined => release(client),
  /** 8.1.1, step 3. */
  privacy: (_client: ClientParts, action: MessageAction): string | undefined =>
    action.anonymous ? "id" : undefined,
  /** 5.1. */
  preferredIdentity: ({ config }: ClientParts, _action: MessageAction): string | undefined =>
    `<${config.imAddress}>`,
  /** RFC 5365 5. */
  require: (_client: ClientParts, action: MessageAction): string | undefined =>
    isList(action) ? RECIPIENT_LIST_OPTION : undefined,
  /** 8.1.1, step 5a. */
  recipients: (_client: ClientParts, action: MessageAction): readonly string[] => action.to,
  /** 8.1.1, step 8: what is stored elsewhere is referred to (RFC 4483). */
  content: (_client: ClientParts, { externalContent, contentType, text }: MessageAction): PartDraft => {
    if (externalContent === undefined) return { contentType: contentType ?? "text/plain", body: text };
    const type = `${mediaTypes.externalBody};ACCESS-TYPE=URL;URL="${externalContent}"`;
    return { contentType: type, body: `Content-Type: ${contentType ?? "text/html"}\r\n\r\n` };
  },
  /** 8.1.1, step 9: which notifications are asked for. */
  dispositions: (_client: ClientParts, action: MessageAction): readonly string[] => action.report ?? [],
  body: (client: ClientParts, action: MessageAction, messageId: string): Body => {
    const { sending } = client.decisions;
    const content = wrapped(client, action, messageId, sending.content(client, action));
    const list: readonly PartDraft[] = isList(action)
      ? [recipientList(sending.recipients(client, action))]
      : [];
    return (
      bodyOfParts([content, ...list], `im-${client.ids.token(16)}`) ?? {
        contentType: content.contentType,
        bytes: bytesOf(content.body),
      }
    );
  },
} as const;

function recipientList(recipients: readonly string[]): PartDraft {
  return {
    contentType: mediaTypes.resourceLists,
    disposition: "recipient-list",
    body: writeResourceLists({ entries: recipients.map((uri) => ({ uri })) }),
  };
}

/** In CPIM where notifications are asked for: the request stands in its headers (RFC 5438 7.1.1). */
function wrapped(
  client: ClientParts,
  action: MessageAction,
  messageId: string,
  content: PartDraft,
): PartDraft {
  const dispositions = client.decisions.sending.dispositions(client, action);
  if (dispositions.length === 0) return content;
  const to = isList(action) ? client.config.conferenceFactory : (action.to[0] ?? "");
  const body = buildInstantMessage({
    from: action.anonymous ? ANONYMOUS_URI : client.config.imAddress,
    to,
    messageId,
    dateTime: new Date(client.clock.now()).toISOString(),
    dispositions,
    ...content,
  });
  return { contentType: mediaTypes.cpim, body };
}
