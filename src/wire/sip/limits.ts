/**
 * How much a peer may send before the codec gives up on it. RFC 3261 sets no bounds, so these are Scrim's own: far above what a
 * conforming implementation sends, low enough that a hostile one costs neither time nor memory.
 */
export interface SipLimits {
  /** Start line and header fields with their line ends, in bytes. */
  readonly headBytes: number;
  /** One header field with its continuation lines, in bytes. */
  readonly headerBytes: number;
  /** Number of header fields. */
  readonly headers: number;
  /** The body, in bytes. */
  readonly bodyBytes: number;
}

export const DEFAULT_SIP_LIMITS: SipLimits = {
  headBytes: 65_536,
  headerBytes: 16_384,
  headers: 512,
  bodyBytes: 8_388_608,
};
