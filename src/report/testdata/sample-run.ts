/** A small run with a bit of everything: passes, a failure, a warning, a dead SUT, hostile text, binary bytes, a scenario that never ran. */
import type { LocatedEvidence, ScenarioResult } from "../../judge/results.ts";
import type { FindingMade, RunEvent } from "../../trace/event.ts";
import type { ReportInput } from "../model.ts";
import { messageRequest, register, response } from "./messages.ts";
import { createRecord, sipText } from "./record.ts";
import { sampleGeneral, sampleItems, sampleStatements } from "./sample-results.ts";
import { sampleSutFile } from "./sample-sut-file.ts";

export const HOSTILE = `<script>window.owned = 1</script>`;

type Record = ReturnType<typeof createRecord>;

const noon = Date.UTC(2026, 0, 15, 12, 0, 0);

function open(record: Record, scenario: string, name: string, tags: readonly string[], purpose: readonly string[]): void {
  record.add({
    type: "scenario-opened",
    scenario,
    name,
    feature: "Pager mode: the IM Server",
    location: `features/B.3/${scenario}.feature:12`,
    tags,
    purpose,
    sut: "server",
    configurationSet: "default",
    lane: 0,
  });
  record.add({ type: "phase", scenario, phase: "preamble" });
  for (const actor of ["Alice", "Bob"]) {
    const imAddress = `sip:${actor.toLowerCase()}@home.example`;
    record.add({ type: "leased", scenario, user: { actor, node: actor, played: "scrim", imAddress, properties: [] } });
  }
}

function registerAlice(record: Record, scenario: string): void {
  const out = { from: "Alice", to: "core" };
  const back = { from: "core", to: "Alice" };
  const plain = register("alice");
  record.sip(scenario, out, plain);
  record.sip(scenario, back, response("401 Unauthorized", plain, "c1", [["WWW-Authenticate", 'Digest realm="home.example", nonce="n0nce", algorithm=MD5']]));
  const credentials = 'Digest username="alice@home.example", realm="home.example", nonce="n0nce", uri="sip:home.example", response="0123456789abcdef0123456789abcdef"';
  const again = register("alice", credentials);
  record.sip(scenario, out, again);
  record.sip(scenario, back, response("200 OK", again, "c2", [["Contact", "<sip:alice@127.0.0.1:5071>;expires=3600"]]));
}

function enterBody(record: Record, scenario: string, id: string, intent: { readonly [key: string]: unknown }): void {
  record.add({ type: "phase", scenario, phase: "body" });
  record.add({ type: "stimulated", scenario, id, actor: "Alice", action: "send-message", intent, token: `tok-${id}`, deviations: [] });
}

function close(record: Record, scenario: string, verdict: "pass" | "fail" | "inconclusive", reason?: string): void {
  record.add({ type: "phase", scenario, phase: "postamble" });
  record.add({ type: "scenario-closed", scenario, how: "complete" });
  record.add({ type: "scenario-judged", scenario, verdict, ...(reason && { reason }) });
}

function finding(record: Record, made: Omit<FindingMade, "type" | "seq" | "at" | "purpose" | "check">): void {
  record.add({ type: "finding", purpose: true, check: "check-of-sample", ...made });
}

