/**
 * Keeps the end-line of a chunk out of its body (RFC 4975 7.1): a sender that streams looks for seven hyphens and the transaction
 * identifier as it writes, and interrupts the chunk before they are complete.
 */
export interface CollisionScan {
  /** How many octets of the piece may be written; fewer than it has when the end-line would stand in the body. */
  push(piece: Uint8Array): number;
}

export function createCollisionScan(transactionId: string): CollisionScan {
  const pattern = Buffer.from(`-------${transactionId}`, "latin1");
  /** The last octets written, one fewer than the pattern has. */
  let tail = Buffer.alloc(0);
  return {
    push: (piece) => {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      const seam = Buffer.concat([tail, bytes.subarray(0, pattern.length - 1)]);
      const across = seam.indexOf(pattern);
      const within = across === -1 ? bytes.indexOf(pattern) : -1;
      const from = across === -1 ? within : across - tail.length;
      // A collision across pieces is broken by its last octets, which are in this piece.
      const safe = from === -1 ? bytes.length : Math.max(0, from);
      const last = bytes.length < pattern.length ? seam : bytes;
      tail = Buffer.from(last.subarray(Math.max(0, last.length - pattern.length + 1)));
      return safe;
    },
  };
}
