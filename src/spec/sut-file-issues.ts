/** Departures from the schema of a SUT file, in the words of a person who has to mend them. */
import { z } from "zod";
import { nearest } from "./nearest.ts";
import type { SutFileProblem } from "./sut-file-error.ts";
import { sutFileSchema } from "./sut-file-schema.ts";

export type Path = readonly PropertyKey[];

/** A problem whose place is still a path. */
export interface UnplacedProblem extends Omit<SutFileProblem, "line" | "column" | "path"> {
  readonly at: Path;
  /** The place is the name of the entry, not its value. */
  readonly atKey?: boolean;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "entries of its own",
  record: "entries of its own",
  array: "a list",
};

type Issue = z.core.$ZodIssue;

/** Every problem of one issue: unknown entries are told one by one. */
export function problemsOf(issue: Issue, document: unknown): readonly UnplacedProblem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownEntry([...issue.path, key], knownEntries(issue.path)));
  const value = valueAt(document, issue.path);
  if (value === undefined) return [missingEntry(issue)];
  return [
    {
      code: "wrong-value",
      at: issue.path,
      expected: expectedBy(issue),
      came: shown(value),
      advice: quoting(issue, value) ?? adviceFor(issue.path),
    },
  ];
}

/** YAML takes 1.0 for a number and yes for a truth, where a person meant a text. */
function quoting(issue: Issue, value: unknown): string | undefined {
  const meantText = issue.code === "invalid_type" && issue.expected === "string";
  return meantText && (typeof value === "number" || typeof value === "boolean")
    ? "Put it in quotes."
    : undefined;
}

function unknownEntry(at: Path, known: readonly string[]): UnplacedProblem {
  const key = String(at.at(-1));
  const near = nearest(key, known, 1)[0];
  const advice = near === undefined ? "Leave it out." : `Did you mean ${near}?`;
  return {
    code: "unknown-entry",
    at,
    atKey: true,
    expected: `one of ${known.join(", ")}`,
    came: key,
    advice,
  };
}

function missingEntry(issue: Issue): UnplacedProblem {
  return {
    code: "missing",
    at: issue.path,
    expected: expectedBy(issue),
    came: "nothing",
    advice: adviceFor(issue.path),
  };
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_WORDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "invalid_union":
      return oneOf(kindsAt(issue.path));
    case "invalid_key":
    case "too_small":
    case "too_big":
    case "invalid_format":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_element":
    case "custom":
    default:
      return issue.message;
  }
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "entries";
  return JSON.stringify(value) ?? "nothing";
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
}

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: string | number;
  readonly propertyNames?: { readonly enum?: readonly string[] };
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    description: z.string().exactOptional(),
    properties: z.record(z.string(), jsonSchema).exactOptional(),
    items: jsonSchema.exactOptional(),
    oneOf: z.array(jsonSchema).exactOptional(),
    const: z.union([z.string(), z.number()]).exactOptional(),
    propertyNames: z.object({ enum: z.array(z.string()).exactOptional() }).exactOptional(),
  }),
);

let published: JsonSchema | undefined;

/** The published schema knows the descriptions of all entries. */
function schemaOf(): JsonSchema {
  published ??= jsonSchema.parse(z.toJSONSchema(sutFileSchema, { io: "input" }));
  return published;
}

/** The schemas along a path, the outermost first; alternatives are all followed. */
function schemasAt(path: Path): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, key) =>
      schemas
        .flatMap((schema) => [schema, ...(schema.oneOf ?? [])])
        .flatMap(
          (schema) => (typeof key === "number" ? schema.items : schema.properties?.[String(key)]) ?? [],
        ),
    [schemaOf()],
  );
}

function knownEntries(path: Path): readonly string[] {
  const within = schemasAt(path).flatMap((schema) => [schema, ...(schema.oneOf ?? [])]);
  return [
    ...new Set(
      within.flatMap((schema) => schema.propertyNames?.enum ?? Object.keys(schema.properties ?? {})),
    ),
  ];
}

function kindsAt(path: Path): readonly string[] {
  return schemasAt(path).flatMap((schema) => (schema.const === undefined ? [] : [String(schema.const)]));
}

function adviceFor(path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    const description = schemasAt(path.slice(0, length)).find(
      (schema) => schema.description !== undefined,
    )?.description;
    if (description !== undefined) return `${description}.`;
  }
  return "`scrim init` writes a file that explains each entry.";
}
