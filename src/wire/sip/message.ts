/**
 * A SIP message as it stood on the wire (RFC 3261, clause 7).
 *
 * Messages are values: nothing changes one in place. `edit.ts` makes changed copies, `parse.ts` reads bytes, `serialize.ts` writes them,
 * `headers.ts` gives typed views of single header fields.
 */

/** One header field line, in the order in which it stood, with name and value as sent. */
export interface HeaderField {
  /** The name as sent: `Via`, `v` and `VIA` stay what they were. */
  readonly name: string;
  /** The value without surrounding white space; folded lines are joined by one space (RFC 3261 7.3.1). */
  readonly value: string;
  /** Offset in bytes of the name in the original message; -1 for a header that Scrim made. */
  readonly offset: number;
}

/** What a changed copy keeps of the message that was read: `body` is a part of `received`, behind the empty line. */
export interface ReceivedMessage {
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly received: Uint8Array;
}

interface SipMessageBase {
  /** `SIP/2.0`, in the case in which it was sent: RFC 3261 7.1 compares it without regard to case, and wants it sent in capitals. */
  readonly version: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  /** The original bytes, when the message was read from the wire. */
  readonly received?: Uint8Array;
  /** The message that was read, of which this one is a changed copy: fields of it that were not touched are written in the bytes in which they came. */
  readonly origin?: ReceivedMessage;
}

export interface SipRequest extends SipMessageBase {
  readonly kind: "request";
  readonly method: string;
  /** The Request-URI as sent. */
  readonly uri: string;
}

export interface SipResponse extends SipMessageBase {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;
