/** How an invitation and what follows in the session is answered (clause 7.1.2). */
import type { OfferDecision } from "../../../../endpoint/user-agent/session-events.ts";
import type { AnswerInvitationsAction } from "../../../../spec/actions.ts";
import { warningTextOf, WARN_CODE, WARNING_TEXTS } from "../../../../spec/warning-codes.ts";
import type { MessageMedia } from "../../../../wire/sdp/message-media.ts";
import { headerValues, privacyOf } from "../../../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../../../wire/sip/message.ts";
import { fromUri } from "../../../im/address.ts";
import { LARGE_MESSAGE_TAG } from "../../../im/identifiers.ts";
import type { ClientParts } from "../../parts.ts";
import { release } from "../../decisions/registering.ts";

export type InvitationFor = "session" | "large-message" | "file";

export const invited = {
  /** 7.1.2: what the INVITE is for. */
  purpose: (_client: ClientParts, invite: SipRequest, media: readonly MessageMedia[]): InvitationFor => {
    const tags = [...headerValues(invite, "Accept-Contact"), ...headerValues(invite, "Contact")];
    if (tags.join(",").toLowerCase().includes(LARGE_MESSAGE_TAG)) return "large-message";
    return media.some(({ file }) => file !== undefined) ? "file" : "session";
  },
  /** Large messages and files are not taken: 488, for the media do not suit (RFC 3261 21.4.26). */
  otherPurposeStatus: (_client: ClientParts, _purpose: InvitationFor): number => 488,
  isAnonymous: (_client: ClientParts, invite: SipRequest): boolean =>
    privacyOf(invite).some((value) => value === "id" || value === "user") ||
    /@anonymous\.invalid/i.test(fromUri(invite) ?? ""),
  answer: (
    client: ClientParts,
    invite: SipRequest,
    behaviour: AnswerInvitationsAction,
  ): AnswerInvitationsAction["answer"] =>
    behaviour.refuseAnonymous === true && client.decisions.invited.isAnonymous(client, invite)
      ? "refuse"
      : behaviour.answer,
  /** 7.1.2.1-9. */
  refusalStatus: (_client: ClientParts): number => 480,
  /** 7.1.2.1-9: nobody has answered. */
  timeoutStatus: (_client: ClientParts): number => 408,
  /** How long it rings; milliseconds. */
  ringMs: (_client: ClientParts): number => 120_000,
  /** 7.1.2.1-6: what is taken. */
  acceptTypes: (
    _client: ClientParts,
    behaviour: { readonly acceptTypes?: readonly string[] },
  ): readonly string[] => behaviour.acceptTypes ?? ["message/cpim", "*"],
  /** 7.1.2.2-7: message/cpim at least. */
  answeredTypes: (_client: ClientParts, own: readonly string[]): readonly string[] =>
    own.some((type) => /^(?:\*|message\/cpim)$/i.test(type)) ? own : ["message/cpim", ...own],
  preferredIdentity: ({ config }: ClientParts, _invite: SipRequest): string | undefined =>
    `<${config.imAddress}>`,
  userAgent: (client: ClientParts, _message: SipMessage): string | undefined => release(client),
  /** 7.1.2.2-2: whether any of the media suits. */
  acceptable: (_client: ClientParts, media: MessageMedia, own: readonly string[]): boolean =>
    media.port !== 0 &&
    (media.acceptTypes.length === 0 ||
      own.some((one) => one === "*" || media.acceptTypes.some((type) => meets(one, type)))),
  unacceptableStatus: (_client: ClientParts): number => 488,
  /** 7.1.2.2-5: seconds, and who refreshes when the request leaves it open. */
  sessionExpiresS: ({ config }: ClientParts): number | undefined => config.sessionExpiresS ?? 1800,
  refresher: (_client: ClientParts): "uac" | "uas" => "uas",
  /** 7.1.2.2: the last word on the answer to a modification. */
  modification: (_client: ClientParts, _request: SipMessage, decision: OfferDecision): OfferDecision =>
    decision,
  /** 7.1.2.2-1: a re-INVITE for a session that does not exist. */
  noSuchSession: ({
    config,
  }: ClientParts): { readonly status: number; readonly warning: string | undefined } => ({
    status: 606,
    warning: `${WARN_CODE} ${config.homeDomain} "${warningTextOf(WARNING_TEXTS.sessionDoesNotExist)}"`,
  }),
} as const;

function meets(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return b === "*" || a === b || (a.endsWith("/*") && b.startsWith(a.slice(0, -1)));
}
