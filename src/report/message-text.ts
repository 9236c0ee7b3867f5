/** A recorded message as pieces of text: what each piece is, whether it offends, whether it is hidden. */
import { endsOf, decodeBytes, isCut } from "../trace/bytes.ts";
import type { RecordedBytes } from "../trace/event.ts";
import { visible } from "./visible.ts";

/** Offsets in bytes; `to` is the byte after the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export type PieceKind = "start-line" | "name" | "value" | "body";

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
  readonly offending: boolean;
  /** The bytes are withheld, `text` says what they were. */
  readonly hidden: boolean;
}

export interface MessageTextOptions {
  /** Bytes to mark. */
  readonly marks?: readonly ByteRange[];
  readonly hideBody?: boolean;
}

/** The bytes in order. What is not UTF-8 is shown byte by byte in hexadecimal, lone CR and LF by name. */
export function messagePieces(recorded: RecordedBytes, options: MessageTextOptions = {}): readonly Piece[] {
  const marks = options.marks ?? [];
  const unmarked = marks.length === 0 && options.hideBody !== true;
  if (unmarked && "text" in recorded && !UNUSUAL.test(recorded.text)) return piecesOfUsual(recorded.text);
  return piecesOfAny(recorded, marks, options.hideBody ?? false);
}

// oxlint-disable-next-line no-control-regex -- what a line may not hold, and line ends by half
const UNUSUAL = /[^\t\n\r\u0020-\u007e]|\r(?!\n)|(?<!\r)\n/;

/** ASCII in whole lines, nothing marked and nothing hidden, as nearly all of a run is: the same pieces for a tenth of the work. */
function piecesOfUsual(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (kind: PieceKind, part: string): void => {
    if (part !== "") pieces.push({ kind, text: part.replaceAll("\r", ""), offending: false, hidden: false });
  };
  let from = 0;
  for (let to = text.indexOf("\n") + 1; to > 0; to = text.indexOf("\n", from) + 1) {
    const line = text.slice(from, to);
    const colon = from === 0 ? -1 : line.indexOf(":");
    if (colon >= 0) add("name", line.slice(0, colon));
    add(from === 0 ? "start-line" : "value", line.slice(Math.max(0, colon)));
    from = to;
    if (line === "\r\n") break;
  }
  add("body", text.slice(from));
  return pieces;
}

function piecesOfAny(
  recorded: RecordedBytes,
  marks: readonly ByteRange[],
  hideBody: boolean,
): readonly Piece[] {
  const bytes = decodeBytes(recorded);
  const lines = linesOf(bytes);
  const body: ByteRange = { from: lines.at(-1)?.to ?? 0, to: bytes.length };
  const cut = gapOf(recorded);
  const edges = [body, ...lines, ...marks, ...cut].flatMap(({ from, to }) => [from, to]);
  const borders = [...new Set([0, ...edges, bytes.length])]
    .filter((at) => at >= 0 && at <= bytes.length)
    .sort((a, b) => a - b);
  const kindAt = kindsInOrder(lines, body);
  return borders.slice(1).map((to, index) => {
    const from = borders[index] ?? 0;
    const kind = kindAt(from);
    const offending = covers(marks, from);
    if (covers(cut, from)) return withheld(kind, offending, `${to - from} bytes not kept`);
    if (hideBody && kind === "body") return withheld(kind, offending, `${to - from} bytes of body`);
    return { kind, text: textOf(bytes.subarray(from, to)), offending, hidden: false };
  });
}

function withheld(kind: PieceKind, offending: boolean, what: string): Piece {
  return { kind, text: `⟨${what}⟩`, offending, hidden: true };
}

interface LinePart extends ByteRange {
  readonly kind: "start-line" | "name" | "value";
}

const [CR, LF, COLON] = [13, 10, 58];

/** The start line, then name and value of each header field, up to and with the empty line. Bytes that are no message have none. */
function linesOf(bytes: Uint8Array): readonly LinePart[] {
  const parts: LinePart[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LF, from);
    if (end < 0) return parts;
    const to = end + 1;
    const colon = bytes.subarray(from, to).indexOf(COLON);
    if (from === 0) parts.push({ kind: "start-line", from, to });
    else if (colon < 0) parts.push({ kind: "value", from, to });
    else parts.push({ kind: "name", from, to: from + colon }, { kind: "value", from: from + colon, to });
    if (end === from || (end === from + 1 && bytes[from] === CR)) return parts;
    from = to;
  }
  return parts;
}

function gapOf(recorded: RecordedBytes): readonly ByteRange[] {
  if (!isCut(recorded)) return [];
  const { head, tail } = endsOf(recorded);
  return [{ from: head.length, to: recorded.length - tail.length }];
}

/** To be asked with offsets that never go back, so that a message of very many lines costs no more than its length. */
function kindsInOrder(lines: readonly LinePart[], body: ByteRange): (at: number) => PieceKind {
  let index = 0;
  return (at) => {
    if (at >= body.from) return "body";
    while ((lines[index]?.to ?? at + 1) <= at) index += 1;
    return lines[index]?.kind ?? "value";
  };
}

function covers(ranges: readonly ByteRange[], at: number): boolean {
  return ranges.some(({ from, to }) => at >= from && at < to);
}

function textOf(bytes: Uint8Array): string {
  const text = decoded(bytes);
  const lines = text.split("\r\n").map((line) => visible(line.replaceAll("\n", "␊")).replaceAll("␊", "␊\n"));
  return lines.join("\n");
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `⟨${hex(byte)}⟩`)).join("");
  }
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
