/**
 * Findings and verdict of one scenario, from its closed trace and nothing else (VERDICTS: purpose and by-catch, blame, worse verdict stays).
 */
import type { Check, Outcome } from "../check/check.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Edge, Level, Role } from "../spec/types.ts";
import type { Blame, FindingMade, ScenarioJudged, StepDone, Unplaced, Verdict } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { heldUpMs } from "./hold-ups.ts";

/** What judging must know of a statement; the register and the universal statements both give it. */
export interface JudgedStatement {
  readonly id: string;
  readonly level: Level;
  readonly role: Role;
  readonly items: readonly Edge[];
}

export interface JudgingRules {
  readonly checks: readonly Check[];
  statement(id: string): JudgedStatement | undefined;
}

export interface ScenarioJudgement {
  readonly findings: readonly Unplaced<FindingMade>[];
  readonly judged: Unplaced<ScenarioJudged>;
}

/** Judges one scenario. Two calls with the same trace give the same result. */
export function judgeScenario(trace: ScenarioTrace, rules: JudgingRules): ScenarioJudgement {
  const findings = withoutEchoes(
    rules.checks.flatMap((check) => findingsOf(check, trace, rules)),
    trace,
  );
  return { findings, judged: verdictOf(trace, findings, rules) };
}

function findingsOf(
  check: Check,
  trace: ScenarioTrace,
  rules: JudgingRules,
): readonly Unplaced<FindingMade>[] {
  const statement = rules.statement(check.statement);
  if (statement === undefined || !speaksTo(check, statement, trace)) return [];
  try {
    return check
      .run(trace)
      .map((outcome) => (check.universal ? outcome : withoutHaste(outcome, trace)))
      .map((outcome) => findingOf(outcome, statement, trace, check.universal));
  } catch (error) {
    return [brokenCheck(statement, trace, error)];
  }
}

/** What is missed while Scrim itself stood still may be missing for its sake. What a message says is the same however late it is read. */
function withoutHaste(outcome: Outcome, trace: ScenarioTrace): Outcome {
  const standstill = outcome.result === "miss" && outcome.blame === undefined ? heldUpMs(trace) : 0;
  if (standstill === 0) return outcome;
  const note = `Scrim stood still for ${standstill} ms in this scenario, on a machine that is too busy: run it again`;
  return { ...outcome, blame: "rig", note };
}

/**
 * What Scrim carried on or sent back as the SUT had sent it is no mistake of Scrim's: a proxy forwards header fields, and a response repeats
 * those of its request (RFC 3261 8.2.6.2, 16.6), however wrong they are.
 */
function withoutEchoes(
  findings: readonly Unplaced<FindingMade>[],
  trace: ScenarioTrace,
): readonly Unplaced<FindingMade>[] {
  const proven = new Set(
    findings
      .filter(({ blame, verdict }) => blame === "sut" && (verdict === "fail" || verdict === "warn"))
      .map(({ statement, actual }) => `${statement} ${actual}`),
  );
  return findings.filter(
    (finding) =>
      finding.blame !== "scrim" ||
      !(proven.has(`${finding.statement} ${finding.actual}`) || answersRuins(finding, trace)),
  );
}

/** Whether it speaks of a response to something that could not be read. */
function answersRuins({ evidence }: Unplaced<FindingMade>, trace: ScenarioTrace): boolean {
  const [seen] = evidence;
  const response = trace.messages.find(
    ({ seq, message }) => seq === seen?.seq && message.kind === "response",
  );
  const call = response?.message.headers.find(({ name }) => /^(?:call-id|i)$/iu.test(name))?.value;
  return (
    call !== undefined &&
    trace.malformed.some(({ peerIsSut, bytes }) => peerIsSut && Buffer.from(bytes).includes(call))
  );
}

/** A check speaks to the SUT of the scenario when the SUT plays the part that the statement binds. */
function speaksTo(check: Check, statement: JudgedStatement, trace: ScenarioTrace): boolean {
  if (check.universal) return true;
  if (statement.level === "FLOW") return trace.opened.purpose.includes(statement.id);
  if (check.applies !== undefined && !check.applies(trace.sutFile)) return false;
  return bindsSut(statement.role, trace.opened.sut, trace.sutFile);
}

/** Whether a statement for `role` binds the SUT when it is tested as `kind`. */
export function bindsSut(role: Role, kind: "server" | "client", sutFile: SutFile): boolean {
  if (role === "any") return sutFile[kind] !== undefined;
  const clientRole = role.startsWith("client-");
  if (kind === "client") return clientRole && sutFile.client !== undefined;
  if (clientRole || role === "core" || role === "xdms" || role === "presence") return false;
  const functions = sutFile.server?.functions;
  if (functions === undefined) return false;
  if (role === "any-server") return true;
  if (role.startsWith("participating")) return functions.includes("participating");
  return functions.some((name) => name === role);
}

