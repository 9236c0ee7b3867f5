/** Counts by key. */
export interface Counters {
  /** Adds one and gives the new count. */
  add(key: string): number;
  of(key: string): number;
  forget(key: string): void;
}

export function createCounters(): Counters {
  const counts = new Map<string, number>();
  return {
    add(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
    of: (key) => counts.get(key) ?? 0,
    forget: (key) => void counts.delete(key),
  };
}
