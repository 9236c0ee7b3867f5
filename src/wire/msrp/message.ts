/**
 * An MSRP request or response as it stood on the wire (RFC 4975 9).
 *
 * The head is a value; the body is not part of it, because one may be too large to hold. `parser.ts` reads streams, `frame.ts` whole
 * messages, `serialize.ts` writes, `headers.ts` gives typed views of header fields, `validate.ts` lists what is wrong.
 */

/** One header field line, in the order in which it stood, with name and value as sent. */
export interface MsrpHeader {
  readonly name: string;
  /** Everything after the separator, white space at the end included. Bytes that are not UTF-8 are escaped as in `sip/text.ts`. */
  readonly value: string;
  /** What stood between the colon and the value: one space, if the sender follows RFC 4975 9. */
  readonly separator: string;
  /** Offset in bytes of the name in the message; -1 for a header that Scrim made. */
  readonly offset: number;
}

interface MsrpHeadBase {
  readonly transactionId: string;
  readonly headers: readonly MsrpHeader[];
}

export interface MsrpRequestHead extends MsrpHeadBase {
  readonly kind: "request";
  /** `SEND`, `REPORT`, `AUTH` (RFC 4976), `NICKNAME` (RFC 7701) or an extension. */
  readonly method: string;
}

export interface MsrpResponseHead extends MsrpHeadBase {
  readonly kind: "response";
  readonly status: number;
  readonly comment?: string;
}

export type MsrpHead = MsrpRequestHead | MsrpResponseHead;

/** RFC 4975 7.1: `$` ends the message, `+` says that more of it comes, `#` gives it up. */
export type MsrpFlag = "$" | "+" | "#";

/**
 * What stands between header fields and end-line: nothing; a body between an empty line and a CRLF of its own, even one of no bytes; or
 * an empty line alone, which no rule of RFC 4975 9 gives but implementations send.
 */
export type MsrpContent = "none" | "body" | "empty-line";

/** A request or response that has ended. */
export interface MsrpFrame {
  readonly head: MsrpHead;
  readonly content: MsrpContent;
  /** Bytes in the body. */
  readonly bodyBytes: number;
  /** The body, where whoever read the message held it. */
  readonly body?: Uint8Array;
  readonly flag: MsrpFlag;
}
