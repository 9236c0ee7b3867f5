/** From findings to one verdict a statement: the worst that was proven anywhere, and what shows it. */
import type { Statement } from "../spec/types.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { FindingMade, Verdict } from "../trace/event.ts";
import { groupBy } from "./group-by.ts";
import { bindsSut, worse } from "./judge-scenario.ts";
import type { StatementResult, StatementVerdict } from "./results.ts";

/** One result for each statement, in the order of the register. */
export function statementResults(
  statements: readonly Statement[],
  findings: readonly FindingMade[],
  sutFile: SutFile,
): readonly StatementResult[] {
  const byStatement = groupBy(findings, (finding) => finding.statement);
  return statements.map((statement) =>
    statementResult(statement, byStatement.get(statement.id) ?? [], sutFile),
  );
}

function statementResult(
  statement: Statement,
  findings: readonly FindingMade[],
  sutFile: SutFile,
): StatementResult {
  const verdict = verdictOfStatement(statement, findings, sutFile);
  const telling = findings.filter((finding) => finding.verdict === verdict);
  const first = telling[0];
  return {
    id: statement.id,
    clause: statement.clause,
    level: statement.level,
    role: statement.role,
    says: statement.says,
    disposition: statement.disposition,
    items: statement.items.map((edge) => edge.item),
    verdict,
    ...(first === undefined ? {} : { blame: first.blame, expected: first.expected, actual: first.actual }),
    ...(first?.note === undefined ? {} : { note: first.note }),
    evidence: telling.flatMap((finding) =>
      finding.evidence.map((seen) => ({ ...seen, scenario: finding.scenario })),
    ),
    scenarios: [...new Set(findings.map((finding) => finding.scenario))],
  };
}

function verdictOfStatement(
  statement: Statement,
  findings: readonly FindingMade[],
  sutFile: SutFile,
): StatementVerdict {
  if (findings.length > 0) return worstOf(findings);
  if (statement.disposition.kind === "excluded") return "excluded";
  if (statement.disposition.kind === "waiting") return "waiting";
  return bindsEither(statement, sutFile) ? "not exercised" : "not applicable";
}

/** The worst verdict that was proven; an error of Scrim in one scenario covers no failure proven in another. */
export function worstOf(findings: readonly FindingMade[]): Verdict {
  if (findings.some((finding) => finding.verdict === "fail")) return "fail";
  return findings.map((finding) => finding.verdict).reduce(worse, "noted");
}

export function bindsEither(statement: Statement, sutFile: SutFile): boolean {
  return bindsSut(statement.role, "server", sutFile) || bindsSut(statement.role, "client", sutFile);
}
