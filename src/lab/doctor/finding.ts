/** What the doctor found: a sentence each, and what to do about it. */
export type Level = "ok" | "problem" | "note";

export type Subject =
  "ports" | "core" | "server" | "registration" | "trust" | "routing" | "xcap" | "control" | "client";

export interface Finding {
  readonly level: Level;
  readonly about: Subject;
  readonly says: string;
  /** What to change: an entry of the SUT file, or something at the SUT. */
  readonly change?: string;
}

/** Gathers findings, in the order in which they are made. */
export interface Findings {
  ok(about: Subject, says: string): void;
  note(about: Subject, says: string, change?: string): void;
  problem(about: Subject, says: string, change: string): void;
}

export function createFindings(onFinding: (finding: Finding) => void): Findings {
  return {
    ok: (about, says) => onFinding({ level: "ok", about, says }),
    note: (about, says, change) =>
      onFinding({ level: "note", about, says, ...(change === undefined ? {} : { change }) }),
    problem: (about, says, change) => onFinding({ level: "problem", about, says, change }),
  };
}
