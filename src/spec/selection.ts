/**
 * What a person selects of the suite: an SCR item, a table or group of tables, a clause with its subclauses, a statement, a General item, a
 * tag, or a feature path. Becomes a tag expression and paths for cucumber, and the statements that are meant.
 */
import { cataloguedClauses } from "./catalogue.ts";
import { clauseIsWithin } from "./clause-order.ts";
import { nearest } from "./nearest.ts";
import { edgesOf, generalItems, statement, statements } from "./register.ts";
import { itemById, scrGroups, scrItems } from "./scr.ts";
import type { Statement } from "./types.ts";

export interface Selection {
  /** Cucumber tag expression; undefined: no tag is asked for. */
  readonly tags: string | undefined;
  /** Feature paths, as given, with line numbers; none: all features. */
  readonly paths: readonly string[];
  /** Ids of the statements that the words mean; those of a path or a free tag are known only when the features are read. */
  readonly statements: ReadonlySet<string>;
  /** Ids of SCR and General items that the words mean. */
  readonly items: ReadonlySet<string>;
}

export interface SelectionContext {
  /** Whether a feature file or folder is there. */
  readonly exists: (path: string) => boolean;
  /** All tags of the features, where they are known: then a tag that no scenario has is an error. */
  readonly knownTags?: ReadonlySet<string>;
}

export class SelectionError extends Error {
  readonly code: "unknown-selection" | "nothing-bound";
  readonly word: string;
  readonly suggestions: readonly string[];

  constructor(
    code: "unknown-selection" | "nothing-bound",
    word: string,
    message: string,
    suggestions: readonly string[] = [],
  ) {
    super(message);
    this.name = "SelectionError";
    this.code = code;
    this.word = word;
    this.suggestions = suggestions;
  }
}

/** What one word means. */
interface Meaning {
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  readonly statements: readonly string[];
  readonly items: readonly string[];
}

/** No word selects everything. Throws {@link SelectionError}. */
export function resolveSelection(words: readonly string[], context: SelectionContext): Selection {
  const meanings = words.map((word) => meaningOf(word, context));
  const tags = [...new Set(meanings.flatMap((meaning) => meaning.tags))];
  return {
    tags: tags.length === 0 ? undefined : tags.join(" or "),
    paths: meanings.flatMap((meaning) => meaning.paths),
    statements: new Set(meanings.flatMap((meaning) => meaning.statements)),
    items: new Set(meanings.flatMap((meaning) => meaning.items)),
  };
}

const READERS: readonly ((word: string, context: SelectionContext) => Meaning | undefined)[] = [
  pathMeaning,
  tagMeaning,
  statementMeaning,
  itemMeaning,
  tableMeaning,
  generalMeaning,
  clauseMeaning,
];

function meaningOf(word: string, context: SelectionContext): Meaning {
  for (const read of READERS) {
    const meaning = read(word, context);
    if (meaning !== undefined) return meaning;
  }
  throw unknown(word, "an SCR item, table, clause, statement, @tag or feature path", allWords());
}

function pathMeaning(word: string, { exists }: SelectionContext): Meaning | undefined {
  if (!/[\\/]|\.feature(?::\d+)*$/.test(word)) return undefined;
  if (!exists(word.replace(/(?::\d+)+$/, "")))
    throw unknown(word, "a feature file or folder that is there", []);
  return { tags: [], paths: [word], statements: [], items: [] };
}

function tagMeaning(word: string, { knownTags }: SelectionContext): Meaning | undefined {
  if (!word.startsWith("@")) return undefined;
  if (knownTags !== undefined && !knownTags.has(word))
    throw unknown(word, "a tag of the features", knownTags);
  const named = statement(word.slice(1));
  return { tags: [escapeTag(word)], paths: [], statements: named === undefined ? [] : [named.id], items: [] };
}

function statementMeaning(word: string): Meaning | undefined {
  const found = statement(word);
  if (found === undefined) return undefined;
  if (found.disposition.kind !== "bound")
    throw new SelectionError("nothing-bound", word, `${word} has no scenario: ${whyNot(found)}.`);
  return { tags: [escapeTag(`@${word}`)], paths: [], statements: [word], items: [] };
}

