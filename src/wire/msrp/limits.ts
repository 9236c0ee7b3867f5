/**
 * How much a peer may send before the codec gives up on it. RFC 4975 bounds neither heads nor lines, so these are Scrim's own: far
 * above what a conforming implementation sends. A body has no limit, because it is never held.
 */
export interface MsrpLimits {
  /** Start line and header fields with their line ends, in bytes. */
  readonly headBytes: number;
  /** One line of the head without its line end, in bytes. */
  readonly lineBytes: number;
  /** Number of header fields. */
  readonly headers: number;
}

export const DEFAULT_MSRP_LIMITS: MsrpLimits = { headBytes: 65_536, lineBytes: 16_384, headers: 256 };
