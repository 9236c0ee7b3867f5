/** Puts a message together in memory, for whoever wants it whole. */
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";
import type { IncomingStream } from "./incoming.ts";

export interface ReceivedMessage {
  readonly messageId: string;
  /** Of the chunk that came first. */
  readonly head: MsrpRequestHead;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** A REPORT on it, if its sender asked for such. */
  report(status: number, comment?: string): void;
}

/** Refuses a message of more than `limit` octets with 413. */
export function collectMessage(
  incoming: IncomingStream,
  limit: number,
  complete: (message: ReceivedMessage) => void,
): void {
  let pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let held = 0;
  incoming.onOctets((bytes, at) => {
    held += bytes.length;
    if (held > limit || at + bytes.length - 1 > limit) {
      pieces = [];
      incoming.refuse(413);
    } else pieces.push({ at, bytes: Uint8Array.from(bytes) });
  });
  incoming.onEnd((end) => {
    const { messageId, head, contentType, total } = incoming;
    if (end !== "complete" || total === "*") return;
    const body = Buffer.alloc(total);
    // RFC 4975 7.3.1: where chunks overlap, the last one that came counts.
    for (const { at, bytes } of pieces) body.set(bytes.subarray(0, total - at + 1), at - 1);
    pieces = [];
    complete({
      messageId,
      head,
      contentType,
      body,
      report: (status, comment) => incoming.report(status, comment, { start: 1, end: total, total }),
    });
  });
}
