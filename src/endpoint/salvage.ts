/** What can still be read of a request that cannot be parsed: enough to answer it with 400. */
import { sipRequest, sipResponse, type HeaderPair } from "../wire/sip/build.ts";
import { SipParseError } from "../wire/sip/error.ts";
import type { SipResponse } from "../wire/sip/message.ts";

/** RFC 3261 8.2.6.2: what a response takes from its request. */
const NEEDED: ReadonlyMap<string, string> = new Map([
  ["via", "Via"],
  ["v", "Via"],
  ["from", "From"],
  ["f", "From"],
  ["to", "To"],
  ["t", "To"],
  ["call-id", "Call-ID"],
  ["i", "Call-ID"],
  ["cseq", "CSeq"],
]);

/** The head of no request that deserves an answer is longer. */
const READ_BYTES = 65_536;

/**
 * The 400 for bytes that are not a message (RFC 3261 18.3, 21.4.1); undefined where none may be sent: for a response, an ACK, or a request
 * whose addressing is lost as well.
 */
export function badRequestFor(bytes: Uint8Array, toTag: string): SipResponse | undefined {
  const head = Buffer.from(bytes.subarray(0, READ_BYTES))
    .toString("utf8")
    .replace(/^[\r\n]+/, "");
  const lines = head.split(/\r\n(?![ \t])/);
  const method = /^([A-Za-z0-9\-.!%*_+`'~]+) .*SIP\/\d+\.\d+ *$/i.exec(lines[0] ?? "")?.[1];
  if (method === undefined || method === "ACK" || method.toUpperCase().startsWith("SIP/")) return undefined;
  const headers = lines.slice(1, headLength(lines)).flatMap(neededField);
  const found = new Set(headers.map(([name]) => name));
  if (["Via", "From", "To", "Call-ID", "CSeq"].some((name) => !found.has(name))) return undefined;
  return buildable(() =>
    sipResponse(sipRequest({ method, uri: "sip:invalid", headers }), 400, undefined, { toTag }),
  );
}

function headLength(lines: readonly string[]): number {
  const empty = lines.indexOf("");
  return empty === -1 ? lines.length : empty;
}

function neededField(line: string): HeaderPair[] {
  const colon = line.indexOf(":");
  const name = NEEDED.get(line.slice(0, Math.max(0, colon)).trim().toLowerCase());
  return name === undefined
    ? []
    : [
        [
          name,
          line
            .slice(colon + 1)
            .replace(/\r\n[ \t]+/g, " ")
            .trim(),
        ],
      ];
}

/** Values with stray line ends or zeros cannot be sent back. */
function buildable(build: () => SipResponse): SipResponse | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}
