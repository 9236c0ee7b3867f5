export type AkaErrorCode =
  /** A key, a challenge or a token is not as long as it must be. */
  | "length"
  /** Not hexadecimal, or not base64. */
  | "encoding";

/** What is wrong with a value of AKA. */
export class AkaError extends Error {
  override readonly name = "AkaError";
  readonly code: AkaErrorCode;
  readonly expected: string;
  readonly actual: string;

  constructor(code: AkaErrorCode, expected: string, actual: string) {
    super(`expected ${expected}, got ${actual}`);
    this.code = code;
    this.expected = expected;
    this.actual = actual;
  }
}
