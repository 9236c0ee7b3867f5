/** Whole messages, for what is small: tests, traces, responses and reports. */
import { bytePosition } from "../reading-error.ts";
import { MsrpParseError } from "./error.ts";
import type { MsrpLimits } from "./limits.ts";
import type { MsrpFrame, MsrpHead } from "./message.ts";
import { createMsrpParser } from "./parser.ts";
import type { MsrpEvent } from "./parser.ts";

/** A message with its place in the stream, or the error that stands in its place. */
export type MsrpOutcome =
  | { readonly at: number; readonly frame: MsrpFrame }
  | { readonly at: number; readonly error: MsrpParseError; readonly transactionId?: string };

/** Puts messages together out of the events of a parser. Bodies are held: for a stream that may be long, read the events. */
export interface MsrpCollector {
  push(events: readonly MsrpEvent[]): MsrpOutcome[];
}

export function createMsrpCollector(): MsrpCollector {
  let current: { at: number; head: MsrpHead; body: Uint8Array[] } | undefined;
  const take = (event: MsrpEvent): MsrpOutcome[] => {
    if (event.kind === "head") current = { at: event.at, head: event.head, body: [] };
    if (event.kind === "body") current?.body.push(Uint8Array.from(event.bytes));
    if (event.kind === "error") {
      const { at, error, transactionId } = event;
      return [transactionId === undefined ? { at, error } : { at, error, transactionId }];
    }
    if (event.kind !== "end" || current === undefined) return [];
    const { at, head, body } = current;
    const { content, bodyBytes, flag } = event;
    return [{ at, frame: { head, content, bodyBytes, body: Buffer.concat(body), flag } }];
  };
  return { push: (events) => events.flatMap(take) };
}

/** All messages of a stream that has ended. */
export function readMsrpStream(bytes: Uint8Array, limits: Partial<MsrpLimits> = {}): MsrpOutcome[] {
  const parser = createMsrpParser(limits);
  const collector = createMsrpCollector();
  const found = collector.push(parser.push(bytes));
  const cut = parser.end();
  return cut === undefined ? found : [...found, ...collector.push([cut])];
}

/**
 * Reads one message, neither less nor more.
 *
 * @throws MsrpParseError
 */
export function parseMsrp(bytes: Uint8Array, limits: Partial<MsrpLimits> = {}): MsrpFrame {
  const parser = createMsrpParser(limits);
  const events = parser.push(bytes);
  const end = events.find((event) => event.kind === "end");
  const [first] = createMsrpCollector().push(events);
  const outcome =
    first ?? createMsrpCollector().push([parser.end()].filter((event) => event !== undefined))[0];
  if (outcome === undefined) throw misfit("empty", bytes, 0, "an MSRP message", "no bytes");
  if ("error" in outcome) throw outcome.error;
  if (end !== undefined && end.at < bytes.length)
    throw misfit("trailing-bytes", bytes, end.at, "one message", `${bytes.length - end.at} bytes behind it`);
  return outcome.frame;
}

function misfit(
  code: "empty" | "trailing-bytes",
  bytes: Uint8Array,
  offset: number,
  expected: string,
  actual: string,
): MsrpParseError {
  const clause = "RFC 4975 9 msrp-req-or-resp";
  return new MsrpParseError(code, { ...bytePosition(bytes, offset), clause, expected, actual });
}
