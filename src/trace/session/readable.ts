/** What a SUT sent may be anything: readings that fail are values here, and not exceptions. */
import { ParseError } from "../../wire/parse-error.ts";
import { ReadingError } from "../../wire/reading-error.ts";

/** Why something could not be read. */
export interface Unreadable {
  readonly unreadable: string;
}

/** What `read` gives, or why it could not. Errors that are not of a reader are Scrim's own and go on. */
export function readable<T>(read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError || error instanceof ReadingError) return { unreadable: error.message };
    throw error;
  }
}

export function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === "object" && value !== null && "unreadable" in value;
}

/** What `read` gives; undefined when it could not be read. */
export function readableOr<T, D>(read: () => T, otherwise: D): T | D {
  const found = readable(read);
  return isUnreadable(found) ? otherwise : found;
}

/** Computes a value when it is asked for, and once. */
export function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
