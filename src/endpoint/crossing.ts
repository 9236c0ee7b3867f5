/** What endpoints tell of the messages that cross them, and how faults get between an endpoint and the wire. */
import type { Hop } from "../net/network.ts";
import type { ServerFunction } from "../trace/event.ts";
import type { SipMessage, SipRequest } from "../wire/sip/message.ts";

/** What Scrim knows of a message and cannot be read from it. */
export interface Annotation {
  readonly serverFunction?: ServerFunction;
  /** Ties the legs of a message that passes through an application server. */
  readonly passage?: string;
  /** Id of the stimulus that the message carries out. */
  readonly stimulus?: string;
}

/** Why bytes are not a message; every parser's error has this much. */
export interface WireError {
  readonly code: string;
  /** Bytes from the start of the crossing. */
  readonly offset: number;
  readonly message: string;
}

/** Bytes on their way from or to a node of Scrim, as they are on the wire. */
export interface WireCrossing {
  readonly node: string;
  readonly direction: "in" | "out";
  readonly local: Hop;
  readonly remote: Hop;
  readonly protocol: "sip" | "http";
  readonly bytes: Uint8Array;
  /** SIP only, when the bytes are a message. */
  readonly message?: SipMessage;
  readonly error?: WireError;
  readonly annotation?: Annotation;
  /** Sent again by a transaction, or received again. */
  readonly retransmission: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type Tap = (crossing: WireCrossing) => void;

export type Annotate = (message: SipMessage, direction: "in" | "out", remote: Hop) => Annotation | undefined;

/**
 * Where faults rewrite what an endpoint sends, behind the transaction layer's back. Asked once per message: what it gives is what is sent again
 * when the transaction repeats the message. `undefined` keeps the message from the wire.
 */
export interface Edge {
  /** `cause`: the request that is answered or forwarded, or that the sender named as the reason for its own. */
  send?(
    message: SipMessage,
    cause: SipRequest | undefined,
    to: Hop,
  ): SipMessage | Uint8Array | readonly (SipMessage | Uint8Array)[] | undefined;
}

/** The later one wins. */
export function mergeAnnotations(
  earlier: Annotation | undefined,
  later: Annotation | undefined,
): Annotation | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  return { ...earlier, ...later };
}
