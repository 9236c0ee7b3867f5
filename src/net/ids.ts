/**
 * Where identifiers come from: branches, tags, Call-IDs, MSRP transaction identifiers, tokens in bodies.
 * The real source is random, the one of the virtual network is seeded, so that two runs give the same bytes.
 */
export interface Ids {
  /** `length` characters of [0-9a-z], at least 64 bits of randomness from 13 characters on. */
  token(length?: number): string;
}
