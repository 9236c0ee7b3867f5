/** What the command line takes from the project's own files. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { PROJECT_ROOT } from "../spec/project-root.ts";

/** Where runs are kept unless told otherwise. */
export const REPORTS = path.join(PROJECT_ROOT, "reports");

/** The SUT file of the bundled reference. */
export const REFERENCE_FILE = path.join(PROJECT_ROOT, "scenarios", "sut", "reference.yaml");

export function projectVersion(): string {
  const described: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, "package.json"), "utf8"));
  if (typeof described !== "object" || described === null || !("version" in described)) return "0";
  return typeof described.version === "string" ? described.version : "0";
}
