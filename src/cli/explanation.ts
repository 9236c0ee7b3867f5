/** What is demanded, what would have been permitted, what was seen: an explanation as text. */
import { messagePieces } from "../report/message-text.ts";
import { visible, visibleLine } from "../report/visible.ts";
import type { RecordedRun } from "../run/recorded-run.ts";
import type { IndexedScenario } from "../run/feature-index.ts";
import type { Statement } from "../spec/types.ts";
import type {
  Crossed,
  FindingMade,
  Phase,
  PhaseEntered,
  RunEvent,
  ScenarioJudged,
  ScenarioOpened,
  StepDone,
  Verdict,
} from "../trace/event.ts";
import { ladderOf } from "../trace/ladder.ts";
import { renderLadderText } from "../trace/ladder-text.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import type { ExplainedSubject } from "./subject.ts";

/** `events` as exported: without credentials. */
export type ExplainedRun = Pick<RecordedRun, "name" | "events" | "sutFile">;

export interface ExplanationInput {
  readonly scenarios: readonly IndexedScenario[];
  /** Absent: there is no run yet. */
  readonly run?: ExplainedRun;
  readonly statement: (id: string) => Statement | undefined;
  /** How the SUT file is named in commands. */
  readonly sut: string;
}

export function explanationOf(subject: ExplainedSubject, input: ExplanationInput): string {
  const lines =
    subject.kind === "statement" ? statementLines(subject.statement, input) : scenarioLines(subject, input);
  return `${lines.join("\n")}\n`;
}

function statementLines(statement: Statement, input: ExplanationInput): readonly string[] {
  const { id, disposition } = statement;
  const named = input.scenarios.filter(({ tags }) => tags.includes(`@${id}`));
  const again =
    disposition.kind === "bound" && named.length > 0
      ? ["", `Run just this: scrim run --sut ${input.sut} ${id}`]
      : [];
  return [
    ...requirementLines(statement),
    ...named.map(({ location, name }) => `  scenario     ${location}  ${name}`),
    ...seenOfStatement(id, input),
    ...again,
  ];
}

function requirementLines({
  id,
  clause,
  level,
  role,
  says,
  reading,
  items,
  disposition,
  observable,
}: Statement): readonly string[] {
  const edges = items.map(({ item, when }) => (when === undefined ? item : `${item} (${when})`));
  return [
    `${id}  ${level}  ${role}`,
    `  clause       ${clause}`,
    `  requirement  ${says}`,
    ...(reading === undefined ? [] : [`  reading      ${reading}`]),
    ...(edges.length === 0 ? [] : [`  evidence for ${edges.join(", ")}`]),
    `  Scrim        ${dispositionSentence(disposition)}${observable === "direct" ? "" : `; observable: ${observable}`}`,
  ];
}

function dispositionSentence(disposition: Statement["disposition"]): string {
  switch (disposition.kind) {
    case "bound":
      return `judged by the check ${disposition.check}`;
    case "excluded":
      return `excluded, ${disposition.because}: ${disposition.note}`;
    case "waiting":
    default:
      return `waits for ${disposition.for}`;
  }
}

/** The worst first. */
const ORDER: readonly Verdict[] = ["error", "fail", "warn", "inconclusive", "noted", "pass"];

function seenOfStatement(id: string, { run }: ExplanationInput): readonly string[] {
  if (run === undefined) return ["", "No run yet."];
  const findings = findingsIn(run).filter(({ statement }) => statement === id);
  const head = ["", `In the run ${run.name}:`];
  if (findings.length === 0) return [...head, "  no occasion came about on which it binds the SUT"];
  const ordered = findings.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const [worst, ...others] = ordered;
  return [
    ...head,
    ...(worst === undefined ? [] : [...findingLines(worst, run), ...evidenceLines(worst, run)]),
    ...otherFindings(others, run),
  ];
}

const OTHERS = 10;

function otherFindings(findings: readonly FindingMade[], run: ExplainedRun): readonly string[] {
  const shown = findings.slice(0, OTHERS).map((finding) => {
    const { location = finding.scenario } = openedAs(finding.scenario, run) ?? {};
    return `  ${finding.verdict.padEnd(12)} ${location}  ${visibleLine(finding.actual)}`;
  });
  const more = findings.length > OTHERS ? [`  … and ${findings.length - OTHERS} more`] : [];
  return [...shown, ...more];
}

function findingLines(finding: FindingMade, run: ExplainedRun): readonly string[] {
  const scenario = openedAs(finding.scenario, run);
  const where = scenario === undefined ? finding.scenario : `${scenario.name} (${scenario.location})`;
  return [
    `  ${finding.verdict}${isClean(finding) ? "" : `, on the part of ${blamed(finding.blame)}`} in ${where}`,
    `    permitted  ${visibleLine(finding.expected)}`,
    `    seen       ${visibleLine(finding.actual)}`,
    ...(finding.note === undefined ? [] : [`    note       ${visibleLine(finding.note)}`]),
  ];
}

function isClean({ verdict }: FindingMade): boolean {
  return verdict === "pass" || verdict === "noted";
}

