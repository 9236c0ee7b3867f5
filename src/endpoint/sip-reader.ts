/** Bytes from a socket to messages, each with the bytes it came from. */
import { SipParseError } from "../wire/sip/error.ts";
import { createSipFramer } from "../wire/sip/framer.ts";
import type { SipLimits } from "../wire/sip/limits.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { parseSip, skipLineEnds } from "../wire/sip/parse.ts";

export type Reading = { readonly bytes: Uint8Array } & (
  { readonly message: SipMessage } | { readonly error: SipParseError }
);

/** Undefined for what keeps a path open and says nothing: line ends alone (RFC 3261 7.5, RFC 5626 3.5.1), zeros, an empty datagram. */
export function readDatagram(bytes: Uint8Array, limits?: Partial<SipLimits>): Reading | undefined {
  if (bytes.every((byte) => byte === 0 || byte === 0x0d || byte === 0x0a)) return undefined;
  try {
    return { bytes, message: parseSip(bytes, limits === undefined ? {} : { limits }) };
  } catch (error) {
    if (error instanceof SipParseError) return { bytes, error };
    throw error;
  }
}

export interface SipReader {
  push(bytes: Uint8Array): Reading[];
  /** What the stream left unfinished when it ended. */
  end(): Reading[];
  /** Set after an error: nothing that follows can be read. */
  readonly lost: boolean;
}

export function createSipReader(limits: Partial<SipLimits> = {}): SipReader {
  const framer = createSipFramer(limits);
  // The framer's errors do not bring their bytes; what it was given since the last message is kept for that.
  let recent: Uint8Array[] = [];

  const readingsOf = (items: readonly (SipMessage | SipParseError)[]): Reading[] => {
    if (items.length === 0) return [];
    const given = Buffer.concat(recent);
    let from = 0;
    const readings = items.map((item, index): Reading => {
      if (!(item instanceof SipParseError)) {
        const bytes = item.received ?? new Uint8Array(0);
        from = Math.max(from, given.indexOf(bytes, from)) + bytes.length;
        return { bytes, message: item };
      }
      return {
        bytes: given.subarray(skipLineEndsFrom(given, from), endOf(items.slice(index + 1), given, from)),
        error: item,
      };
    });
    recent = from < given.length && framer.broken === undefined ? [given.subarray(from)] : [];
    return readings;
  };

  return {
    get lost() {
      return framer.broken !== undefined;
    },
    push: (bytes) => {
      if (framer.broken !== undefined) return [];
      recent.push(bytes);
      return readingsOf(framer.push(bytes));
    },
    end: () => {
      const cut = framer.end();
      return cut === undefined ? [] : readingsOf([cut]);
    },
  };
}

/** What could not be read ends where the next message that could starts, or with what was given. */
function endOf(following: readonly (SipMessage | SipParseError)[], given: Buffer, from: number): number {
  const next = following.find((item) => !(item instanceof SipParseError));
  if (next === undefined || next instanceof SipParseError || next.received === undefined) return given.length;
  return given.indexOf(next.received, from);
}

function skipLineEndsFrom(bytes: Uint8Array, from: number): number {
  return from + skipLineEnds(bytes.subarray(from));
}
