import type { WireError } from "./crossing.ts";

/** What a parser threw, as the tap tells it. Anything else than a parser's error is thrown on: it is a mistake of Scrim's. */
export function wireErrorOf(error: unknown): WireError {
  if (isWireError(error)) return { code: error.code, offset: error.offset, message: error.message };
  throw error;
}

function isWireError(error: unknown): error is WireError & Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "offset" in error;
}