/** One sender, one recipient; the SUT passes the message on. The display name is hostile. */
function oneToOne(record: Record): void {
  const scenario = "s1";
  open(record, scenario, `A MESSAGE reaches "${HOSTILE}"`, ["@B.3.3", "@IMSpec-PMM-S-001", "@6.1.1.3.1-1"], ["6.1.1.3.1-1"]);
  registerAlice(record, scenario);
  enterBody(record, scenario, "st1", { to: ["sip:bob@home.example"], text: `Hello ${HOSTILE}` });
  const parts = {
    uri: "sip:bob@home.example",
    from: `"${HOSTILE}" <sip:alice@home.example>;tag=a1`,
    to: "<sip:bob@home.example>",
    callId: "one-to-one",
    more: [["P-Asserted-Identity", "<sip:alice@home.example>"]] as const,
    body: `Hello ${HOSTILE} \u202Eevil\u202C 🎈 tok-st1`,
  };
  const sent = messageRequest({ ...parts, via: "127.0.0.1:5071", branch: "a" });
  const toSut = messageRequest({ ...parts, via: "127.0.0.1:5060", branch: "b" });
  const fromSut = messageRequest({ ...parts, via: "127.0.0.1:5080", branch: "c" });
  record.sip(scenario, { from: "Alice", to: "core", stimulus: "st1" }, sent);
  record.sip(scenario, { from: "core", to: "im-server", serverFunction: "originating", passage: "p1" }, toSut);
  const seen = record.sip(scenario, { from: "im-server", to: "core", serverFunction: "originating", passage: "p1" }, fromSut);
  record.sip(scenario, { from: "core", to: "Bob" }, messageRequest({ ...parts, via: "127.0.0.1:5060", branch: "d" }));
  for (const [from, to, of] of [["Bob", "core", fromSut], ["core", "im-server", fromSut], ["im-server", "core", toSut], ["core", "Alice", sent]] as const) {
    record.sip(scenario, { from, to }, response("200 OK", of, "b1", [["Server", "IM-serv/OMA1.0"]]));
  }
  record.add({ type: "window-opened", scenario, window: "w1", purpose: "absence", of: "a second MESSAGE to Bob", lengthMs: 1500 });
  record.wait(1500);
  record.add({ type: "window-closed", scenario, window: "w1", how: "elapsed" });
  record.add({ type: "step", scenario, text: `When Alice sends "${HOSTILE}" to Bob`, status: "passed" });
  close(record, scenario, "pass");
  const same = "P-Asserted-Identity: sip:alice@home.example";
  finding(record, { scenario, statement: "6.1.1.3.1-1", verdict: "pass", blame: "sut", expected: same, actual: same, evidence: [{ seq: seen }], items: ["IMSpec-PMM-S-001"] });
}

/** The SUT explodes a URI-list and forgets to put the recipient into the Request-URI of the copies. */
function explosion(record: Record): void {
  const scenario = "s2";
  open(record, scenario, "Each recipient gets a MESSAGE of its own", ["@B.3.5", "@IMSpec-PMM-S-004", "@8.3.2.1-6"], ["8.3.2.1-6", "8.3.2.1-3"]);
  registerAlice(record, scenario);
  enterBody(record, scenario, "st2", { to: ["sip:bob@home.example", "sip:ted@home.example"], text: "Lunch?" });
  const parts = {
    uri: "sip:exploder@home.example",
    from: '"Alice" <sip:alice@home.example>;tag=a2',
    to: "<sip:exploder@home.example>",
    callId: "explosion",
    more: [["P-Asserted-Identity", "<sip:alice@home.example>"]] as const,
    body: "Lunch? tok-st2",
  };
  const toSut = messageRequest({ ...parts, via: "127.0.0.1:5060", branch: "e" });
  record.sip(scenario, { from: "Alice", to: "core", stimulus: "st2" }, messageRequest({ ...parts, via: "127.0.0.1:5071", branch: "f" }));
  record.sip(scenario, { from: "core", to: "im-server", serverFunction: "controlling" }, toSut);
  const answer = record.sip(scenario, { from: "im-server", to: "core", serverFunction: "controlling" }, response("202 Accepted", toSut, "x"));
  const wrong = messageRequest({ ...parts, via: "127.0.0.1:5080", branch: "g", to: "<sip:bob@home.example>" });
  const copy = record.sip(scenario, { from: "im-server", to: "core", serverFunction: "controlling" }, wrong);
  record.cross(scenario, { from: "im-server", to: "core" }, { base64: Buffer.from([0, 255, 254, 13, 10, 27, 91, 51, 49, 109]).toString("base64") }, { malformed: { code: "start-line", offset: 0, message: "expected a start line, came byte 0x00" } });
  const failed = { status: "failed", reason: "no MESSAGE addressed to Bob came", blame: "sut" } as const;
  record.add({ type: "step", scenario, text: "Then Bob and Ted each receive a MESSAGE addressed to their IM Address", ...failed });
  close(record, scenario, "fail", "8.3.2.1-6 is not met");
  const from = "MESSAGE ".length;
  const mark = { seq: copy, from, to: from + parts.uri.length };
  finding(record, { scenario, statement: "8.3.2.1-6", verdict: "fail", blame: "sut", expected: "Request-URI sip:bob@home.example", actual: `Request-URI ${parts.uri}`, evidence: [mark], items: ["IMSpec-PMM-S-004"] });
  finding(record, { scenario, statement: "8.3.1.1-14", verdict: "warn", blame: "sut", expected: "a Server header", actual: "no Server header", evidence: [{ seq: answer }], items: ["IMSpec-PMM-S-003"] });
}