function itemMeaning(word: string): Meaning | undefined {
  return itemById(word) === undefined ? undefined : itemsMeaning(word, [word], [`@${word}`]);
}

function tableMeaning(word: string): Meaning | undefined {
  if (!/^B(\.\d)+$/.test(word)) return undefined;
  const tables = scrGroups().flatMap((group) => group.tables.map(({ table }) => table));
  const within = tables.filter((table) => clauseIsWithin(table, word));
  if (within.length === 0)
    throw unknown(word, "a table of Appendix B", [...scrGroups().map(({ group }) => group), ...tables]);
  const items = scrItems()
    .filter(({ table }) => within.includes(table))
    .map(({ id }) => id);
  return itemsMeaning(
    word,
    items,
    [...within, ...items].map((name) => `@${name}`),
  );
}

function itemsMeaning(word: string, items: readonly string[], tags: readonly string[]): Meaning {
  const meant = items.flatMap((item) => edgesOf(item).map((edge) => edge.statement));
  return { tags: tags.map(escapeTag), paths: [], statements: boundIn(word, meant), items };
}

/** A General item: scenarios with the tag of one of its statements, or with its own. */
function generalMeaning(word: string): Meaning | undefined {
  const item = generalItems().find(({ id }) => id === word);
  if (item === undefined) return undefined;
  const meant = boundIn(word, item.statements);
  return {
    tags: [word, ...meant].map((name) => escapeTag(`@${name}`)),
    paths: [],
    statements: meant,
    items: [word],
  };
}

function clauseMeaning(word: string): Meaning | undefined {
  const clauses = cataloguedClauses().filter(({ clause }) => clauseIsWithin(clause, word));
  if (clauses.length === 0) return undefined;
  const meant = boundIn(
    word,
    statements().filter(({ clause }) => clauseIsWithin(clause, word)),
  );
  return { tags: meant.map((id) => escapeTag(`@${id}`)), paths: [], statements: meant, items: [] };
}

function boundIn(word: string, meant: readonly Statement[]): readonly string[] {
  const bound = meant.filter(({ disposition }) => disposition.kind === "bound").map(({ id }) => id);
  if (bound.length > 0) return [...new Set(bound)];
  const reason =
    meant.length === 0
      ? "none of its statements is registered yet"
      : "those of its statements that are registered are excluded or waiting";
  throw new SelectionError(
    "nothing-bound",
    word,
    `${word} has no scenario: ${reason}. \`scrim list ${word}\` shows it.`,
  );
}

function whyNot({ disposition }: Statement): string {
  switch (disposition.kind) {
    case "waiting":
      return `it waits for ${disposition.for}`;
    case "excluded":
      return `excluded, ${disposition.because}. ${disposition.note.replace(/\.$/, "")}`;
    case "bound":
    default:
      return `bound to ${disposition.check}`;
  }
}

/** Words of a tag expression that would be read as its operators. */
function escapeTag(tag: string): string {
  return tag.replace(/[\\()\s]/g, (character) => `\\${character}`);
}

function allWords(): readonly string[] {
  return [
    ...scrItems().map(({ id }) => id),
    ...scrGroups().flatMap(({ group, tables }) => [group, ...tables.map(({ table }) => table)]),
    ...generalItems().map(({ id }) => id),
    ...cataloguedClauses().map(({ clause }) => clause),
    ...statements().map(({ id }) => id),
  ];
}

function unknown(word: string, expected: string, known: Iterable<string>): SelectionError {
  const suggestions = nearest(word, known);
  const next =
    suggestions.length === 0
      ? "`scrim list` shows what can be selected."
      : `Did you mean ${suggestions.join(", ")}?`;
  return new SelectionError(
    "unknown-selection",
    word,
    `Expected ${expected}, came ${JSON.stringify(word)}. ${next}`,
    suggestions,
  );
}
