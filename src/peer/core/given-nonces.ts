/** The nonces that a registrar gave out, and how they may be used (RFC 7616 3.3, 5.5). */

export interface GivenNonces {
  /** `xres`: of AKA, what a USIM answers. */
  give(nonce: string, now: number, xres?: Uint8Array): void;
  xresOf(nonce: string): Uint8Array | undefined;
  /** Whether it is one that was given, fresh, and used with a count that grows; counts as a use of it. */
  use(nonce: string, count: number | undefined, now: number): boolean;
  /** Ends its use; false where it was not given. */
  end(nonce: string): boolean;
}

interface GivenNonce {
  readonly givenAt: number;
  readonly xres: Uint8Array | undefined;
  /** The highest count seen with it: a count that does not grow is a replay. */
  count: number;
}

/** How long a nonce may be used. Milliseconds. */
const NONCE_LIFETIME_MS = 300_000;

export function createGivenNonces(): GivenNonces {
  const nonces = new Map<string, GivenNonce>();

  function forgetOld(now: number): void {
    for (const [nonce, { givenAt }] of nonces) {
      if (now - givenAt <= NONCE_LIFETIME_MS) return;
      nonces.delete(nonce);
    }
  }

  return {
    give(nonce, now, xres) {
      forgetOld(now);
      nonces.set(nonce, { givenAt: now, count: 0, xres });
    },
    xresOf: (nonce) => nonces.get(nonce)?.xres,
    end: (nonce) => nonces.delete(nonce),
    use(nonce, count, now) {
      const given = nonces.get(nonce);
      if (given === undefined || now - given.givenAt > NONCE_LIFETIME_MS) return false;
      // RES stands for one challenge: without a count it proves something once (3GPP TS 33.203 6.1.1).
      if (count === undefined) return given.xres === undefined || nonces.delete(nonce);
      if (count <= given.count) return false;
      given.count = count;
      return true;
    },
  };
}
