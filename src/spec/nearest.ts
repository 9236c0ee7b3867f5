/** The words nearest to one that was not understood, for "did you mean". */
export function nearest(word: string, known: Iterable<string>, atMost = 3): readonly string[] {
  const wanted = word.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return [...known]
    .map((candidate) => ({
      candidate,
      distance: distanceTo(wanted, candidate.toLowerCase()),
      common: commonPrefix(wanted, candidate.toLowerCase()),
    }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || b.common - a.common || a.candidate.localeCompare(b.candidate))
    .slice(0, atMost)
    .map(({ candidate }) => candidate);
}

/** A part that was left out at either end is a slip of the hand: `PMM-S-003` for `IMSpec-PMM-S-003`. */
function distanceTo(wanted: string, candidate: string): number {
  if (wanted.length >= 4 && (candidate.endsWith(wanted) || candidate.startsWith(wanted))) return 1;
  return editDistance(wanted, candidate);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Levenshtein. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
