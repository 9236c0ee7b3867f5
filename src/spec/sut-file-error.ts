/** What is wrong with a SUT file, each with its place: several are told at once. */
export interface SutFileProblem {
  readonly code: "syntax" | "missing" | "unknown-entry" | "wrong-value" | "contradiction";
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The entry, such as `server.policy.adHocMaximum`. */
  readonly path: string;
  readonly expected: string;
  readonly came: string;
  /** What to do. */
  readonly advice: string;
}

export class SutFileError extends Error {
  readonly code = "sut-file";
  /** As the person named it. */
  readonly file: string;
  readonly problems: readonly SutFileProblem[];

  constructor(file: string, problems: readonly SutFileProblem[]) {
    super(problems.map((problem) => sentenceOf(file, problem)).join("\n"));
    this.name = "SutFileError";
    this.file = file;
    this.problems = problems;
  }
}

function sentenceOf(file: string, { line, column, path, expected, came, advice }: SutFileProblem): string {
  const place = `${file}:${line}:${column}`;
  const entry = path === "" ? "" : ` ${path}:`;
  return `${place}:${entry} expected ${expected}, came ${came}. ${advice}`;
}
