import { ReadingError } from "../reading-error.ts";

export type XmlErrorCode =
  | "not-well-formed"
  | "document-type"
  | "unsupported-encoding"
  | "too-large"
  | "too-deep"
  | "wrong-root"
  | "missing-element"
  | "missing-attribute"
  | "bad-value";

/** A document that a reader of this folder refuses. The column is that of the line's first byte where only the line is known. */
export class XmlReadError extends ReadingError<XmlErrorCode> {}

/** One departure, of well-formedness or from the schema. */
export interface XmlViolation {
  readonly code: XmlErrorCode | "schema";
  /** From 1. */
  readonly line: number;
  /** From 1; 0: unknown. */
  readonly column: number;
  readonly message: string;
  /** Where in the tree, as the schema validator names it. */
  readonly path?: string;
  readonly clause: string;
}
