/** How many normative statements the specification has, clause by clause: what the register is measured by. Data is in `catalogue.yaml`. */
import { z } from "zod";
import { readDataFile } from "./data-file.ts";

const catalogueFile = z.strictObject({
  clauses: z.array(
    z.strictObject({
      clause: z.string().min(1),
      statements: z.int().positive(),
      /** Statements that no SCR item references. Told, as `items` is, for clauses without a register only. */
      general: z.int().nonnegative().default(0),
      /** Statements by SCR item that references them. */
      items: z.record(z.string(), z.int().positive()).default({}),
    }),
  ),
});

export interface CataloguedClause {
  readonly clause: string;
  readonly statements: number;
  readonly general: number;
  readonly items: Readonly<Record<string, number>>;
}

let catalogue: readonly CataloguedClause[] | undefined;

/** Every clause with normative text, in the order of the document. */
export function cataloguedClauses(): readonly CataloguedClause[] {
  catalogue ??= readDataFile("catalogue.yaml", catalogueFile).clauses;
  return catalogue;
}
