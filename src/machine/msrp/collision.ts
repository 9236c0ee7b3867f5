/**
 * Keeps the end-line of a chunk out of its body (RFC 4975 7.1): a sender that streams looks for seven hyphens and the transaction
 * identifier as it writes, and interrupts the chunk before they are complete.
 */
export interface CollisionScan {
  /** How many octets of the piece may be written; fewer than it has when the end-line would stand in the body. */
  push(piece: Uint8Array): number;
}

const HYPHENS = Buffer.from("-------", "latin1");
const HYPHEN = 0x2d;
const NOTHING = Buffer.alloc(0);

export function createCollisionScan(transactionId: string): CollisionScan {
  const pattern = Buffer.from(`-------${transactionId}`, "latin1");
  /** The last octets written that may be the beginning of the pattern; fewer than it has. */
  let tail = NOTHING;

  /** Where a pattern begins that the last pieces began and this one completes, counted from this one; undefined if there is none. */
  const across = (bytes: Buffer): number | undefined => {
    if (tail.length === 0) return undefined;
    const at = Buffer.concat([tail, bytes.subarray(0, pattern.length - 1)]).indexOf(pattern);
    return at === -1 ? undefined : at - tail.length;
  };

  const within = (bytes: Buffer): number | undefined => {
    // Seven hyphens are rare, and found several times as fast as a long pattern.
    const suspect = bytes.indexOf(HYPHENS);
    const at = suspect === -1 ? -1 : bytes.indexOf(pattern, suspect);
    return at === -1 ? undefined : at;
  };

  const keepTail = (bytes: Buffer): void => {
    const last = bytes.length < pattern.length ? Buffer.concat([tail, bytes]) : bytes;
    const from = last.indexOf(HYPHEN, Math.max(0, last.length - pattern.length + 1));
    tail = from === -1 ? NOTHING : Buffer.from(last.subarray(from));
  };

  return {
    push: (piece) => {
      const bytes = Buffer.isBuffer(piece)
        ? piece
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      // A collision across pieces is broken by its last octets, which are in this piece.
      const from = across(bytes) ?? within(bytes);
      keepTail(bytes);
      return from === undefined ? bytes.length : Math.max(0, from);
    },
  };
}
