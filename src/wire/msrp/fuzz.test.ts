/** The corpus, mutated: however a stream is cut it gives the same messages and errors, each with a place inside, and each can be looked at. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { piecesOf, randomFrom } from "../../testdata/mutation.ts";
import { createMsrpConversation } from "./conversation.ts";
import { MsrpParseError, readOrMsrpError } from "./error.ts";
import { createMsrpCollector, readMsrpStream } from "./frame.ts";
import type { MsrpOutcome } from "./frame.ts";
import * as headers from "./headers.ts";
import { createMsrpParser } from "./parser.ts";
import { serializeMsrp } from "./serialize.ts";
import { formatMsrpPath, parseMsrpPath, parseMsrpUri } from "./uri.ts";
import { msrpViolations } from "./validate.ts";

const CASES = path.join(import.meta.dirname, "testdata", "cases");
const CORPUS = readdirSync(CASES)
  .map((file) => readFileSync(path.join(CASES, file)))
  .filter(({ length }) => length < 4096);
const WIDE = { headBytes: 4_194_304, lineBytes: 4_194_304, headers: 1_000_000 };

function readPieces(pieces: readonly Uint8Array[]): MsrpOutcome[] {
  const parser = createMsrpParser(WIDE);
  const collector = createMsrpCollector();
  const found = pieces.flatMap((piece) => collector.push(parser.push(piece)));
  const last = parser.end();
  return last === undefined ? found : [...found, ...collector.push([last])];
}

const shown = (outcome: MsrpOutcome): string =>
  "error" in outcome
    ? `${outcome.at} ${outcome.transactionId} ${outcome.error.code} ${outcome.error.offset}`
    : `${outcome.at} ${Buffer.from(serializeMsrp(outcome.frame)).toString("latin1")}`;

function read(bytes: Buffer): string | undefined {
  const whole = readMsrpStream(bytes, WIDE);
  const pieces = piecesOf(bytes, randomFrom(bytes.length), Math.max(60, bytes.length / 20));
  if (readPieces(pieces).map(shown).join() !== whole.map(shown).join()) return "depends on the pieces";
  const conversation = createMsrpConversation();
  for (const outcome of whole) {
    if ("error" in outcome) {
      if (outcome.at + outcome.error.offset > bytes.length) return "an error outside";
      continue;
    }
    const { frame } = outcome;
    readOrMsrpError(() => headers.byteRangeOf(frame.head));
    if (msrpViolations(frame).some(({ offset }) => offset > bytes.length)) return "a violation outside";
    conversation.observe("a", frame);
    conversation.observe("b", frame);
  }
  return undefined;
}

const start = "MSRP abcd SEND\r\nTo-Path: msrp://b:1/s;tcp\r\nFrom-Path: msrp://a:1/s;tcp\r\n";

describeBadInput(
  "a stream",
  {
    corpus: CORPUS,
    morsels: [
      "-------",
      "MSRP ",
      "\r\n-------abcd$\r\n",
      "To-Path: ",
      "Byte-Range: 1-*/*\r\n",
      "$",
      "+",
      "#",
      "*",
    ],
    read,
  },
  {
    rounds: 5000,
    around: [
      ["", ""],
      ["MSRP ", ""],
      [start, "\r\n-------abcd$\r\n"],
      [`${start}Content-Type: a/b;`, "\r\n\r\n\r\n-------abcd$\r\n"],
      [`${start}Message-ID: abcd\r\nContent-Type: a/b\r\n\r\n`, "\r\n-------abcd$\r\n"],
      ["MSRP abcd SEND\r\nTo-Path: ", "\r\n-------abcd$\r\n"],
      ["MSRP abcd SEND\r\nbroken\r\n", ""],
    ],
    repeated: [
      "\r\n-------",
      "\r\n-------abcd",
      "-------abcd$\r\n",
      "\r\n-------abc",
      "MSRP abcd SEND\r\n-------abcd$\r\n",
      "msrp://a:1/b;tcp ",
      "A: b\r\n",
    ],
  },
);

describeBadInput(
  "a path",
  {
    corpus: ["msrp://a.example.com:1/s;tcp msrps://[::1]:2/t;tcp;x=y", "msrp://u@h/s;tcp"],
    morsels: ["msrp://", ";tcp", "[", "@", "%41"],
    errors: [MsrpParseError],
    read(bytes) {
      const text = bytes.toString("latin1");
      const whole = readOrMsrpError(() => parseMsrpUri(text));
      const uris = parseMsrpPath(text);
      const again = formatMsrpPath(parseMsrpPath(formatMsrpPath(uris)));
      if (uris.length === 1 && whole instanceof MsrpParseError) return "a path of one that is no URI";
      return again === formatMsrpPath(uris) ? undefined : "read otherwise than it was written";
    },
  },
  {
    around: [
      ["", ""],
      ["msrp://", ""],
      ["msrp://a:1/b;tcp;", ""],
      ["msrp://[", "]:1/a;tcp"],
    ],
  },
);
