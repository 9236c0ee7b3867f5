/**
 * Sequence numbers of AKA (3GPP TS 33.102 Annex C): 48 bits, `SEQ || IND`. The index picks a slot of an array in the USIM, so that vectors which were
 * made in one order may be used in another.
 */

/** C.3: five bits. */
export const INDEX_BITS = 5;
const SLOTS = 2 ** INDEX_BITS;
/** C.2.1: a SEQ that is further ahead than this is refused, so that nobody can use the numbers up. */
export const SEQ_LIMIT = 2 ** 28;
const SQN_LIMIT = 2 ** 48;

export interface SequenceNumber {
  readonly seq: number;
  readonly index: number;
}

export function splitSqn(sqn: number): SequenceNumber {
  return { seq: Math.floor(sqn / SLOTS), index: sqn % SLOTS };
}

/** C.1.1.1, not based on time: SEQ and IND are one more than the last. */
export function nextSqn(last: number): number {
  const { seq, index } = splitSqn(last);
  return ((seq + 1) * SLOTS + ((index + 1) % SLOTS)) % SQN_LIMIT;
}

/** Six octets, most significant first. */
export function sqnOctets(sqn: number): Uint8Array {
  const octets = Buffer.alloc(6);
  octets.writeUIntBE(sqn, 0, 6);
  return new Uint8Array(octets);
}

export function sqnFrom(octets: Uint8Array): number {
  return Buffer.from(octets).readUIntBE(0, 6);
}

/** What a USIM remembers: the highest SEQ of each slot. */
export interface SqnMemory {
  readonly slots: readonly number[];
  /** SQN_MS: the highest that was ever accepted. */
  readonly highest: number;
}

export function sqnMemory(sqn = 0): SqnMemory {
  const { seq } = splitSqn(sqn);
  return { slots: Array.from({ length: SLOTS }, () => seq), highest: sqn };
}

/** C.2.2: the memory after `sqn`, or undefined where it is not fresh and the network must synchronise. */
export function acceptSqn(memory: SqnMemory, sqn: number): SqnMemory | undefined {
  const { seq, index } = splitSqn(sqn);
  if (seq <= (memory.slots[index] ?? 0)) return undefined;
  if (seq - splitSqn(memory.highest).seq > SEQ_LIMIT) return undefined;
  return { slots: memory.slots.with(index, seq), highest: Math.max(memory.highest, sqn) };
}
