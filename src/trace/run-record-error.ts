export type RunRecordErrorCode =
  | "cannot-read"
  | "cannot-write"
  | "exists"
  | "not-utf-8"
  | "line-too-long"
  | "not-json"
  | "truncated-line"
  | "unknown-event"
  | "wrong-type"
  | "wrong-format"
  | "wrong-order";

/**
 * What is wrong with a run record, and where: `line` and `column` count from 1, columns in characters of the line; both are 0 where the file
 * as a whole is meant.
 */
export class RunRecordError extends Error {
  readonly code: RunRecordErrorCode;
  readonly line: number;
  readonly column: number;
  readonly file: string | undefined;

  constructor(code: RunRecordErrorCode, line: number, column: number, says: string, file?: string) {
    const place = line === 0 ? "" : `(${line}:${column}) `;
    super(`${file === undefined ? "" : `${file}: `}${place}${says}`);
    this.name = "RunRecordError";
    this.code = code;
    this.line = line;
    this.column = column;
    this.file = file;
  }
}
