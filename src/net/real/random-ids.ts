import { randomFillSync } from "node:crypto";
import type { Ids } from "../ids.ts";
import { DEFAULT_TOKEN_LENGTH, TOKEN_ALPHABET } from "../ids-alphabet.ts";

/** Bytes above this are drawn again, so that each character is as likely as any other. */
const FAIR = 256 - (256 % TOKEN_ALPHABET.length);

/** Identifiers that nobody can guess. */
export function randomIds(): Ids {
  // Drawn in advance: a call for each character costs more than everything else.
  const pool = new Uint8Array(1024);
  let at = pool.length;
  const next = (): number => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += 1;
    return pool[at - 1] ?? 0;
  };
  return {
    token: (length = DEFAULT_TOKEN_LENGTH) => {
      let token = "";
      while (token.length < length) {
        const drawn = next();
        if (drawn < FAIR) token += TOKEN_ALPHABET.charAt(drawn % TOKEN_ALPHABET.length);
      }
      return token;
    },
  };
}
