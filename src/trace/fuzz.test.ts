/** Run records and flows, mutated; what a record holds that could be read is also shown and written as a capture. */
import { readFileSync } from "node:fs";
import { describeBadInput } from "../testdata/bad-input.ts";
import { piecesOf, randomFrom } from "../testdata/mutation.ts";
import { readCrossings } from "./crossings.ts";
import { FlowError, parseFlow } from "./flow.ts";
import { createRunReader, encodeEvent, readRunBytes, RunRecordError } from "./ndjson.ts";
import { pcapngOf } from "./pcapng.ts";
import {
  closing,
  crossed,
  opening,
  placed,
  requestText,
  responseText,
  runOpened,
} from "./testdata/events.ts";

const record = placed([
  runOpened,
  ...opening(),
  crossed("alice", "core", "core", requestText({ body: "Grüße \u2028 \ud83d\ude00" })),
  crossed("core", "alice", "core", responseText("200 OK"), { transport: "tcp" }),
  crossed("alice", "core", "core", new Uint8Array([0xff, 0, 1]), { protocol: "http", transport: "tcp" }),
  crossed("alice", "core", "core", new Uint8Array(5000).fill(0x20), { protocol: "msrp", transport: "tls" }),
  closing(),
  { type: "run-closed", how: "complete" },
])
  .map(encodeEvent)
  .join("");

const MORSELS = [
  '"',
  "\\u0000",
  "{}",
  "[]",
  "null",
  "1e400",
  "\n",
  '"seq":',
  '"type":"crossed"',
  '"at":-1',
  '"bytes":',
];

function read(bytes: Buffer): void {
  const whole = readRunBytes(bytes);
  const reader = createRunReader();
  for (const piece of piecesOf(bytes, randomFrom(bytes.length), Math.max(60, bytes.length / 20)))
    reader.push(piece);
  reader.end();
  readCrossings(whole.events);
  pcapngOf(whole.events);
}

const firstLine = `${record.split("\n")[0]}\n`;
const secondLine = `${record.split("\n")[5]}\n`;

describeBadInput(
  "a run record",
  { corpus: [record], morsels: MORSELS, errors: [RunRecordError], read },
  {
    rounds: 800,
    around: [
      ["", ""],
      [firstLine, "\n"],
      [`${firstLine}{"a":`, "\n"],
      [`${firstLine}{"a":"`, '"}\n'],
      [secondLine.slice(0, -3), "\n"],
    ],
    repeated: ["[", '{"a":', '"a",', '{"a":1}\n', "\\u0041", "1,"],
    bytes: 20_000,
  },
);

const flowText = readFileSync(new URL("../../scenarios/flows/D.3.yaml", import.meta.url), "utf8");

describeBadInput(
  "a flow",
  {
    corpus: [flowText.slice(0, 1200), flowText],
    morsels: [": ", "- ", "\n  ", "&a ", "*a", "{", "[", "response: 200", "from: "],
    errors: [FlowError],
    read: (bytes) => void parseFlow(bytes.toString("utf8")),
  },
  {
    rounds: 150,
    around: [
      ["", ""],
      ["flow: ", ""],
      ["steps: [", "]"],
    ],
    repeated: ["- ", "[", "{a: ", "&a ", "*a ", "a: b\n", "&a [*a, "],
    bytes: 1500,
  },
);
