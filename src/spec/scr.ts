/** The tables of Appendix B: 117 items, as printed and as corrected. Data is in `scr/`, a file per group of tables. */
import { z } from "zod";
import { DataFileError, dataFilesIn, readDataFile } from "./data-file.ts";
import type { ScrItem } from "./types.ts";
import { ROLES } from "./words.ts";

const itemRow = z.strictObject({
  id: z.string().regex(/^IMSpec-[A-Z]+-[CS]-\d{3,4}$/),
  role: z.enum(ROLES),
  function: z.string().min(1),
  status: z.enum(["M", "O"]),
  printed: z.strictObject({ id: z.string().min(1), status: z.string().length(1), clause: z.string().min(1) }),
  clauses: z.array(z.string().min(1)).min(1),
  correction: z.string().min(1).exactOptional(),
  requirement: z
    .strictObject({ expression: z.string().min(1), dangling: z.array(z.string().min(1)) })
    .exactOptional(),
});

export const scrGroup = z.strictObject({
  group: z.string().regex(/^B\.\d$/),
  title: z.string().min(1),
  tables: z
    .array(
      z.strictObject({
        table: z.string().regex(/^B(\.\d)+$/),
        title: z.string().min(1),
        items: z.array(itemRow).min(1),
      }),
    )
    .min(1),
});

/** A group of tables, such as B.3 with B.3.1 to B.3.5. */
export interface ScrGroup {
  readonly group: string;
  readonly title: string;
  readonly tables: readonly {
    readonly table: string;
    readonly title: string;
    readonly items: readonly ScrItem[];
  }[];
}

interface Tables {
  readonly groups: readonly ScrGroup[];
  readonly items: readonly ScrItem[];
  readonly byId: ReadonlyMap<string, ScrItem>;
}

let tables: Tables | undefined;

/** All items, in the order of the document. */
export function scrItems(): readonly ScrItem[] {
  return loaded().items;
}

export function itemById(id: string): ScrItem | undefined {
  return loaded().byId.get(id);
}

export function scrGroups(): readonly ScrGroup[] {
  return loaded().groups;
}

function loaded(): Tables {
  tables ??= load();
  return tables;
}

function load(): Tables {
  const groups = dataFilesIn("scr")
    .map((file) => groupOf(readDataFile(file, scrGroup)))
    .sort((a, b) => a.group.localeCompare(b.group));
  const items = groups.flatMap((group) => group.tables.flatMap((table) => table.items));
  const byId = new Map(items.map((item) => [item.id, item]));
  if (byId.size !== items.length) throw new DataFileError("scr", "an item stands twice");
  return { groups, items, byId };
}

function groupOf({ group, title, tables }: z.infer<typeof scrGroup>): ScrGroup {
  return {
    group,
    title,
    tables: tables.map((table) => ({
      ...table,
      items: table.items.map((row) => ({ ...row, table: table.table, tableTitle: table.title })),
    })),
  };
}

/** What is wrong with the row as printed, a sentence each: defects of the specification, never of a SUT. */
export function defectsOf(item: ScrItem): readonly string[] {
  const { printed, requirement } = item;
  return [
    ...(item.correction === undefined ? [] : [`${readReference(item)}${item.correction}`]),
    ...(printed.id === item.id ? [] : [`The id is printed "${printed.id}".`]),
    ...(printed.status === item.status
      ? []
      : [`Status ${item.status} is printed as U+${codePoint(printed.status)}, which looks like it.`]),
    ...(requirement?.dangling ?? []).map((id) => `The requirement "${id}" is no item of any table.`),
  ];
}

function readReference({ printed, clauses }: ScrItem): string {
  const meant = clauses.join(", ");
  return printed.clause === meant ? "" : `Reference "${printed.clause}" is read as ${meant}. `;
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
