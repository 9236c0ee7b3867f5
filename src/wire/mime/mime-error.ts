import { bytePosition, excerpt, ReadingError } from "../reading-error.ts";

export type MimeErrorCode =
  | "bad-media-type"
  | "bad-parameter"
  | "missing-boundary"
  | "bad-boundary"
  | "boundary-not-found"
  | "malformed-delimiter"
  | "missing-end-boundary"
  | "too-many-parts"
  | "bad-header"
  | "bad-line-end"
  | "headers-too-large"
  | "boundary-in-part";

/** A MIME entity that cannot be read (RFC 2045, RFC 2046). */
export class MimeError extends ReadingError<MimeErrorCode> {}

export interface MimeComplaint {
  readonly code: MimeErrorCode;
  readonly expected: string;
  /** Absent: a quotation of the bytes at the offset. */
  readonly found?: string;
  readonly clause: string;
  readonly remedy: string;
}

/** The error for what stands at `offset` of `bytes`. */
export function mimeError(bytes: Uint8Array, offset: number, complaint: MimeComplaint): MimeError {
  return new MimeError("MIME", {
    ...complaint,
    position: bytePosition(bytes, offset),
    found: complaint.found ?? excerpt(bytes, offset),
  });
}
