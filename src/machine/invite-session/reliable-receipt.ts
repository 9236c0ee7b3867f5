/** Reliable provisional responses as the UAC gets them, in one early dialog: in order, each once (RFC 3262 4). */

/** RSeq of the last that was taken; undefined before the first. */
export type ReliableReceipt = number | undefined;

export type ReceiptVerdict =
  /** New and in order: PRACK is due. */
  | "new"
  /** Came before: to be discarded. */
  | "repetition"
  /** A response in between is missing: no PRACK, the peer will repeat. */
  | "out of order";

export function takeReliable(
  receipt: ReliableReceipt,
  number: number,
): { readonly receipt: ReliableReceipt; readonly verdict: ReceiptVerdict } {
  if (receipt === undefined || number === receipt + 1) return { receipt: number, verdict: "new" };
  return { receipt, verdict: number <= receipt ? "repetition" : "out of order" };
}
