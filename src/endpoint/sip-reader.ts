/** Bytes from a socket to SIP messages, each with the bytes it came from. */
import { SipParseError } from "../wire/sip/error.ts";
import { createSipFramer } from "../wire/sip/framer.ts";
import type { SipLimits } from "../wire/sip/limits.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { parseSip } from "../wire/sip/parse.ts";
import { createStreamReader, type Reading, type StreamReader } from "./stream-reader.ts";

export type SipReading = Reading<SipMessage, SipParseError>;

/** Undefined for what keeps a path open and says nothing: line ends alone (RFC 3261 7.5, RFC 5626 3.5.1), zeros, an empty datagram. */
export function readDatagram(bytes: Uint8Array, limits?: Partial<SipLimits>): SipReading | undefined {
  if (bytes.every((byte) => byte === 0 || byte === 0x0d || byte === 0x0a)) return undefined;
  try {
    return { bytes, message: parseSip(bytes, limits === undefined ? {} : { limits }) };
  } catch (error) {
    if (error instanceof SipParseError) return { bytes, error };
    throw error;
  }
}

/** `onPing`: see {@link createStreamReader}. */
export function createSipReader(
  limits: Partial<SipLimits> = {},
  onPing?: () => void,
): StreamReader<SipMessage, SipParseError> {
  const framer = createSipFramer(limits);
  const framing = {
    push: (chunk: Uint8Array) => framer.push(chunk),
    end: () => {
      const cut = framer.end();
      return cut === undefined ? [] : [cut];
    },
    lost: () => framer.broken !== undefined,
  };
  return createStreamReader<SipMessage, SipParseError>(framing, onPing);
}
