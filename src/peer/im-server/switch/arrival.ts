/** Octets of a message in their order, whatever the order in which its chunks come (RFC 4975 7.3.1). */

export interface Arrival {
  /** What can be sent on now: copies that stay as they are. Octets that were there before are left out. */
  take(bytes: Uint8Array, at: number): readonly Uint8Array[];
  /** Octets that wait for others before them. */
  readonly held: number;
}

export function createArrival(): Arrival {
  let next = 1;
  let waiting: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const passOn = (): Uint8Array[] => {
    const ready: Uint8Array[] = [];
    waiting.sort((a, b) => a.at - b.at);
    for (const { at, bytes } of waiting) {
      if (at > next) break;
      const fresh = bytes.subarray(next - at);
      if (fresh.length > 0) ready.push(fresh);
      next += fresh.length;
    }
    waiting = waiting.filter(({ at, bytes }) => at + bytes.length > next);
    return ready;
  };
  return {
    take(bytes, at) {
      const kept = Uint8Array.from(bytes);
      if (at === next && waiting.length === 0) {
        next += kept.length;
        return [kept];
      }
      waiting.push({ at, bytes: kept });
      return passOn();
    },
    get held() {
      return waiting.reduce((octets, { bytes }) => octets + bytes.length, 0);
    },
  };
}
