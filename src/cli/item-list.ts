/** The items of Appendix B and the General items, with what Scrim does about each: what `scrim list` shows. */
import { indexFeatures, type IndexedScenario } from "../run/feature-index.ts";
import { clauseIsWithin } from "../spec/clause-order.ts";
import { coverage, type DispositionCounts, type ItemCoverage } from "../spec/coverage.ts";
import { edgesOf, generalItemIdOf, statement, statements } from "../spec/register.ts";
import { resolveSelection, SelectionError } from "../spec/selection.ts";
import type { Statement } from "../spec/types.ts";

export interface ListedItem {
  readonly id: string;
  readonly table: string;
  readonly function: string;
  /** Null for a General item: what it demands stands in each statement's level. */
  readonly status: "M" | "O" | null;
  /** Several, with commas, where a General item speaks to several. */
  readonly role: string;
  readonly clause: { readonly printed: string; readonly corrected: readonly string[] };
  readonly statements: DispositionCounts;
  /** `features/…/….feature:line` */
  readonly scenarios: readonly string[];
}

export interface Listing {
  readonly items: readonly ListedItem[];
  /** Of a selection by clause or statement; none for others. */
  readonly statements: readonly Statement[];
  readonly scenarios: ReadonlyMap<string, IndexedScenario>;
}

/** No word: everything. Throws {@link SelectionError} for a word that means nothing. */
export function listItems(
  words: readonly string[],
  root: string,
  exists: (path: string) => boolean,
): Listing {
  const scenarios = indexFeatures(root);
  const all = coverage().map((item) => ({ item, scenarios: scenariosOf(item, scenarios) }));
  const meant = words.map((word) => meaningOf(word, scenarios, exists));
  const chosen = all.filter(
    (row) => meant.length === 0 || meant.some((one) => one.has(row.item, row.scenarios)),
  );
  return {
    items: chosen.map((row) => listed(row.item, row.scenarios)),
    statements: [...new Set(meant.flatMap((one) => one.statements))],
    scenarios: new Map(scenarios.map((scenario) => [scenario.location, scenario])),
  };
}

function listed(item: ItemCoverage, scenarios: readonly IndexedScenario[]): ListedItem {
  return {
    id: item.id,
    table: item.table,
    function: item.function,
    status: item.status ?? null,
    role: item.roles.join(", "),
    clause: item.clause,
    statements: item.statements,
    scenarios: scenarios.map(({ location }) => location),
  };
}

/** Those that name the item, or one of its statements. */
function scenariosOf(
  { id }: ItemCoverage,
  scenarios: readonly IndexedScenario[],
): readonly IndexedScenario[] {
  const tags = new Set([id, ...edgesOf(id).map((edge) => edge.statement.id)].map((name) => `@${name}`));
  return scenarios.filter((scenario) => scenario.tags.some((tag) => tags.has(tag)));
}

interface Meaning {
  readonly statements: readonly Statement[];
  has(item: ItemCoverage, scenarios: readonly IndexedScenario[]): boolean;
}

function meaningOf(
  word: string,
  scenarios: readonly IndexedScenario[],
  exists: (path: string) => boolean,
): Meaning {
  requireMeaning(word, scenarios, exists);
  const one = statement(word);
  if (one !== undefined) return ofStatements([one], () => false);
  if (word.startsWith("@"))
    return { statements: [], has: (_item, own) => own.some(({ tags }) => tags.includes(word)) };
  if (/[\\/]|\.feature/u.test(word)) return { statements: [], has: (_item, own) => own.some(isAt(word)) };
  if (/^(?:IMSpec|GEN)-/u.test(word)) return { statements: [], has: ({ id }) => id === word };
  if (/^B\.\d/u.test(word)) return { statements: [], has: ({ table }) => clauseIsWithin(table, word) };
  const within = statements().filter(({ clause }) => clauseIsWithin(clause, word));
  return ofStatements(
    within,
    ({ table, clause }) => table === "General" && clause.corrected.some((one) => clauseIsWithin(one, word)),
  );
}

function ofStatements(meant: readonly Statement[], also: (item: ItemCoverage) => boolean): Meaning {
  const items = new Set(
    meant.flatMap(({ items, clause }) =>
      items.length === 0 ? [generalItemIdOf(clause)] : items.map((edge) => edge.item),
    ),
  );
  return { statements: meant, has: (item) => items.has(item.id) || also(item) };
}

/** A word without scenarios has a meaning all the same: here it is shown why there are none. */
function requireMeaning(
  word: string,
  scenarios: readonly IndexedScenario[],
  exists: (path: string) => boolean,
): void {
  try {
    resolveSelection([word], { exists, knownTags: new Set(scenarios.flatMap(({ tags }) => tags)) });
  } catch (error) {
    if (!(error instanceof SelectionError && error.code === "nothing-bound")) throw error;
  }
}

function isAt(word: string): (scenario: IndexedScenario) => boolean {
  const plain = word.replace(/^\.\//u, "").replace(/\/$/u, "");
  return ({ location }) =>
    location === plain || location.startsWith(`${plain}/`) || location.startsWith(`${plain}:`);
}
