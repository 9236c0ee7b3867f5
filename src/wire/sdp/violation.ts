/** What is wrong with a session description that can be read, or with an answer to an offer. */
export type SdpViolationCode =
  | "attribute-syntax"
  | "attribute-missing"
  | "attribute-repeated"
  | "attribute-forbidden"
  | "format-list"
  | "path-port"
  | "path-host"
  | "path-scheme"
  | "setup-value"
  /** The rest are of answers and of later offers. */
  | "origin"
  | "time"
  | "media-count"
  | "media-type"
  | "protocol"
  | "rejected-port"
  | "direction"
  | "setup-answer"
  | "no-common-type"
  | "file-transfer-id";

export interface SdpViolation {
  readonly code: SdpViolationCode;
  /** Index of the medium, from 0; -1 for the session. */
  readonly media: number;
  /** Offset in bytes of the line; -1 where there is none, or Scrim made it. */
  readonly offset: number;
  /** What was expected and what came. */
  readonly message: string;
  readonly clause: string;
}
