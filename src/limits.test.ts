/** Holds docs/limits.md to the code: every limit is there, with the default that it has. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DEFAULT_WHOLE_MESSAGE_OCTETS } from "./endpoint/msrp/settings.ts";
import { DEFAULT_RECEPTION_LIMITS } from "./machine/msrp/reception.ts";
import { limitsSchema } from "./spec/limits-schema.ts";
import { MAX_DEPTH } from "./spec/plain-yaml.ts";
import { MAX_YAML_DEPTH } from "./spec/yaml-nesting.ts";
import { DEFAULT_BODY_LIMIT } from "./trace/bytes.ts";
import { DEFAULT_LINE_LIMIT } from "./trace/ndjson.ts";
import { DEFAULT_CPIM_LIMITS } from "./wire/cpim/parse.ts";
import { DEFAULT_HTTP_LIMITS } from "./wire/http/framer.ts";
import { DEFAULT_MIME_LIMITS } from "./wire/mime/limits.ts";
import { DEFAULT_MSRP_LIMITS } from "./wire/msrp/limits.ts";
import { DEFAULT_SDP_LIMITS } from "./wire/sdp/parse.ts";
import { DEFAULT_SIP_LIMITS } from "./wire/sip/limits.ts";
import { DEFAULT_XML_LIMITS } from "./wire/xml/well-formed.ts";

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** A number that a file keeps to itself, by what stands before it. */
function numberIn(path: string, before: string): number {
  const found = text(path).split(before)[1];
  const factors = /^\s*((?:[0-9_]+)(?:\s*\*\s*[0-9_]+)*)/u.exec(found ?? "")?.[1];
  if (factors === undefined) throw new Error(`${path} has no ${before}`);
  return factors
    .split("*")
    .reduce((product, factor) => product * Number(factor.replaceAll("_", "").trim()), 1);
}

const named = (group: string, limits: object): [string, number][] =>
  Object.entries(limits).map(([name, value]) => [`${group}.${name}`, Number(value)]);

const { maxSize: _agreedPerSession, ...reception } = DEFAULT_RECEPTION_LIMITS;

const CODE: Readonly<Record<string, number>> = Object.fromEntries([
  ...named("sip", DEFAULT_SIP_LIMITS),
  ["endpoint.acceptedConnections", numberIn("./endpoint/sip-transport.ts", "const ACCEPTED_CONNECTIONS =")],
  ...named("http", DEFAULT_HTTP_LIMITS),
  ["http.connections", numberIn("./endpoint/http-server.ts", "const CONNECTIONS =")],
  ["http.pipelined", numberIn("./endpoint/http-server.ts", "const PIPELINED =")],
  ["http.idleMs", numberIn("./endpoint/http-server.ts", "const IDLE_MS =")],
  ...named("msrp", DEFAULT_MSRP_LIMITS),
  ["msrp.wholeMessageOctets", DEFAULT_WHOLE_MESSAGE_OCTETS],
  ...named("msrp", reception),
  ["msrp.firstRequestMs", numberIn("./endpoint/msrp/msrp-endpoint.ts", "const FIRST_REQUEST_MS =")],
  ["msrp.connections", numberIn("./endpoint/msrp/msrp-endpoint.ts", "const CONNECTIONS =")],
  ["msrp.reportHoles", numberIn("./machine/msrp/outgoing-message.ts", "const MOST_HOLES =")],
  ["msrp.waitingFrames", numberIn("./endpoint/msrp/link.ts", "const WAITING_FRAMES =")],
  ...named("mime", DEFAULT_MIME_LIMITS),
  ...named("cpim", DEFAULT_CPIM_LIMITS),
  ...named("sdp", DEFAULT_SDP_LIMITS),
  ...named("xml", DEFAULT_XML_LIMITS),
  ["record.bodyBytes", DEFAULT_BODY_LIMIT],
  ["record.lineBytes", DEFAULT_LINE_LIMIT],
  ["record.restoreBytes", numberIn("./trace/bytes.ts", "const RESTORE_LIMIT =")],
  ["record.nesting", numberIn("./trace/recorded-sut-file.ts", "const MAX_NESTING =")],
  ["run.quarantine", numberIn("./lab/crossing-recorder.ts", "const QUARANTINE_LIMIT =")],
  ["run.scenarioMessages", numberIn("./lab/crossing-recorder.ts", "const SCENARIO_LIMIT = { crossings:")],
  ["run.scenarioBytes", numberIn("./lab/crossing-recorder.ts", "crossings: 2000, bytes:")],
  ["run.msrpMessages", numberIn("./lab/crossing-recorder.ts", "const MSRP_LIMIT = { crossings:")],
  ["run.msrpBytes", numberIn("./lab/crossing-recorder.ts", "crossings: 100_000, bytes:")],
  ["run.wholeMessage", numberIn("./trace/session/session-messages.ts", "const WHOLE_OCTETS =")],
  ["run.msrpEnds", numberIn("./lab/msrp-origin.ts", "const REMEMBERED =")],
  ["run.sessions", numberIn("./peer/core/session-identities.ts", "const KEPT =")],
  ["net.sendBufferBytes", numberIn("./net/real/real-network.ts", "const SEND_BUFFER_LIMIT =")],
  ["sutFile.bytes", numberIn("./spec/sut-file-reader.ts", "const MAXIMUM_BYTES =")],
  ["sutFile.depth", MAX_YAML_DEPTH],
  ["sutFile.aliases", numberIn("./spec/sut-file-reader.ts", "maxAliasCount:")],
  ["plainYaml.depth", MAX_DEPTH],
  ["driver.lineBytes", numberIn("./target/stdio-trigger.ts", "const LINE_LIMIT =")],
  ["driver.outputBytes", numberIn("./target/command-trigger.ts", "const OUTPUT_LIMIT =")],
  ["driver.answerBytes", numberIn("./target/http-trigger.ts", "const ANSWER_LIMIT =")],
]);

const PAGE = text("../docs/limits.md");
const ROWS = [...PAGE.matchAll(/^\| `([\w.]+)` *\| ([\d,]+) *\| [^|]+\| ([^|]+)\|/gmu)].map(
  ([, name = "", value = "", setBy = ""]) => ({ name, value: Number(value.replaceAll(",", "")), setBy }),
);

describe("docs/limits.md", () => {
  test("has every limit, and each with its default", () => {
    expect(Object.fromEntries(ROWS.map(({ name, value }) => [name, value]))).toEqual(CODE);
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  });

  test("says of each that a SUT file may set it, and of no other", () => {
    const inPage = ROWS.flatMap(({ setBy }) =>
      [...setBy.matchAll(/file `([\w.]+)`/gu)].map(([, name]) => name),
    );
    const { sip, http } = limitsSchema.shape;
    const inSchema = Object.entries({ sip, http }).flatMap(([group, schema]) =>
      Object.keys(schema.unwrap().shape).map((name) => `${group}.${name}`),
    );
    expect(Object.keys(limitsSchema.shape)).toEqual(["sip", "http"]);
    expect(new Set(inPage)).toEqual(new Set(inSchema));
  });
});
