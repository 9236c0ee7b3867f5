/** What MSRP endpoints tell of the messages that cross them, and how faults get between an endpoint and the wire. */
import type { Hop } from "../../net/network.ts";
import type { RecordedBytes } from "../../trace/event.ts";
import type { MsrpFrame, MsrpRequestHead } from "../../wire/msrp/message.ts";
import type { Annotation, WireError } from "../crossing.ts";

/** A request (a chunk of a message is one) or a response on its way from or to a node of Scrim, told when its end-line has passed. */
export interface MsrpCrossing {
  readonly node: string;
  readonly direction: "in" | "out";
  readonly local: Hop;
  readonly remote: Hop;
  readonly protocol: "msrp";
  /** As on the wire; of a large chunk the head, both ends of the body, and the digest. */
  readonly bytes: RecordedBytes;
  /** When the bytes are a message; with its body when that is not too large to be kept. */
  readonly frame?: MsrpFrame;
  readonly error?: WireError;
  /** URI of this end's session, where the message belongs to one. */
  readonly session?: string;
  readonly annotation?: Annotation;
  /** When the head was there, in milliseconds since the epoch. */
  readonly begunAt: number;
  /** When the end-line was there. */
  readonly at: number;
}

export type MsrpTap = (crossing: MsrpCrossing) => void;

/**
 * Where faults rewrite what an endpoint sends, behind the machines' back. An endpoint with an edge sends chunks of 64 KiB at most, because the
 * edge is given whole ones. `undefined` keeps the message from the wire.
 */
export interface MsrpEdge {
  /** `cause`: the request that is answered or reported on. `session`: URI of this end's session. */
  send?(
    frame: MsrpFrame,
    context: {
      readonly to: Hop;
      readonly cause: MsrpRequestHead | undefined;
      readonly session: string | undefined;
    },
  ): MsrpFrame | Uint8Array | readonly (MsrpFrame | Uint8Array)[] | undefined;
}
