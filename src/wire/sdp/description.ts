/**
 * A session description as it stood on the wire (RFC 4566 5): lines in their order, unknown attributes and all. `parse.ts` reads, `lines.ts`
 * gives typed views, `serialize.ts` writes.
 */

/** One line, `type=value`. */
export interface SdpLine {
  /** One letter; empty for a line that had none and was tolerated. */
  readonly type: string;
  /** Bytes that are not UTF-8 are escaped as in `sip/text.ts`. */
  readonly value: string;
  /** Offset in bytes of the line in the description; -1 for one that Scrim made. */
  readonly offset: number;
}

/** The lines of one level: of the session, or of a medium from its m= line on. */
export interface SdpSection {
  readonly lines: readonly SdpLine[];
}

export interface SdpDescription extends SdpSection {
  readonly media: readonly SdpSection[];
}
