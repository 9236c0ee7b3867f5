/** Answers of drivers, mutated: none throws, none is taken for more than it is. */
import { describeBadInput } from "../testdata/bad-input.ts";
import { piecesOf, randomFrom } from "../testdata/mutation.ts";
import { createLineReader } from "./line-reader.ts";
import { readAnswer } from "./trigger.ts";

const ANSWERS = [
  '{"version":1,"ok":true,"inbox":[{"from":"sip:a@h","kind":"message","text":"hi","subject":"s"}]}',
  '{"version":1,"ok":false,"code":"unsupported","says":"no"}',
];
const MORSELS = ['"ok":true', "null", "{}", "[]", '"version":2', '"__proto__":{}', "\n"];

describeBadInput(
  "an answer",
  {
    corpus: ANSWERS,
    morsels: MORSELS,
    read(bytes) {
      const answer = readAnswer(bytes.toString("utf8"), "driver");
      return answer.ok || (answer.says ?? answer.code ?? "") !== ""
        ? undefined
        : "a refusal without a reason";
    },
  },
  {
    around: [
      ["", ""],
      ['{"version":1,"ok":true,"says":"', '"}'],
      ['{"version":1,"ok":true,"inbox":[', "]}"],
    ],
    repeated: ["[", '{"a":', "{},"],
  },
);

const LIMIT = 200;

function linesIn(pieces: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const reader = createLineReader(LIMIT, {
    line: (text) => lines.push(text),
    tooLong: () => lines.push("too long"),
  });
  for (const piece of pieces) reader(piece);
  return lines;
}

describeBadInput("lines", {
  corpus: [`${ANSWERS.join("\r\n")}\n`],
  morsels: ["\n", "\r\n"],
  read(bytes) {
    const lines = linesIn([bytes]);
    if (lines.some((line) => line.length > LIMIT)) return "a line beyond the limit";
    return linesIn(piecesOf(bytes, randomFrom(bytes.length))).join("\n") === lines.join("\n")
      ? undefined
      : "depends on the pieces";
  },
});
