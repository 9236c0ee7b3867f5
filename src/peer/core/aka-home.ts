/** The home network's side of AKA: a challenge for each attempt, sequence numbers per subscriber (3GPP TS 33.102 6.3, TS 24.229 5.4.1.2). */
import { createHash } from "node:crypto";
import type { Ids } from "../../net/ids.ts";
import { AkaError } from "../../wire/aka/error.ts";
import { authenticationVector, resynchronised } from "../../wire/aka/agreement.ts";
import { RAND_BYTES } from "../../wire/aka/milenage.ts";
import { hexOf } from "../../wire/aka/octets.ts";
import { nextSqn } from "../../wire/aka/sequence-number.ts";
import type { AkaSubscription } from "../../wire/aka/subscription.ts";
import { formatAkaNonce, parseAuts, parseAkaNonce } from "../../wire/sip/aka-digest.ts";

export interface AkaChallenge {
  readonly nonce: string;
  readonly xres: Uint8Array;
  /** In hexadecimal digits. */
  readonly ik: string;
  readonly ck: string;
}

export interface AkaHome {
  challenge(impi: string, subscription: AkaSubscription): AkaChallenge;
  /** Takes the AUTS that answered a nonce; false where it is not the subscriber's, and nothing changes. */
  resynchronise(impi: string, subscription: AkaSubscription, nonce: string, auts: string): boolean;
}

export function createAkaHome(ids: Ids): AkaHome {
  const lastSqn = new Map<string, number>();
  return {
    challenge(impi, subscription) {
      const rand = new Uint8Array(
        createHash("sha256").update(ids.token(32)).digest().subarray(0, RAND_BYTES),
      );
      const sqn = nextSqn(lastSqn.get(impi) ?? subscription.sqn);
      lastSqn.set(impi, sqn);
      const { autn, xres, ik, ck } = authenticationVector(subscription, rand, sqn, subscription.amf);
      return { nonce: formatAkaNonce({ rand, autn }), xres, ik: hexOf(ik), ck: hexOf(ck) };
    },
    resynchronise(impi, subscription, nonce, auts) {
      const sqn = sqnIn(subscription, nonce, auts);
      if (sqn === undefined) return false;
      lastSqn.set(impi, sqn);
      return true;
    },
  };
}

function sqnIn(subscription: AkaSubscription, nonce: string, auts: string): number | undefined {
  try {
    return resynchronised(subscription, parseAkaNonce(nonce).rand, parseAuts(auts));
  } catch (error) {
    if (error instanceof AkaError) return undefined;
    throw error;
  }
}
