/**
 * The requirement register: every normative statement of the clauses that were worked through, bound to a check, excluded with a reason, or
 * waiting for a capability. Data is in `register/`, a file per clause.
 */
import { compareClauses } from "./clause-order.ts";
import { DataFileError, dataFilesIn, readDataFile } from "./data-file.ts";
import { registerFile, statementOf } from "./register-rows.ts";
import { itemById } from "./scr.ts";
import type { Edge, Statement } from "./types.ts";

export interface RegisteredClause {
  readonly clause: string;
  readonly title: string;
  readonly statements: readonly Statement[];
}

/** The statements of a clause that no row of Appendix B references, counted and reported like a row: `GEN-6.1.1.1`. */
export interface GeneralItem {
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly statements: readonly Statement[];
}

export interface StatementEdge extends Edge {
  readonly statement: Statement;
}

interface Register {
  readonly clauses: readonly RegisteredClause[];
  readonly statements: readonly Statement[];
  readonly byId: ReadonlyMap<string, Statement>;
  readonly byCheck: ReadonlyMap<string, Statement>;
  readonly edges: ReadonlyMap<string, readonly StatementEdge[]>;
  readonly general: readonly GeneralItem[];
}

let register: Register | undefined;

/** All registered statements, in the order of the document. */
export function statements(): readonly Statement[] {
  return loaded().statements;
}

export function statement(id: string): Statement | undefined {
  return loaded().byId.get(id);
}

export function isStatementId(word: string): boolean {
  return loaded().byId.has(word);
}

/** The statement that a check of this name judges. */
export function statementOfCheck(check: string): Statement | undefined {
  return loaded().byCheck.get(check);
}

/** The statements that are evidence for an item (an SCR item or a General one), each with its guard. */
export function edgesOf(item: string): readonly StatementEdge[] {
  return loaded().edges.get(item) ?? [];
}

/** A General item for each clause with statements that no SCR item references. */
export function generalItems(): readonly GeneralItem[] {
  return loaded().general;
}

export function registeredClauses(): readonly RegisteredClause[] {
  return loaded().clauses;
}

export function generalItemIdOf(clause: string): string {
  return `GEN-${clause}`;
}

function loaded(): Register {
  register ??= registerFrom(dataFilesIn("register").map(readClause));
  return register;
}

function readClause(file: string): RegisteredClause {
  const { clause, title, statements } = readDataFile(file, registerFile);
  if (file !== `register/${clause}.yaml`)
    throw new DataFileError(file, `expected the clause of the file name, came ${clause}`);
  return { clause, title, statements: statements.map((row) => statementOf(row, clause)) };
}

/** Throws {@link DataFileError} if an id or a check stands twice, a statement is in the wrong clause, or an edge leads nowhere. */
export function registerFrom(read: readonly RegisteredClause[]): Register {
  const clauses = [...read].sort((a, b) => compareClauses(a.clause, b.clause));
  const all = clauses.flatMap((clause) => clause.statements);
  all.forEach(requirePlace);
  const general = clauses.flatMap(generalItemOf);
  return {
    clauses,
    statements: all,
    byId: uniqueBy(all, (found) => found.id),
    byCheck: uniqueBy(
      all.filter((found) => found.disposition.kind === "bound"),
      (found) => (found.disposition.kind === "bound" ? found.disposition.check : found.id),
    ),
    edges: edgesByItem(all, general),
    general,
  };
}

function requirePlace(found: Statement): void {
  const file = `register/${found.clause}.yaml`;
  if (!found.id.startsWith(`${found.clause}-`))
    throw new DataFileError(file, `${found.id} belongs to another clause`);
  for (const { item } of found.items)
    if (itemById(item) === undefined)
      throw new DataFileError(file, `${found.id} has an edge to ${item}, which is no SCR item`);
}

function uniqueBy(
  all: readonly Statement[],
  keyOf: (found: Statement) => string,
): ReadonlyMap<string, Statement> {
  const byKey = new Map<string, Statement>();
  for (const found of all) {
    const key = keyOf(found);
    if (byKey.has(key)) throw new DataFileError(`register/${found.clause}.yaml`, `${key} stands twice`);
    byKey.set(key, found);
  }
  return byKey;
}

function generalItemOf({ clause, title, statements }: RegisteredClause): readonly GeneralItem[] {
  const unreferenced = statements.filter((found) => found.items.length === 0);
  return unreferenced.length === 0
    ? []
    : [{ id: generalItemIdOf(clause), clause, title, statements: unreferenced }];
}

function edgesByItem(
  all: readonly Statement[],
  general: readonly GeneralItem[],
): ReadonlyMap<string, readonly StatementEdge[]> {
  const edges = new Map<string, StatementEdge[]>();
  const add = (item: string, edge: StatementEdge): void => {
    const known = edges.get(item);
    if (known === undefined) edges.set(item, [edge]);
    else known.push(edge);
  };
  for (const found of all) for (const edge of found.items) add(edge.item, { ...edge, statement: found });
  for (const { id, statements } of general)
    for (const found of statements) add(id, { item: id, statement: found });
  return edges;
}