function blamed(blame: FindingMade["blame"]): string {
  return { sut: "the SUT", scrim: "Scrim", rig: "the rig" }[blame];
}

/** The ladder of the scenario, then the messages that show it, with the offending bytes between marks. */
function evidenceLines(finding: FindingMade, run: ExplainedRun): readonly string[] {
  const messages = finding.evidence.flatMap(({ seq, from, to }) => {
    const event = run.events.find((one): one is Crossed => one.seq === seq && one.type === "crossed");
    return event === undefined ? [] : messageLines(event, from, to);
  });
  return ["", ...ladderLines(finding.scenario, run, phasesOf(finding, run)), ...messages];
}

/** Of what the evidence shows, nothing needs the rest of the scenario; without evidence, all of it. */
function phasesOf({ scenario, evidence }: FindingMade, { events }: ExplainedRun): readonly Phase[] {
  const entered = events.filter(
    (event): event is PhaseEntered => event.type === "phase" && event.scenario === scenario,
  );
  const phases = evidence.flatMap(({ seq }) => entered.findLast((phase) => phase.seq < seq)?.phase ?? []);
  return phases.length === 0 ? ["preamble", "body", "postamble"] : [...new Set(phases)];
}

function ladderLines(
  scenario: string,
  { events, sutFile }: ExplainedRun,
  phases: readonly Phase[] = ["preamble", "body", "postamble"],
): readonly string[] {
  const own = events.filter((event) => event.scenario === scenario);
  return renderLadderText(ladderOf(readScenarioTrace(own, sutFile), { phases }), { columnWidth: 20 })
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`);
}

function messageLines(event: Crossed, from: number | undefined, to: number | undefined): readonly string[] {
  const marks = from === undefined || to === undefined ? [] : [{ from, to }];
  const text = messagePieces(event.bytes, { marks })
    .map((piece) => (piece.offending ? `»${visible(piece.text)}«` : visible(piece.text)))
    .join("");
  const way = event.direction === "in" ? `${event.peer} → ${event.node}` : `${event.node} → ${event.peer}`;
  return [
    "",
    `  message ${event.seq}, ${way}, ${event.transport}:`,
    ...text.split("\n").map((line) => `    ${line.trimEnd()}`),
  ];
}

function scenarioLines(
  { location, indexed, opened }: Extract<ExplainedSubject, { kind: "scenario" }>,
  input: ExplanationInput,
): readonly string[] {
  const known = indexed ?? opened[0];
  const purpose = (known?.tags ?? []).flatMap((tag) => input.statement(tag.slice(1)) ?? []);
  return [
    known?.name ?? location,
    `  place        ${location}`,
    `  feature      ${known?.feature ?? ""}`,
    ...(known?.rule === undefined ? [] : [`  rule         ${known.rule}`]),
    ...purpose.map(({ id, level, says }) => `  requirement  ${id}  ${level}  ${says}`),
    ...(input.run === undefined ? ["", "No run yet."] : seenOfScenario(opened, input.run)),
    "",
    `Run just this: scrim run --sut ${input.sut} ${location}`,
  ];
}

function seenOfScenario(opened: readonly ScenarioOpened[], run: ExplainedRun): readonly string[] {
  if (opened.length === 0) return ["", `In the run ${run.name} it was not run.`];
  return opened.flatMap((scenario) => [
    "",
    `In the run ${run.name} (${scenario.scenario}, ${scenario.name}): ${verdictOf(scenario, run)}`,
    ...stepsOf(scenario, run),
    ...findingsIn(run)
      .filter(
        (finding) =>
          finding.scenario === scenario.scenario &&
          (finding.purpose || !["pass", "noted"].includes(finding.verdict)),
      )
      .flatMap((finding) => [`  ${finding.statement}`, ...findingLines(finding, run).slice(0, 4)]),
    "",
    ...ladderLines(scenario.scenario, run),
  ]);
}

function verdictOf({ scenario }: ScenarioOpened, { events }: ExplainedRun): string {
  const judged = events.findLast(
    (event): event is ScenarioJudged => event.type === "scenario-judged" && event.scenario === scenario,
  );
  if (judged === undefined) return "not judged";
  return judged.reason === undefined ? judged.verdict : `${judged.verdict} — ${visibleLine(judged.reason)}`;
}

function stepsOf({ scenario }: ScenarioOpened, { events }: ExplainedRun): readonly string[] {
  return events
    .filter((event): event is StepDone => event.type === "step" && event.scenario === scenario)
    .map(
      ({ status, text, reason }) =>
        `  ${status.padEnd(8)} ${text}${reason === undefined ? "" : ` — ${visibleLine(reason)}`}`,
    );
}

function findingsIn({ events }: ExplainedRun): readonly FindingMade[] {
  return events.filter((event: RunEvent): event is FindingMade => event.type === "finding");
}

function openedAs(scenario: string, { events }: ExplainedRun): ScenarioOpened | undefined {
  return events.find(
    (event): event is ScenarioOpened => event.type === "scenario-opened" && event.scenario === scenario,
  );
}
