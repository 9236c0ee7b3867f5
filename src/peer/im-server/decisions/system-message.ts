/** System messages (clause 5.4). */
import { SERVER_RELEASE, SYSTEM_MESSAGE_TAG, mediaTypes } from "../../im/identifiers.ts";
import { bytesOf } from "../../im/content.ts";
import type { Body } from "../../im/content.ts";
import type { ServerAction } from "../../../spec/actions.ts";
import type { ServerParts } from "../turn.ts";

export type SystemMessageAction = Extract<ServerAction, { action: "send-system-message" }>;

/** Step 3: above this size the content lies outside the message. */
export const LARGEST_SYSTEM_MESSAGE_BYTES = 1300;

export const systemMessage = {
  /** Step 1: one message to each. */
  recipients: (_server: ServerParts, action: SystemMessageAction): readonly string[] => action.to,
  /** Step 4. */
  requestUri: (_server: ServerParts, recipient: string): string => recipient,
  from: (server: ServerParts): string => `<${server.config.serviceUris.systemSender}>`,
  to: (_server: ServerParts, recipient: string): string => `<${recipient}>`,
  /** Step 2. */
  acceptContact: (_server: ServerParts): string | undefined => `*;${SYSTEM_MESSAGE_TAG}`,
  /** Step 5. */
  assertedIdentity: (server: ServerParts): string | undefined =>
    `<${server.config.serviceUris.systemSender}>`,
  /** Step 6; in a request the release goes into User-Agent (F.1, example 2). */
  userAgent: (_server: ServerParts): string | undefined => SERVER_RELEASE,
  server: (_server: ServerParts): string | undefined => undefined,
  /** Step 3: an HTML document elsewhere (RFC 4483). */
  body: (_server: ServerParts, action: SystemMessageAction): Body => {
    const { externalContent, text } = action;
    if (externalContent === undefined) return { contentType: "text/plain", bytes: bytesOf(text) };
    const contentType = `${mediaTypes.externalBody};ACCESS-TYPE=URL;URL="${externalContent}"`;
    return { contentType, bytes: bytesOf("Content-Type: text/html\r\n\r\n") };
  },
  /** Step 7: whether Ts1 is started. */
  startsTimer: (_server: ServerParts, action: SystemMessageAction): boolean => action.responseRequired,
  /** Ts1, in milliseconds. */
  waitMs: (server: ServerParts): number => server.config.timers.ts1Ms,
} as const;
