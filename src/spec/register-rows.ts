/** The shape of a register file: a clause, its title, and a row for each statement. */
import { z } from "zod";
import type { Disposition, Statement } from "./types.ts";
import { CAPABILITIES, EXCLUSION_REASONS, FACETS, LEVELS, ROLES } from "./words.ts";

const edge = z.strictObject({ item: z.string().min(1), when: z.enum(FACETS).exactOptional() });

const row = z
  .strictObject({
    id: z.string().regex(/^[A-Z0-9.]+-[A-Za-z0-9-]+$/),
    level: z.enum(LEVELS),
    role: z.enum(ROLES),
    observable: z.enum(["direct", "indirect", "no"]),
    profile: z.literal("ims").exactOptional(),
    says: z.string().min(10),
    items: z.array(edge),
    check: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "a check has a name in kebab-case")
      .exactOptional(),
    excluded: z
      .strictObject({ because: z.enum(EXCLUSION_REASONS), note: z.string().min(10) })
      .exactOptional(),
    waiting: z.strictObject({ for: z.enum(CAPABILITIES) }).exactOptional(),
    reading: z.string().min(5).exactOptional(),
  })
  .refine(
    (found) => [found.check, found.excluded, found.waiting].filter((word) => word !== undefined).length === 1,
    {
      message: "expected exactly one of check, excluded, waiting",
    },
  );

export const registerFile = z.strictObject({
  clause: z.string().regex(/^(\d+|[A-S])(\.\d+)*$/),
  title: z.string().min(1),
  statements: z.array(row).min(1),
});

export type RegisterFile = z.infer<typeof registerFile>;
type Row = RegisterFile["statements"][number];

export function statementOf(found: Row, clause: string): Statement {
  const { check, excluded, waiting, ...rest } = found;
  return { ...rest, clause, disposition: dispositionOf({ check, excluded, waiting }) };
}

function dispositionOf({
  check,
  excluded,
  waiting,
}: {
  readonly check: Row["check"] | undefined;
  readonly excluded: Row["excluded"] | undefined;
  readonly waiting: Row["waiting"] | undefined;
}): Disposition {
  if (check !== undefined) return { kind: "bound", check };
  if (excluded !== undefined) return { kind: "excluded", ...excluded };
  if (waiting !== undefined) return { kind: "waiting", for: waiting.for };
  throw new TypeError("a row without a disposition passed its schema");
}