/** What holds of every message is a purpose of every scenario. */
function findingOf(
  outcome: Outcome,
  statement: JudgedStatement,
  trace: ScenarioTrace,
  universal: boolean,
): Unplaced<FindingMade> {
  const facets = outcome.facets ?? [];
  return {
    type: "finding",
    scenario: trace.opened.scenario,
    statement: statement.id,
    check: statement.id,
    verdict: verdictFor(outcome, statement.level),
    blame: outcome.blame ?? "sut",
    purpose: universal || trace.opened.purpose.includes(statement.id),
    expected: outcome.expected,
    actual: outcome.actual,
    evidence: outcome.evidence,
    items: statement.items
      .filter((edge) => edge.when === undefined || facets.includes(edge.when))
      .map((edge) => edge.item),
    ...(outcome.note === undefined ? {} : { note: outcome.note }),
  };
}

/** SHALL fails, SHOULD warns, MAY and the arrows of informative figures are noted. */
function verdictFor(outcome: Outcome, level: Level): Verdict {
  if (outcome.result !== "miss") return outcome.result;
  if (outcome.blame === "scrim") return "error";
  if (outcome.blame === "rig") return "inconclusive";
  if (level === "SHALL" || level === "SHALL NOT") return "fail";
  return level === "SHOULD" || level === "SHOULD NOT" ? "warn" : "noted";
}

function brokenCheck(
  statement: JudgedStatement,
  trace: ScenarioTrace,
  error: unknown,
): Unplaced<FindingMade> {
  return {
    type: "finding",
    scenario: trace.opened.scenario,
    statement: statement.id,
    check: statement.id,
    verdict: "error",
    blame: "scrim",
    purpose: trace.opened.purpose.includes(statement.id),
    expected: "a check that comes to a result",
    actual: `the check broke: ${error instanceof Error ? error.message : String(error)}`,
    evidence: [],
    items: statement.items.map((edge) => edge.item),
  };
}

const SEVERITY: readonly Verdict[] = ["noted", "pass", "warn", "inconclusive", "fail", "error"];

/** The worse of two verdicts: pass < warn < inconclusive < fail < error. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b;
}

function verdictOf(
  trace: ScenarioTrace,
  findings: readonly Unplaced<FindingMade>[],
  rules: JudgingRules,
): Unplaced<ScenarioJudged> {
  const broken = brokenStep(trace);
  const unreached = unreachedPurpose(trace, findings, rules);
  const worst = findings.reduce<Verdict | undefined>(
    (sofar, f) => (sofar === undefined ? f.verdict : worse(sofar, f.verdict)),
    undefined,
  );
  const doubts = worst !== "fail" && worst !== "error" ? (brokenReason(broken) ?? unreached) : undefined;
  const culprit = findings.find((finding) => finding.verdict === worst);
  const base = { type: "scenario-judged", scenario: trace.opened.scenario } as const;
  if (doubts !== undefined)
    return { ...base, verdict: "inconclusive", reason: doubts, blame: broken?.blame ?? "sut" };
  if (worst === undefined)
    return { ...base, verdict: "inconclusive", reason: "nothing in the trace could be judged", blame: "rig" };
  if (worst === "pass" || worst === "noted" || culprit === undefined)
    return { ...base, verdict: worst === "noted" ? "pass" : worst };
  return { ...base, verdict: worst, reason: `${culprit.statement}: ${culprit.actual}`, blame: culprit.blame };
}

function brokenStep(trace: ScenarioTrace): StepDone | undefined {
  return trace.events.find((event): event is StepDone => event.type === "step" && event.status === "failed");
}

function brokenReason(step: StepDone | undefined): string | undefined {
  return step === undefined ? undefined : `${step.text}: ${step.reason ?? "did not come about"}`;
}

/** A purpose that no trigger reached leaves the scenario without its result: that is never a pass. What a SUT MAY do need not happen. */
function unreachedPurpose(
  trace: ScenarioTrace,
  findings: readonly Unplaced<FindingMade>[],
  rules: JudgingRules,
): string | undefined {
  const reached = new Set(findings.map((finding) => finding.statement));
  const missing = trace.opened.purpose.filter(
    (id) => !reached.has(id) && rules.statement(id)?.level !== "MAY",
  );
  if (missing.length === 0) return undefined;
  return `no occasion for ${missing.join(", ")} came about`;
}

export function blameWord(blame: Blame): string {
  return { sut: "the SUT", scrim: "Scrim", rig: "the rig" }[blame];
}
