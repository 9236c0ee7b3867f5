/** The last steps of a message on its way out: the edge may rewrite it, the tap sees it, the channel carries it. */
import type { Clock } from "../net/clock.ts";
import type { SipMessage, SipRequest } from "../wire/sip/message.ts";
import { parseSip } from "../wire/sip/parse.ts";
import { serializeSip } from "../wire/sip/serialize.ts";
import type { Channel } from "./channel.ts";
import {
  type Annotate,
  type Annotation,
  type Edge,
  mergeAnnotations,
  type Tap,
  type WireError,
} from "./crossing.ts";
import { wireErrorOf } from "./wire-error.ts";

export interface Posting {
  readonly channel: Channel;
  readonly cause?: SipRequest | undefined;
  readonly annotation?: Annotation | undefined;
  readonly retransmission: boolean;
  readonly onError: (error: Error) => void;
}

export interface Outbox {
  /** Gives the bytes that went out, if they are those of the message: sent again with `postBytes` they are the same message again. */
  post(message: SipMessage, posting: Posting): Uint8Array | undefined;
  postBytes(bytes: Uint8Array, posting: Posting): void;
}

export interface OutboxOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Undefined: nobody looks on. */
  readonly tap: Tap | undefined;
  readonly annotate?: Annotate | undefined;
  readonly edge?: Edge | undefined;
}

/** What the bytes are, read. */
type Read = { readonly message: SipMessage } | { readonly error: WireError };

export function createOutbox({ name, clock, tap, annotate, edge }: OutboxOptions): Outbox {
  const rewritten = new WeakMap<SipMessage, readonly (SipMessage | Uint8Array)[]>();

  const beyondEdge = (
    rewriting: Edge,
    message: SipMessage,
    { cause, channel }: Posting,
  ): readonly (SipMessage | Uint8Array)[] => {
    const known = rewritten.get(message);
    if (known !== undefined) return known;
    const made = listOf(rewriting.send?.(message, cause, channel.remote));
    rewritten.set(message, made);
    return made;
  };

  const note = (bytes: Uint8Array, read: Read, { channel, annotation, retransmission }: Posting): void => {
    if (tap === undefined) return;
    const said = "message" in read ? annotate?.(read.message, "out", channel.remote) : undefined;
    const noted = mergeAnnotations(said, annotation);
    tap({
      node: name,
      direction: "out",
      local: channel.local,
      remote: channel.remote,
      protocol: "sip",
      bytes,
      ...read,
      ...(noted === undefined ? {} : { annotation: noted }),
      retransmission,
      at: clock.now(),
    });
  };

  const put = (bytes: Uint8Array, read: Read, posting: Posting): void => {
    const { channel, onError } = posting;
    // Nothing crosses a connection that has ended.
    if (!channel.open) return onError(new Error("the connection has ended"));
    note(bytes, read, posting);
    channel.send(bytes, onError);
  };

  const postBytes = (bytes: Uint8Array, posting: Posting): void => put(bytes, readBack(bytes), posting);

  return {
    postBytes,
    post: (message, posting) => {
      if (edge?.send === undefined) {
        const bytes = serializeSip(message);
        put(bytes, { message }, posting);
        return bytes;
      }
      for (const item of beyondEdge(edge, message, posting)) {
        if (item instanceof Uint8Array) postBytes(item, posting);
        else put(serializeSip(item), { message: item }, posting);
      }
      return undefined;
    },
  };
}

function listOf(sent: ReturnType<NonNullable<Edge["send"]>>): readonly (SipMessage | Uint8Array)[] {
  if (sent === undefined) return [];
  return sent instanceof Uint8Array || "kind" in sent ? [sent] : sent;
}

/** Bytes that were made on purpose may well not be a message. */
function readBack(bytes: Uint8Array): Read {
  try {
    return { message: parseSip(bytes) };
  } catch (error) {
    return { error: wireErrorOf(error) };
  }
}
