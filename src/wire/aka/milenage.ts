/**
 * MILENAGE (3GPP TS 35.206): the functions f1 to f5* by which a subscriber and the home network prove who they are, on AES-128.
 *
 * All values are octet strings of fixed length; a wrong length is an {@link AkaError} with code `length`.
 */
import { createCipheriv } from "node:crypto";
import { AkaError } from "./error.ts";

/** What subscriber and home network share, and what the operator puts in. */
export interface MilenageKeys {
  /** K, 16 bytes. */
  readonly k: Uint8Array;
  /** OPc, 16 bytes: OP as it is for this K (4.1). */
  readonly opc: Uint8Array;
}

/** Outputs that depend on RAND alone (4.1, f2 to f5 and f5*). */
export interface MilenageOutputs {
  /** f2: 8 bytes. */
  readonly res: Uint8Array;
  /** f3, confidentiality key: 16 bytes. */
  readonly ck: Uint8Array;
  /** f4, integrity key: 16 bytes. */
  readonly ik: Uint8Array;
  /** f5, anonymity key: 6 bytes. */
  readonly ak: Uint8Array;
  /** f5*, anonymity key of resynchronisation: 6 bytes. */
  readonly akStar: Uint8Array;
}

/** Outputs that authenticate a sequence number (4.1, f1 and f1*), 8 bytes each. */
export interface MilenageMacs {
  /** f1: MAC-A. */
  readonly macA: Uint8Array;
  /** f1*: MAC-S. */
  readonly macS: Uint8Array;
}

export const KEY_BYTES = 16;
export const RAND_BYTES = 16;
export const SQN_BYTES = 6;
export const AMF_BYTES = 2;
export const MAC_BYTES = 8;

/** 4.1: `OPc = OP xor E[OP]K`. */
export function opcFrom(k: Uint8Array, op: Uint8Array): Uint8Array {
  checkLength("K", k, KEY_BYTES);
  checkLength("OP", op, KEY_BYTES);
  return xor(op, encrypt(k, op));
}

/** f2, f3, f4, f5 and f5*. */
export function milenageOutputs(keys: MilenageKeys, rand: Uint8Array): MilenageOutputs {
  const temp = tempOf(keys, rand);
  const out2 = outOf(keys, temp, 0, 1);
  return {
    res: out2.slice(8),
    ak: out2.slice(0, 6),
    ck: outOf(keys, temp, 4, 2),
    ik: outOf(keys, temp, 8, 4),
    akStar: outOf(keys, temp, 12, 8).slice(0, 6),
  };
}

/** f1 and f1*. */
export function milenageMacs(
  keys: MilenageKeys,
  rand: Uint8Array,
  sqn: Uint8Array,
  amf: Uint8Array,
): MilenageMacs {
  checkLength("SQN", sqn, SQN_BYTES);
  checkLength("AMF", amf, AMF_BYTES);
  const in1 = Uint8Array.of(...sqn, ...amf, ...sqn, ...amf);
  // r1 is 64 bits, c1 is 0.
  const out1 = xor(encrypt(keys.k, xor(tempOf(keys, rand), rotated(xor(in1, keys.opc), 8))), keys.opc);
  return { macA: out1.slice(0, 8), macS: out1.slice(8) };
}

/** `TEMP = E[RAND xor OPc]K` */
function tempOf({ k, opc }: MilenageKeys, rand: Uint8Array): Uint8Array {
  checkLength("K", k, KEY_BYTES);
  checkLength("OPc", opc, KEY_BYTES);
  checkLength("RAND", rand, RAND_BYTES);
  return encrypt(k, xor(rand, opc));
}

/** `OUTn = E[rot(TEMP xor OPc, rn) xor cn]K xor OPc`; the constants c2 to c5 are in their last octet. */
function outOf(
  { k, opc }: MilenageKeys,
  temp: Uint8Array,
  rotateBytes: number,
  constant: number,
): Uint8Array {
  const block = rotated(xor(temp, opc), rotateBytes);
  block[15] = (block[15] ?? 0) ^ constant;
  return xor(encrypt(k, block), opc);
}

/** Cyclically, towards the most significant end. */
function rotated(block: Uint8Array, bytes: number): Uint8Array {
  return Uint8Array.of(...block.subarray(bytes), ...block.subarray(0, bytes));
}

function encrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(block));
}

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ (b[index] ?? 0));
}

export function checkLength(name: string, value: Uint8Array, bytes: number): void {
  if (value.length === bytes) return;
  throw new AkaError("length", `${name} of ${bytes} bytes`, `${value.length} bytes`);
}
