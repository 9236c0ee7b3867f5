/**
 * Authentication and key agreement (3GPP TS 33.102 6.3) on both sides: the home network makes vectors and takes a resynchronisation, the USIM checks a
 * challenge and answers. Nothing here keeps state: what changes is given back.
 */
import {
  AMF_BYTES,
  checkLength,
  MAC_BYTES,
  milenageMacs,
  milenageOutputs,
  RAND_BYTES,
  SQN_BYTES,
  xor,
  type MilenageKeys,
} from "./milenage.ts";
import { sameOctets } from "./octets.ts";
import { acceptSqn, sqnFrom, sqnOctets, type SqnMemory } from "./sequence-number.ts";

export const AUTN_BYTES = SQN_BYTES + AMF_BYTES + MAC_BYTES;
export const AUTS_BYTES = SQN_BYTES + MAC_BYTES;
/** 6.3.3: the AMF of a resynchronisation, so that it need not be sent. */
const RESYNCHRONISATION_AMF = Uint8Array.of(0, 0);

/** Figure 7. */
export interface AuthenticationVector {
  readonly rand: Uint8Array;
  readonly xres: Uint8Array;
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
  /** `(SQN xor AK) || AMF || MAC` */
  readonly autn: Uint8Array;
}

/** 6.3.2 */
export function authenticationVector(
  keys: MilenageKeys,
  rand: Uint8Array,
  sqn: number,
  amf: Uint8Array,
): AuthenticationVector {
  const octets = sqnOctets(sqn);
  const { res, ck, ik, ak } = milenageOutputs(keys, rand);
  const { macA } = milenageMacs(keys, rand, octets, amf);
  return { rand, xres: res, ck, ik, autn: Uint8Array.of(...xor(octets, ak), ...amf, ...macA) };
}

/** 6.3.5: SQN_MS of an AUTS whose MAC-S is right; undefined where it is not, and nothing must change. */
export function resynchronised(keys: MilenageKeys, rand: Uint8Array, auts: Uint8Array): number | undefined {
  checkLength("AUTS", auts, AUTS_BYTES);
  const octets = xor(auts.slice(0, SQN_BYTES), milenageOutputs(keys, rand).akStar);
  const { macS } = milenageMacs(keys, rand, octets, RESYNCHRONISATION_AMF);
  return sameOctets(macS, auts.subarray(SQN_BYTES)) ? sqnFrom(octets) : undefined;
}

export type UsimAnswer =
  | {
      readonly kind: "response";
      readonly res: Uint8Array;
      readonly ck: Uint8Array;
      readonly ik: Uint8Array;
      readonly memory: SqnMemory;
      readonly amf: Uint8Array;
    }
  /** The sequence number is not fresh. */
  | { readonly kind: "synchronisation-failure"; readonly auts: Uint8Array; readonly sqn: number }
  /** The challenge is not from the home network. */
  | { readonly kind: "mac-failure" };

/** 6.3.3: what the USIM makes of a challenge. Throws {@link AkaError} where it has not the right length. */
export function usimAnswer(
  keys: MilenageKeys,
  memory: SqnMemory,
  rand: Uint8Array,
  autn: Uint8Array,
): UsimAnswer {
  checkLength("RAND", rand, RAND_BYTES);
  checkLength("AUTN", autn, AUTN_BYTES);
  const { res, ck, ik, ak } = milenageOutputs(keys, rand);
  const octets = xor(autn.slice(0, SQN_BYTES), ak);
  const amf = autn.slice(SQN_BYTES, SQN_BYTES + AMF_BYTES);
  const { macA } = milenageMacs(keys, rand, octets, amf);
  if (!sameOctets(macA, autn.subarray(SQN_BYTES + AMF_BYTES))) return { kind: "mac-failure" };
  const sqn = sqnFrom(octets);
  const next = acceptSqn(memory, sqn);
  if (next === undefined)
    return { kind: "synchronisation-failure", auts: autsFor(keys, rand, memory.highest), sqn };
  return { kind: "response", res, ck, ik, memory: next, amf };
}

/** 6.3.3 Figure 9: `(SQN_MS xor AK*) || MAC-S` */
export function autsFor(keys: MilenageKeys, rand: Uint8Array, sqn: number): Uint8Array {
  const octets = sqnOctets(sqn);
  const { macS } = milenageMacs(keys, rand, octets, RESYNCHRONISATION_AMF);
  return Uint8Array.of(...xor(octets, milenageOutputs(keys, rand).akStar), ...macS);
}
