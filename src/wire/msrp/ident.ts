/** Identifiers of transactions and messages (RFC 4975 9 `ident = ALPHANUM  3*31ident-char`). */

export const IDENT_CLAUSE = "RFC 4975 9 ident";
export const SHORTEST_IDENT = 4;
export const LONGEST_IDENT = 32;

const IDENT = /^[A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}$/;
const IDENT_CHARACTERS = /^[A-Za-z0-9][A-Za-z0-9.\-+%=]*$/;

/** Gives `length` characters of [0-9a-z]; `Ids.token` is one. */
export type TokenSource = (length: number) => string;

export function isIdent(text: string): boolean {
  return IDENT.test(text);
}

/** Whether a text is an identifier but for its length. */
export function hasIdentCharacters(text: string): boolean {
  return IDENT_CHARACTERS.test(text);
}

/** Characters of base 36 that hold more than the 64 bits which RFC 4975 7.1 asks for. */
const IDENT_LENGTH = 16;

/** A new transaction identifier or Message-ID, with 82 bits of what the source gives. */
export function newIdent(token: TokenSource): string {
  return token(IDENT_LENGTH);
}

/**
 * A new transaction identifier whose end-line does not stand in the body (RFC 4975 7.1). For a body that is at hand; a sender of a
 * stream looks with `createEndLineSearch` and interrupts the chunk.
 */
export function newTransactionIdFor(body: Uint8Array, token: TokenSource): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let ident = newIdent(token);
  while (bytes.includes(`-------${ident}`, 0, "latin1")) ident = newIdent(token);
  return ident;
}
