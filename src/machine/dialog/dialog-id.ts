/** Which dialog a message belongs to (RFC 3261 12): Call-ID, local tag and remote tag, as a key. */
import { callIdOf, fromOf, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";

export interface DialogId {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

export function dialogKey({ callId, localTag, remoteTag }: DialogId): string {
  // Neither a Call-ID nor a tag has a space in it.
  return `${callId} ${localTag} ${remoteTag}`;
}

/**
 * The dialog of a message that came in: the local tag is in To of a request, in From of a response. Undefined when there is no local tag or no
 * Call-ID: the message is in no dialog.
 */
export function dialogIdOf(received: SipMessage): DialogId | undefined {
  const [near, far] =
    received.kind === "request" ? [toOf(received), fromOf(received)] : [fromOf(received), toOf(received)];
  const callId = callIdOf(received);
  if (callId === undefined || near?.tag === undefined) return undefined;
  return { callId, localTag: near.tag, remoteTag: far?.tag ?? "" };
}
