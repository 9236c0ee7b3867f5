/** Every fault there is: those that the files of this folder that are named by a clause export. */
import { readdir } from "node:fs/promises";
import type { Fault } from "./fault.ts";

/** `8.3.2.1.ts`, `F.1.ts`, `8.3.2.1-copies.ts`; `universal.ts` for what holds of every message. */
const CLAUSE_FILE = /^(?:universal|\d+|[A-Z])(?:\.\d+)*(?:-[a-z-]+)?\.[jt]s$/;

/** Fails when a file exports no faults, or two faults share an id. */
export async function allFaults(): Promise<readonly Fault[]> {
  const files = (await readdir(import.meta.dirname)).filter((name) => CLAUSE_FILE.test(name)).toSorted();
  const lists = await Promise.all(files.map(faultsOf));
  const faults = lists.flat();
  const twice = faults.find((fault, index) => faults.findIndex(({ id }) => id === fault.id) !== index);
  if (twice) throw new Error(`two faults have the id ${twice.id}: say what they do in different words`);
  return faults;
}

async function faultsOf(file: string): Promise<readonly Fault[]> {
  const exported: unknown = await import(/* @vite-ignore */ new URL(file, import.meta.url).href);
  if (holdsFaults(exported)) return exported.faults;
  throw new Error(`src/fault/${file} exports no list \`faults\``);
}

function holdsFaults(exported: unknown): exported is { readonly faults: readonly Fault[] } {
  return (
    typeof exported === "object" &&
    exported !== null &&
    "faults" in exported &&
    Array.isArray(exported.faults)
  );
}
