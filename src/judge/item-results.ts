/** Conformance of an SCR item (VERDICTS: declaration first, evidence by edge, no item passes by emptiness). */
import type { Edge, ScrItem, Statement } from "../spec/types.ts";
import { edgeApplies } from "../spec/applicability.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { FindingMade } from "../trace/event.ts";
import { groupBy } from "./group-by.ts";
import type { ItemCounts, ItemResult, ItemVerdict } from "./results.ts";
import { bindsEither, worstOf } from "./statement-results.ts";

/** What the supplier declared about an item, judged before any traffic. */
export interface Declaration {
  readonly supported: boolean;
  /** The item speaks to a role that the SUT does not have. */
  readonly applicable: boolean;
  /** A mandatory item that the ICS denies, or a requirement expression that does not hold. */
  readonly violation?: string;
  /** The requirement names items that exist nowhere: a defect of the specification, never of the SUT. */
  readonly defect?: string;
}

type EdgeState = "passed" | "failed" | "warned" | "inconclusive" | "notExercised" | "excluded" | "waiting";

interface JudgedEdge {
  readonly statement: Statement;
  readonly state: EdgeState;
}

export interface ItemInput {
  readonly item: ScrItem;
  readonly statements: readonly Statement[];
  readonly findings: readonly FindingMade[];
  readonly declaration: Declaration;
  readonly sutFile: SutFile;
  /** SHOULD deviations count as violations (`--strict`). */
  readonly strict: boolean;
}

export function itemResult(input: ItemInput): ItemResult {
  const { item, declaration } = input;
  const edges = judgedEdges(input);
  const { verdict, reasons } = verdictOfItem(input, edges);
  return {
    id: item.id,
    table: item.table,
    tableTitle: item.tableTitle,
    function: item.function,
    status: item.status,
    role: item.role,
    clause: { printed: item.printed.clause, corrected: item.clauses },
    ...(item.correction === undefined ? {} : { correction: item.correction }),
    ...(item.printed.id === item.id && item.printed.status === item.status
      ? {}
      : { printed: { id: item.printed.id, status: item.printed.status } }),
    ...(item.requirement === undefined ? {} : { requirement: item.requirement }),
    supported: declaration.supported,
    verdict,
    counts: countsOf(edges),
    reasons,
    statements: edges.map((edge) => edge.statement.id),
    scenarios: [...new Set(evidenceFor(input).map((finding) => finding.scenario))],
  };
}

/** A finding is evidence for an item when the guard of the edge held as it was made. */
function evidenceFor({ item, findings }: ItemInput): readonly FindingMade[] {
  return findings.filter((finding) => finding.items.includes(item.id));
}

function judgedEdges(input: ItemInput): readonly JudgedEdge[] {
  const evidence = groupBy(evidenceFor(input), (finding) => finding.statement);
  return input.statements
    .filter((statement) =>
      statement.items.some((edge: Edge) => edge.item === input.item.id && edgeApplies(edge, input.sutFile)),
    )
    .filter((statement) => statement.disposition.kind !== "bound" || bindsEither(statement, input.sutFile))
    .map((statement) => ({ statement, state: edgeState(statement, evidence.get(statement.id) ?? []) }));
}

function edgeState(statement: Statement, findings: readonly FindingMade[]): EdgeState {
  const worst = findings.length === 0 ? undefined : worstOf(findings);
  if (worst === "fail") return "failed";
  if (worst === "warn") return "warned";
  if (worst === "inconclusive" || worst === "error") return "inconclusive";
  if (worst !== undefined && findings.some((finding) => finding.purpose)) return "passed";
  return statement.disposition.kind === "bound" ? "notExercised" : statement.disposition.kind;
}

function verdictOfItem(
  input: ItemInput,
  edges: readonly JudgedEdge[],
): { verdict: ItemVerdict; reasons: readonly string[] } {
  const { declaration, strict } = input;
  if (!declaration.applicable)
    return { verdict: "NOT APPLICABLE", reasons: ["the SUT does not play this role"] };
  if (declaration.violation !== undefined) return { verdict: "FAIL", reasons: [declaration.violation] };
  if (!declaration.supported) return { verdict: "NOT APPLICABLE", reasons: ["optional, and not claimed"] };
  const failed = edges.filter((edge) => edge.state === "failed" || (strict && edge.state === "warned"));
  if (failed.length > 0) return { verdict: "FAIL", reasons: [`violated: ${namesOf(failed)}`] };
  return verdictWithoutFailure(edges, declaration.defect);
}

function verdictWithoutFailure(
  edges: readonly JudgedEdge[],
  defect?: string,
): { verdict: ItemVerdict; reasons: readonly string[] } {
  const noteDefect = defect === undefined ? [] : [defect];
  if (edges.length === 0)
    return {
      verdict: "NOT RUN",
      reasons: ["no statement of this item is bound to a check yet", ...noteDefect],
    };
  const mandatory = edges.filter(
    ({ statement, state }) => statement.level.startsWith("SHALL") && state !== "excluded",
  );
  const passed = mandatory.filter((edge) => edge.state === "passed");
  const optional = edges.some((edge) => edge.state !== "excluded");
  if (mandatory.length === 0 && optional)
    return { verdict: "NOT EVALUABLE", reasons: ["nothing in it is mandatory", ...noteDefect] };
  if (mandatory.length === 0)
    return { verdict: "NOT EVALUABLE", reasons: ["nothing in it can be observed", ...noteDefect] };
  const doubtful = mandatory.filter((edge) => edge.state === "inconclusive");
  if (passed.length === 0 && doubtful.length === 0)
    return { verdict: "NOT RUN", reasons: [...missingReasons(mandatory), ...noteDefect] };
  if (doubtful.length > 0)
    return { verdict: "INCONCLUSIVE", reasons: [`undecided: ${namesOf(doubtful)}`, ...noteDefect] };
  if (passed.length === mandatory.length) return { verdict: "PASS", reasons: noteDefect };
  const share = `${passed.length} of ${mandatory.length} mandatory statements passed`;
  return { verdict: "PARTIAL", reasons: [share, ...missingReasons(mandatory), ...noteDefect] };
}

function missingReasons(edges: readonly JudgedEdge[]): readonly string[] {
  const waiting = edges.filter((edge) => edge.state === "waiting");
  const idle = edges.filter((edge) => edge.state === "notExercised");
  return [
    ...(idle.length === 0 ? [] : [`not exercised: ${namesOf(idle)}`]),
    ...(waiting.length === 0 ? [] : [`waiting: ${waiting.map(waitingFor).join(", ")}`]),
  ];
}

function waitingFor({ statement }: JudgedEdge): string {
  return statement.disposition.kind === "waiting"
    ? `${statement.id} for ${statement.disposition.for}`
    : statement.id;
}

function namesOf(edges: readonly JudgedEdge[]): string {
  return edges.map((edge) => edge.statement.id).join(", ");
}

function countsOf(edges: readonly JudgedEdge[]): ItemCounts {
  const count = (state: EdgeState): number => edges.filter((edge) => edge.state === state).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    warned: count("warned"),
    inconclusive: count("inconclusive"),
    notExercised: count("notExercised"),
    excluded: count("excluded"),
    waiting: count("waiting"),
    of: edges.length,
  };
}
