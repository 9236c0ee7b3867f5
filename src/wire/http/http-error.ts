import { bytePosition, excerpt, ReadingError } from "../reading-error.ts";

export type HttpErrorCode =
  | "start-line"
  | "version"
  | "header"
  | "line-end"
  | "headers-too-large"
  | "content-length"
  | "transfer-encoding"
  | "chunk"
  | "body-too-large"
  | "cut-short";

/** Status with which a server answers a request that it cannot read (RFC 7230 3). */
const STATUS: Readonly<Record<HttpErrorCode, number>> = {
  "start-line": 400,
  version: 505,
  header: 400,
  "line-end": 400,
  "headers-too-large": 431,
  "content-length": 400,
  "transfer-encoding": 501,
  chunk: 400,
  "body-too-large": 413,
  "cut-short": 400,
};

/** A stream that is not HTTP/1.1. What follows on that connection cannot be read: answer if you are the server, and close. */
export class HttpParseError extends ReadingError<HttpErrorCode> {
  get status(): number {
    return STATUS[this.code];
  }
}

export interface HttpComplaint {
  readonly code: HttpErrorCode;
  readonly expected: string;
  /** Absent: a quotation of the bytes at the offset. */
  readonly found?: string;
  readonly clause: string;
  readonly remedy: string;
}

/** Offsets are those of the bytes given: a head, or one chunk line. */
export function httpError(bytes: Uint8Array, offset: number, complaint: HttpComplaint): HttpParseError {
  return new HttpParseError("HTTP", {
    ...complaint,
    position: bytePosition(bytes, offset),
    found: complaint.found ?? excerpt(bytes, offset),
  });
}
