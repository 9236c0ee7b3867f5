import { bytePosition, excerpt, ReadingError } from "../reading-error.ts";

export type CpimErrorCode =
  | "bad-header"
  | "bad-line-end"
  | "control-character"
  | "not-utf8"
  | "bad-namespace"
  | "undeclared-prefix"
  | "missing-blank-line"
  | "missing-content-type"
  | "bad-content-headers"
  | "headers-too-large"
  | "bad-address";

/** A Message/CPIM object that cannot be read or must not be written (RFC 3862). */
export class CpimError extends ReadingError<CpimErrorCode> {}

export interface CpimComplaint {
  readonly code: CpimErrorCode;
  readonly expected: string;
  /** Absent: a quotation of the bytes at the offset. */
  readonly found?: string;
  readonly clause: string;
  readonly remedy: string;
}

export function cpimError(bytes: Uint8Array, offset: number, complaint: CpimComplaint): CpimError {
  return new CpimError("CPIM", {
    ...complaint,
    position: bytePosition(bytes, offset),
    found: complaint.found ?? excerpt(bytes, offset),
  });
}
