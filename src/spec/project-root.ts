/** Where the project's own files are: features, scenarios, reports. */
import path from "node:path";

/** The code may run from a copy of itself (`bin/compiled.mjs`), which has nothing else beside it. */
const COPIES = `${path.sep}.compiled${path.sep}`;

export const PROJECT_ROOT = rootOf(path.dirname(path.dirname(import.meta.dirname)));

/** The project whose code lies below `folder`, in place or as a copy. */
export function rootOf(folder: string): string {
  const at = `${folder}${path.sep}`.lastIndexOf(COPIES);
  return at < 0 ? folder : folder.slice(0, at);
}
