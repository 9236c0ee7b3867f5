/**
 * Bytes to a session description (RFC 4566 5 and 9). Strict: the first departure is thrown, `sdpErrors` lists them all, and what a caller
 * is willing to overlook it names by its code.
 */
import { decodeBytes } from "../sip/text.ts";
import type { SdpDescription, SdpLine, SdpSection } from "./description.ts";
import { excerpt, readOrSdpError, SdpParseError } from "./error.ts";
import type { SdpParseErrorCode } from "./error.ts";
import { LINE_READERS } from "./lines.ts";
import { createLineOrder } from "./order.ts";

/** RFC 4566 sets no bounds; these are Scrim's own. */
export interface SdpLimits {
  readonly bytes: number;
  readonly lines: number;
}

export const DEFAULT_SDP_LIMITS: SdpLimits = { bytes: 65_536, lines: 1024 };

export interface ParseSdpOptions {
  /** Departures to overlook. RFC 4566 5 recommends `line-end`, for lines that end with LF alone. Limits cannot be overlooked. */
  readonly tolerate?: readonly SdpParseErrorCode[];
  readonly limits?: Partial<SdpLimits>;
}

/** @throws SdpParseError */
export function parseSdp(bytes: Uint8Array, options: ParseSdpOptions = {}): SdpDescription {
  const tolerated = new Set(options.tolerate);
  return read(bytes, { ...DEFAULT_SDP_LIMITS, ...options.limits }, (error) => {
    if (!tolerated.has(error.code)) throw error;
  });
}

/** Every departure from RFC 4566, in the order of the lines; empty for a conforming description. */
export function sdpErrors(bytes: Uint8Array, limits: Partial<SdpLimits> = {}): SdpParseError[] {
  const found: SdpParseError[] = [];
  const fatal = readOrSdpError(() =>
    read(bytes, { ...DEFAULT_SDP_LIMITS, ...limits }, (error) => {
      found.push(error);
    }),
  );
  return fatal instanceof SdpParseError ? [...found, fatal] : found;
}

type Report = (error: SdpParseError) => void;

/** A line with its place. */
interface PlacedLine {
  readonly text: string;
  readonly offset: number;
  /** From 1. */
  readonly number: number;
}

function placedError(
  code: SdpParseErrorCode,
  line: PlacedLine,
  index: number,
  clause: string,
  expected: string,
  actual = excerpt(line.text.slice(index)),
): SdpParseError {
  const place = { offset: line.offset + index, line: line.number, column: index + 1 };
  return new SdpParseError(code, { ...place, clause, expected, actual });
}

function read(bytes: Uint8Array, limits: SdpLimits, report: Report): SdpDescription {
  const start = { text: "", offset: 0, number: 1 };
  const clause = "RFC 4566 9 session-description";
  if (bytes.length === 0) throw placedError("empty", start, 0, clause, "a session description", "no bytes");
  if (bytes.length > limits.bytes) {
    const expected = `at most ${limits.bytes} bytes`;
    throw placedError("too-large", start, 0, "Scrim's limits", expected, `${bytes.length}`);
  }
  const session: SdpLine[] = [];
  const media: SdpLine[][] = [];
  const order = createLineOrder();
  let end: PlacedLine = start;
  for (const placed of placedLines(bytes, limits, report)) {
    end = placed;
    const line = readLine(placed, report);
    for (const fault of order.next(line.type))
      report(placedError(fault.code, placed, 0, fault.clause, fault.expected));
    if (line.type === "m") media.push([]);
    (media.at(-1) ?? session).push(line);
  }
  for (const fault of order.end())
    report(placedError(fault.code, end, end.text.length, fault.clause, fault.expected, "the end"));
  return { lines: session, media: media.map((lines): SdpSection => ({ lines })) };
}

const LF = 0x0a;
const LINE_END = "RFC 4566 5, 9 CRLF";

/** The lines without their line ends; a NUL or CR inside one is reported. */
function* placedLines(bytes: Uint8Array, limits: SdpLimits, report: Report): Generator<PlacedLine> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (let number = 1; offset < buffer.length; number += 1) {
    const lineFeed = buffer.indexOf(LF, offset);
    const raw = buffer.toString("latin1", offset, lineFeed === -1 ? buffer.length : lineFeed);
    const text = lineFeed !== -1 && raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const line = { text, offset, number };
    if (number > limits.lines)
      throw placedError("too-many-lines", line, 0, "Scrim's limits", `at most ${limits.lines} lines`);
    if (lineFeed === -1 || text === raw)
      report(
        placedError("line-end", line, text.length, LINE_END, "CRLF", lineFeed === -1 ? "the end" : "LF"),
      );
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    const control = text.search(/[\u0000\r]/);
    if (control !== -1)
      report(placedError("control-character", line, control, "RFC 4566 9 byte-string", "neither NUL nor CR"));
    yield line;
    offset = lineFeed === -1 ? buffer.length : lineFeed + 1;
  }
}

/** `<type>=<value>`, without white space around the equals sign (RFC 4566 5). */
function readLine(placed: PlacedLine, report: Report): SdpLine {
  const found = /^([A-Za-z])=(.*)$/s.exec(placed.text);
  if (found?.[1] === undefined) {
    report(placedError("line-syntax", placed, 0, "RFC 4566 5", "a letter, an equals sign and a value"));
    return { type: "", value: decodeBytes(placed.text), offset: placed.offset };
  }
  const type = found[1];
  const reader = LINE_READERS.get(type);
  // The grammar is looked at with one character per byte, so that places in it are places in the bytes.
  const error = readOrSdpError(() => reader?.({ type, value: found[2] ?? "", offset: placed.offset }));
  if (error instanceof SdpParseError) {
    const { code, clause, expected, actual } = error;
    report(placedError(code, placed, error.offset - placed.offset, clause, expected, actual));
  }
  return { type, value: decodeBytes(found[2] ?? ""), offset: placed.offset };
}
