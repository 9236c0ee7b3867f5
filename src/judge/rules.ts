/** What is judged by: the checks, and the register that says what each statement is worth. */
import { loadChecks } from "../check/load-checks.ts";
import { universalStatements } from "../check/universal/statements.ts";
import { generalItemIdOf, statements as registered } from "../spec/register.ts";
import type { Statement } from "../spec/types.ts";
import type { JudgingRules } from "./judge-scenario.ts";

/** The statements of the register and those that hold of every message, each with its edges: to SCR items, else to the General item of its clause. */
export function judgedStatements(): readonly Statement[] {
  return [...registered(), ...universalStatements].map(withGeneralEdge);
}

function withGeneralEdge(statement: Statement): Statement {
  return statement.items.length > 0
    ? statement
    : { ...statement, items: [{ item: generalItemIdOf(statement.clause) }] };
}

export async function loadRules(): Promise<JudgingRules> {
  const byId = new Map(judgedStatements().map((statement) => [statement.id, statement]));
  return { checks: await loadChecks(), statement: (id) => byId.get(id) };
}
