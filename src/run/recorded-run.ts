/** A run that was recorded: where it is, and what its record holds. */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { nearest } from "../spec/nearest.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent, RunOpened } from "../trace/event.ts";
import { readRun, type RunRecord } from "../trace/ndjson.ts";

export const RUN_RECORD = "run.ndjson";

export interface RunPlace {
  /** As a person names it. */
  readonly name: string;
  readonly folder: string;
  readonly record: string;
}

export interface RecordedRun extends RunPlace {
  /** All of the record, in its order. */
  readonly events: readonly RunEvent[];
  readonly opened: RunOpened;
  readonly sutFile: SutFile;
  /** What is wrong with the record without making it unreadable, a sentence each. */
  readonly remarks: readonly string[];
}

export class UnknownRunError extends Error {
  readonly code: "unknown-run" | "no-earlier-run";
  constructor(code: UnknownRunError["code"], message: string) {
    super(message);
    this.name = "UnknownRunError";
    this.code = code;
  }
}

/** `word`: a folder, a record, or the name of a folder in `reports`, which is where runs are kept. Throws {@link UnknownRunError}. */
export function findRun(word: string, reports: string): RunPlace {
  for (const candidate of [path.resolve(word), path.join(reports, word)]) {
    const found = runAt(candidate);
    if (found !== undefined) return found;
  }
  const names = namesOfRuns(reports);
  const suggestions = nearest(word, names);
  const next =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(", ")}?`
      : names.length > 0
        ? `The newest is ${names.at(-1) ?? ""}.`
        : "There is none yet: `scrim run` makes one.";
  throw new UnknownRunError(
    "unknown-run",
    `${word} is no run: expected a folder with ${RUN_RECORD}, such a file, or the name of a folder in reports/. ${next}`,
  );
}

function runAt(place: string): RunPlace | undefined {
  if (!existsSync(place)) return undefined;
  if (!statSync(place).isDirectory()) return { name: place, folder: path.dirname(place), record: place };
  const record = path.join(place, RUN_RECORD);
  return existsSync(record) ? { name: path.basename(place), folder: place, record } : undefined;
}

/** The run in `reports` that was begun last; undefined: there is none. */
export function newestRun(reports: string): RunPlace | undefined {
  const name = namesOfRuns(reports).at(-1);
  return name === undefined ? undefined : runAt(path.join(reports, name));
}

/** Their names begin with date and time. */
function namesOfRuns(reports: string): readonly string[] {
  if (!existsSync(reports)) return [];
  return readdirSync(reports, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(reports, entry.name, RUN_RECORD)))
    .map((entry) => entry.name)
    .sort();
}

/** Throws `RunRecordError` for what is no record, {@link UnknownRunError} for one that ends before it began. */
export async function loadRun(place: RunPlace): Promise<RecordedRun> {
  const record = await readRun(place.record);
  const [opened] = record.events;
  if (opened?.type !== "run-opened")
    throw new UnknownRunError(
      "unknown-run",
      `${place.record} ends within its first line: nothing of the run was recorded. Run it again.`,
    );
  return {
    ...place,
    events: inOrder(record),
    opened,
    sutFile: opened.sutFile,
    remarks: record.problems.map(({ line, message }) => `${place.record}:${line}: ${message}`),
  };
}

/** Events, findings and verdicts as they stand in the record. */
export function inOrder({ events, findings, verdicts }: RunRecord): readonly RunEvent[] {
  return [...events, ...findings, ...verdicts].sort((a, b) => a.seq - b.seq);
}
