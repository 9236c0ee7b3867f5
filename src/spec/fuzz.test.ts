/** SUT files, and Scrim's own YAML, mutated. */
import { readFileSync } from "node:fs";
import { describeBadInput } from "../testdata/bad-input.ts";
import { PlainYamlError, readPlainYaml } from "./plain-yaml.ts";
import { SutFileError } from "./sut-file-error.ts";
import { readSutFileText } from "./sut-file-reader.ts";

const scenarioFile = (name: string): Buffer =>
  readFileSync(new URL(`../../scenarios/sut/${name}.yaml`, import.meta.url));

const SMALL = `scrim: 1
identification: { product: p, version: "1" }
core: { homeDomain: home.example }
client:
  trigger: { kind: manual }
  user: &user sip:a@home.example
  conferenceFactory: sip:f@home.example
users:
  - impu: *user
`;
const YAML = [
  ": ",
  "- ",
  "\n  ",
  "&a ",
  "*a",
  "{",
  "[",
  "|\n",
  ">",
  "<<: ",
  "!!binary ",
  "? ",
  "---\n",
  "%YAML 1.2\n",
  "'",
  "#",
];

describeBadInput(
  "a SUT file",
  {
    corpus: [SMALL, scenarioFile("client-only"), scenarioFile("server-only")],
    morsels: YAML,
    errors: [SutFileError],
    read: (bytes) => void readSutFileText(bytes.toString("utf8")),
  },
  {
    rounds: 250,
    around: [
      ["", ""],
      ["users: ", ""],
      ["users: [", "]"],
      [`${SMALL}interpretations:\n  a: "`, '"'],
    ],
    repeated: ["- ", "[", "{a: ", "&a ", "*a ", "? ", "a: b\n", "- a\n", "&a [*a, ", "!!map "],
    bytes: 1500,
  },
);

describeBadInput(
  "plain YAML",
  {
    corpus: [readFileSync(new URL("register/5.1.yaml", import.meta.url)), "a: [1, {b: c}]\nd:\n  - e\n"],
    morsels: YAML,
    errors: [PlainYamlError],
    read: (bytes) => void readPlainYaml(bytes.toString("utf8")),
  },
  {
    around: [
      ["", ""],
      ["a: ", "\n"],
      ["a: [", "]"],
      ['a: "', '"\n'],
    ],
    repeated: ["- ", "[", "{a: ", "a: b\n", "- a\n", "a,", "[a, ", "\n "],
  },
);
