/** A listing as aligned tables. */
import type { Statement } from "../spec/types.ts";
import { groupedBy, table } from "./columns.ts";
import type { ListedItem, Listing } from "./item-list.ts";

/** Of so few items the scenarios are told by name, of more only how many there are. */
const FEW = 3;
const DEFAULT_WIDTH = 140;

/** `columns`: width of the terminal; text that is cut is marked. */
export function listingText({ items, statements, scenarios }: Listing, columns?: number): string {
  const width = columns ?? DEFAULT_WIDTH;
  const head = [
    "item",
    "",
    "role",
    "clause",
    "bound",
    "excl.",
    "waiting",
    "unbound",
    "scenarios",
    "function",
  ];
  const blocks = groupedBy(items, (item) => item.table).map(
    ([name, rows]) => `${name}\n${table(head, rows.map(cellsOf), width)}`,
  );
  const named = items.length > FEW ? [] : items.flatMap(({ scenarios: places }) => places);
  const names = [...new Set(named)].map((place) => [place, scenarios.get(place)?.name ?? ""]);
  return [
    ...blocks,
    ...(names.length === 0 ? [] : [`Scenarios\n${table([], names, width)}`]),
    ...(statements.length === 0 ? [] : [statementsText(statements, width)]),
    totalOf(items),
  ].join("\n");
}

function cellsOf({ id, status, role, clause, statements, scenarios, function: does }: ListedItem): string[] {
  const meant = clause.corrected.join(", ");
  return [
    id,
    status ?? "",
    rolesInShort(role),
    meant === clause.printed ? meant : `${clause.printed} → ${meant}`,
    ...[statements.bound, statements.excluded, statements.waiting, statements.unbound].map(String),
    String(scenarios.length),
    does,
  ];
}

function rolesInShort(role: string): string {
  const [first = "", ...others] = role.split(", ");
  return others.length === 0 ? first : `${first} +${others.length}`;
}

function statementsText(statements: readonly Statement[], width: number): string {
  const rows = statements.map(({ id, level, role, says, disposition }) => [
    id,
    level,
    role,
    dispositionInWords(disposition),
    says,
  ]);
  return `Statements\n${table(["statement", "level", "role", "disposition", "says"], rows, width)}`;
}

export function dispositionInWords(disposition: Statement["disposition"]): string {
  switch (disposition.kind) {
    case "bound":
      return "bound";
    case "excluded":
      return `excluded: ${disposition.because}`;
    case "waiting":
    default:
      return `waiting for ${disposition.for}`;
  }
}

function totalOf(items: readonly ListedItem[]): string {
  const rows = items.filter(({ table }) => table !== "General");
  const general = items.length - rows.length;
  const idle = rows.filter(({ scenarios }) => scenarios.length === 0).length;
  return `${rows.length} SCR items, ${general} General items; ${idle} SCR items without a scenario\n`;
}
