/**
 * All checks: those of the files of this folder that are named for a clause (`8.3.2.1-message-explosion.ts`), and those of `universal/`.
 * A new file is found by its name; there is no list to keep.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Check } from "./check.ts";

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** A clause number, or a letter of an appendix with one or without. */
const CLAUSE_FILE = /^(?:\d+\.|[A-Z][.-])[\w.-]+\.[jt]s$/u;

let loaded: Promise<readonly Check[]> | undefined;

export function loadChecks(): Promise<readonly Check[]> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<readonly Check[]> {
  const clauses = readdirSync(HERE).filter((name) => CLAUSE_FILE.test(name));
  const universal = readdirSync(path.join(HERE, "universal")).map((name) => path.join("universal", name));
  const files = [...clauses, ...universal]
    .filter((name) => /\.[jt]s$/u.test(name) && !name.endsWith(".test.ts"))
    .sort();
  const modules: readonly unknown[] = await Promise.all(
    files.map((name): Promise<unknown> => import(pathToFileURL(path.join(HERE, name)).href)),
  );
  return modules.flatMap(exportsOf).filter(isCheck);
}

/** A file may export a list where its statements are checked alike. */
function exportsOf(module: unknown): readonly unknown[] {
  return typeof module === "object" && module !== null ? Object.values(module).flat() : [];
}

function isCheck(value: unknown): value is Check {
  return typeof value === "object" && value !== null && "statement" in value && "run" in value;
}
