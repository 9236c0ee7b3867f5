/** How much of a MIME entity is read before it is refused. RFC 2045 and RFC 2046 set no bounds, so these are Scrim's own. */
export interface MimeLimits {
  /** Parts of one multipart body. A part that is multipart itself is read by another call, with parts of its own. */
  readonly parts: number;
  /** The header fields of one part, in bytes. */
  readonly headerBytes: number;
}

export const DEFAULT_MIME_LIMITS: MimeLimits = { parts: 100, headerBytes: 16_384 };
