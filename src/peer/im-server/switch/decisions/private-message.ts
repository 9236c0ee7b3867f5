/** Private messages (clause 7.2.3.4). */
import { sameAddress } from "../../../im/address.ts";
import { hasDeviceToken, parseReleaseToken } from "../../../../spec/release-token.ts";
import { header } from "../../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../../wire/sip/message.ts";
import { identityOf } from "../participant.ts";
import type { SwitchParticipant } from "../participant.ts";
import type { MessageTurn } from "../turn.ts";

/**
 * Whether the INVITE or the response of a participant names a release of IM in User-Agent or Server, so that its node is an IM Client or an
 * IM Server (Appendix F.1).
 */
export function namesRelease(message: SipMessage): boolean {
  return ["User-Agent", "Server"].some((name) => {
    const token = parseReleaseToken(header(message, name) ?? "");
    return token !== undefined && (hasDeviceToken(token, "client") || hasDeviceToken(token, "server"));
  });
}

export const privateMessage = {
  /** What is not for everybody (7.2.3.3, step 3) is private. */
  supported: ({ conference }: MessageTurn): boolean => conference.privateMessages ?? true,
  /** Step a. */
  mayWrite: ({ sender }: MessageTurn): boolean => sender.mayWritePrivately,
  /** Step b. */
  nodeSupports: (_turn: MessageTurn, { knowsPrivateMessages }: SwitchParticipant): boolean =>
    knowsPrivateMessages,
  refusalStatus: (): number => 403,
  /** Step c: each address in To, by what the others know whom it is of. */
  recipients: ({ wrapper, participants }: MessageTurn): readonly SwitchParticipant[] =>
    participants.filter((participant) =>
      wrapper.to.some(({ uri }) => sameAddress(uri, identityOf(participant).uri)),
    ),
  /** Addresses in To that nobody has. The specification does not say what becomes of them; RFC 7701 6.2 does. */
  strangers: ({ wrapper, participants }: MessageTurn): number =>
    wrapper.to.filter(({ uri }) => !participants.some((one) => sameAddress(uri, identityOf(one).uri))).length,
  strangerStatus: (): number => 404,
} as const;
