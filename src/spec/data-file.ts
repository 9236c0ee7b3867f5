/** Reading of the data files beside this one, checked against a schema. */
import { readdirSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { PlainYamlError, readPlainYaml } from "./plain-yaml.ts";

/** A data file of Scrim's own that is not what it must be: always a defect of Scrim. */
export class DataFileError extends Error {
  readonly code = "data-file";
  /** Name of the file within `src/spec`. */
  readonly file: string;

  constructor(file: string, message: string) {
    super(`src/spec/${file}: ${message}`);
    this.name = "DataFileError";
    this.file = file;
  }
}

/** Names of the YAML files in a folder of `src/spec`, in the order of their names. */
export function dataFilesIn(folder: string): readonly string[] {
  return readdirSync(new URL(`${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Throws {@link DataFileError} with every departure from the schema in one message. */
export function readDataFile<T>(file: string, schema: z.ZodType<T>): T {
  return checkedData(file, readFileSync(new URL(file, import.meta.url), "utf8"), schema);
}

export function checkedData<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(plainData(file, text));
  if (result.success) return result.data;
  const departures = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new DataFileError(file, departures.join("; "));
}

function plainData(file: string, text: string): unknown {
  try {
    return readPlainYaml(text);
  } catch (error) {
    if (error instanceof PlainYamlError) throw new DataFileError(file, error.message);
    throw error;
  }
}
