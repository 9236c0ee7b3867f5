/** How much of each item is bound, excluded, waiting, or not registered yet: what `scrim list` shows. */
import { cataloguedClauses } from "./catalogue.ts";
import { edgesOf, generalItemIdOf, generalItems, registeredClauses } from "./register.ts";
import { scrItems } from "./scr.ts";
import type { Role, ScrItem, Statement, Status } from "./types.ts";

export interface DispositionCounts {
  readonly bound: number;
  readonly excluded: number;
  readonly waiting: number;
  /** Statements that the specification has and the register does not, so far. */
  readonly unbound: number;
}

export interface ItemCoverage {
  readonly id: string;
  /** `B.3.5`; for a General item `General`. */
  readonly table: string;
  readonly tableTitle: string;
  readonly function: string;
  /** General items have no status: what they demand stands in each statement's level. */
  readonly status: Status | undefined;
  /** One role of a row; a General item may speak to several. */
  readonly roles: readonly Role[];
  readonly clause: { readonly printed: string; readonly corrected: readonly string[] };
  readonly statements: DispositionCounts;
}

/** All 117 items in the order of the document, then the General items of the clauses. */
export function coverage(): readonly ItemCoverage[] {
  return [...scrItems().map(coverageOfItem), ...generalCoverage()];
}

function coverageOfItem(item: ScrItem): ItemCoverage {
  const registered = edgesOf(item.id).map((edge) => edge.statement);
  return {
    id: item.id,
    table: item.table,
    tableTitle: item.tableTitle,
    function: item.function,
    status: item.status,
    roles: [item.role],
    clause: { printed: item.printed.clause, corrected: item.clauses },
    statements: countsOf(registered, unregisteredOf(item.id)),
  };
}

function generalCoverage(): readonly ItemCoverage[] {
  const registered = new Map(generalItems().map((item) => [item.clause, item]));
  const unregistered = unregisteredClauses();
  return cataloguedClauses().flatMap(({ clause, general }) => {
    const item = registered.get(clause);
    const missing = unregistered.has(clause) ? general : 0;
    if (item === undefined && missing === 0) return [];
    return [generalCoverageOf(clause, item?.title ?? "", item?.statements ?? [], missing)];
  });
}

function generalCoverageOf(
  clause: string,
  title: string,
  statements: readonly Statement[],
  missing: number,
): ItemCoverage {
  return {
    id: generalItemIdOf(clause),
    table: "General",
    tableTitle: "Statements that no item of Appendix B references",
    function: title,
    status: undefined,
    roles: [...new Set(statements.map((statement) => statement.role))],
    clause: { printed: clause, corrected: [clause] },
    statements: countsOf(statements, missing),
  };
}

/** A statement with several guards for one item counts once. */
function countsOf(statements: readonly Statement[], unbound: number): DispositionCounts {
  const once = [...new Set(statements)];
  const count = (kind: Statement["disposition"]["kind"]): number =>
    once.filter((statement) => statement.disposition.kind === kind).length;
  return { bound: count("bound"), excluded: count("excluded"), waiting: count("waiting"), unbound };
}

function unregisteredOf(item: string): number {
  const unregistered = unregisteredClauses();
  return cataloguedClauses()
    .filter(({ clause }) => unregistered.has(clause))
    .reduce((sum, { items }) => sum + (items[item] ?? 0), 0);
}

function unregisteredClauses(): ReadonlySet<string> {
  const registered = new Set(registeredClauses().map(({ clause }) => clause));
  return new Set(
    cataloguedClauses()
      .map(({ clause }) => clause)
      .filter((clause) => !registered.has(clause)),
  );
}
