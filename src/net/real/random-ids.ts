import { randomInt } from "node:crypto";
import type { Ids } from "../ids.ts";
import { DEFAULT_TOKEN_LENGTH, TOKEN_ALPHABET } from "../ids-alphabet.ts";

/** Identifiers that nobody can guess. */
export function randomIds(): Ids {
  return {
    token: (length = DEFAULT_TOKEN_LENGTH) =>
      Array.from({ length }, () => TOKEN_ALPHABET.charAt(randomInt(TOKEN_ALPHABET.length))).join(""),
  };
}
