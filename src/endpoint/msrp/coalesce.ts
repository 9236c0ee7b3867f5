/** Pieces below this are put together, so that a small message is one write. */
const SMALL = 16 * 1024;

/** The same bytes in fewer pieces: neighbours that are small become one, large ones stay as they are. */
export function coalesced(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const out: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const settle = (): void => {
    const [first] = small;
    if (first !== undefined) out.push(small.length === 1 ? first : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < SMALL) {
      small.push(piece);
      continue;
    }
    settle();
    out.push(piece);
  }
  settle();
  return out;
}
