/** Text in columns. */

/** Rows under a head, each column as wide as its longest cell; the last is cut to what `width` leaves. Ends with a line feed. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const all = head.length === 0 ? rows : [head, ...rows];
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...all.map((row) => row[column]?.length ?? 0)),
  );
  return all.map((row) => `  ${line(row, widths, width)}\n`).join("");
}

function line(row: readonly string[], widths: readonly number[], width: number): string {
  const before = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const taken = before.reduce((sum, cell) => sum + cell.length + 2, 2);
  return [...before, shortened(row.at(-1) ?? "", Math.max(width - taken, 20))].join("  ").trimEnd();
}

function shortened(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** In the order in which keys come first. */
export function groupedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly [string, readonly T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups];
}