function deadSut(record: Record): void {
  const scenario = "s3";
  open(record, scenario, "A MESSAGE for a served user is delivered", ["@B.3.3", "@IMSpec-PMM-S-002"], ["6.1.2.3.1-1"]);
  enterBody(record, scenario, "st3", { to: ["sip:bob@home.example"] });
  const parts = { uri: "sip:bob@home.example", from: "<sip:alice@home.example>;tag=a3", to: "<sip:bob@home.example>", callId: "dead", via: "127.0.0.1:5060", branch: "h", body: "Anyone? tok-st3" };
  const sent = record.cross(scenario, { from: "core", to: "im-server", serverFunction: "terminating" }, { text: sipText(messageRequest(parts)) });
  record.wait(32_000);
  record.add({ type: "sut-life", scenario, node: "im-server", state: "unreachable", detail: "OPTIONS was not answered" });
  close(record, scenario, "inconclusive", "the SUT no longer answers");
  finding(record, { scenario, statement: "6.1.2.3.1-1", verdict: "inconclusive", blame: "rig", expected: "a MESSAGE to Bob", actual: "nothing; the SUT no longer answered OPTIONS", evidence: [{ seq: sent }], items: ["IMSpec-PMM-S-002"], note: "a dead SUT proves nothing about this statement" });
}

export function sampleRun(): ReportInput {
  const record = createRecord(noon);
  record.add({ type: "run-opened", format: "scrim-run/1", scrim: "0.1.0", document: sampleSutFile.identification.document, sutFile: sampleSutFile, selection: ["B.3"], seed: 7, virtual: false });
  record.add({ type: "sut-life", node: "im-server", state: "reachable" });
  oneToOne(record);
  explosion(record);
  deadSut(record);
  record.add({ type: "noted", about: "quarantine", text: `a MESSAGE from ${HOSTILE} belongs to no scenario` });
  record.add({ type: "run-closed", how: "complete" });
  return {
    events: record.events,
    scr: sampleItems,
    general: sampleGeneral,
    statements: sampleStatements.map((statement) => ({ ...statement, evidence: evidenceOf(record.events, statement.id) })),
    scenarios: [...record.events.flatMap((event) => (event.type === "scenario-opened" ? [scenarioOf(record.events, event.scenario)] : [])), neverRun],
    defects: [{ at: "B.3.4", says: "the reference 9.3.1.1 names the large-message procedure" }],
    readings: [{ name: "referred-by-under-privacy", reading: "left-out", says: "Referred-By is not sent for an anonymous sender" }],
  };
}

function evidenceOf(events: readonly RunEvent[], statement: string): LocatedEvidence[] {
  return events.flatMap((event) =>
    event.type === "finding" && event.statement === statement ? event.evidence.map((one) => ({ ...one, scenario: event.scenario })) : [],
  );
}

function only<T extends RunEvent["type"]>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }> {
  const found = events.find((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  if (found === undefined) throw new Error(`the sample has no ${type}`);
  return found;
}

function scenarioOf(events: readonly RunEvent[], id: string): ScenarioResult {
  const own = events.filter((event) => event.scenario === id);
  const opened = only(own, "scenario-opened");
  const closed = only(own, "scenario-closed");
  const judged = only(own, "scenario-judged");
  const { name, feature, location, tags, purpose, sut, configurationSet } = opened;
  return {
    id,
    name,
    feature,
    location,
    tags,
    purpose,
    sut,
    configurationSet,
    verdict: judged.verdict,
    ...(judged.reason && { reason: judged.reason }),
    ...(judged.verdict === "fail" && { blame: "sut" as const }),
    ...(judged.verdict === "inconclusive" && { blame: "rig" as const }),
    startedAt: opened.at,
    durationMs: closed.at - opened.at,
    steps: own.flatMap((event) => (event.type === "step" ? [{ text: event.text, status: event.status, ...(event.reason && { reason: event.reason }), ...(event.blame && { blame: event.blame }) }] : [])),
  };
}

const neverRun: ScenarioResult = {
  id: "s4",
  name: "A group advertisement is delivered",
  feature: "Pager mode: the IM Server",
  location: "features/B.3/s4.feature:40",
  tags: ["@IMSpec-GA-S-001"],
  purpose: [],
  sut: "server",
  configurationSet: "default",
  verdict: "not-run",
  reason: "the SUT is down; \u001b[31mnot started\u0000",
  durationMs: 0,
  steps: [],
};
