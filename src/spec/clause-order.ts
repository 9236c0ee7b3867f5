/** Clauses in the order of the document: numbers as numbers, then the appendices by their letters. */
export function compareClauses(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
  return Number.isNaN(left) ? a.localeCompare(b) : left - right;
}

/** Whether `clause` is `within` or one of its subclauses. */
export function clauseIsWithin(clause: string, within: string): boolean {
  return clause === within || clause.startsWith(`${within}.`);
}
