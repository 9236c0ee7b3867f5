/**
 * The record of a run, one event a line (`run.ndjson`). The writer hands every line to the operating system before it returns, so that a
 * killed run leaves all that was recorded, but perhaps the end of its last line. The reader believes nothing that it has not checked.
 */
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from "node:fs";
import type { FindingMade, RunEvent, ScenarioJudged, TraceEvent } from "./event.ts";
import { isRunEvent, problemOfEvent } from "./event-schema.ts";
import { jsonErrorOffset, jsonValueOffset } from "./json-position.ts";
import { RunRecordError } from "./run-record-error.ts";
import type { RunRecordErrorCode } from "./run-record-error.ts";

export { RunRecordError } from "./run-record-error.ts";

/** Bytes in a line, unless said otherwise. A cut message never comes near; a SUT file with a very large pool may. */
export const DEFAULT_LINE_LIMIT = 16 * 1024 * 1024;

export interface RunWriter {
  readonly path: string;
  /** @throws {RunRecordError} `cannot-write`, with the line that is lost */
  write(event: RunEvent): void;
  /** Several lines in one go. @throws {RunRecordError} `cannot-write`, with the first line that may be lost */
  writeAll(events: readonly RunEvent[]): void;
  close(): void;
}

/**
 * Begins a record at `path`, which must not exist.
 * @throws {RunRecordError} `exists`, `cannot-write`
 */
export function createRunWriter(path: string): RunWriter {
  let file: number | undefined = openNew(path);
  let line = 0;
  const writeAll = (events: readonly RunEvent[]): void => {
    const first = line + 1;
    line += events.length;
    if (file === undefined) throw new RunRecordError("cannot-write", first, 1, "the record is closed", path);
    try {
      writeWhole(file, events.map(encodeEvent).join(""));
    } catch (error) {
      throw new RunRecordError("cannot-write", first, 1, `the line is lost: ${messageOf(error)}`, path);
    }
  };
  return {
    path,
    write: (event) => writeAll([event]),
    writeAll,
    close() {
      if (file === undefined) return;
      const open = file;
      file = undefined;
      fsyncSync(open);
      closeSync(open);
    },
  };
}

/** One line of the record, with its end. */
export function encodeEvent(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

export interface RunProblem {
  readonly code: RunRecordErrorCode;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface RunRecord {
  readonly events: readonly TraceEvent[];
  readonly findings: readonly FindingMade[];
  readonly verdicts: readonly ScenarioJudged[];
  /** Whether the run came to its end; a record that was cut short proves presence, never absence. */
  readonly complete: boolean;
  /** What is wrong with the record without making it unreadable: a last line that was cut. */
  readonly problems: readonly RunProblem[];
}

export interface ReadOptions {
  /** Longest line, in bytes. */
  readonly lineLimit?: number;
  /** Named in errors. */
  readonly file?: string;
}

/**
 * Reads a record, also one that grew up to some byte only.
 * @throws {RunRecordError} where a line is not an event, or the file cannot be read
 */
export async function readRun(path: string, options: ReadOptions = {}): Promise<RunRecord> {
  const reader = createRunReader({ file: path, ...options });
  try {
    const chunks: AsyncIterable<Buffer> = createReadStream(path);
    for await (const chunk of chunks) reader.push(chunk);
  } catch (error) {
    if (error instanceof RunRecordError) throw error;
    throw new RunRecordError("cannot-read", 0, 0, `cannot be read: ${messageOf(error)}`, path);
  }
  return reader.end();
}

/** As `readRun`, for a record that is at hand. */
export function readRunBytes(bytes: Uint8Array, options: ReadOptions = {}): RunRecord {
  const reader = createRunReader(options);
  reader.push(bytes);
  return reader.end();
}

export interface RunReader {
  /** @throws {RunRecordError} */
  push(chunk: Uint8Array): void;
  /** @throws {RunRecordError} */
  end(): RunRecord;
}

/** Reads a record in pieces of any size. */
export function createRunReader(options: ReadOptions = {}): RunReader {
  const limit = options.lineLimit ?? DEFAULT_LINE_LIMIT;
  const lines = createLineParser(options.file);
  let pending: Uint8Array[] = [];
  let pendingLength = 0;

  function hold(part: Uint8Array): void {
    pendingLength += part.length;
    if (pendingLength > limit) {
      const says = `the line is longer than ${limit} bytes; is this a run record?`;
      throw new RunRecordError("line-too-long", lines.count + 1, 1, says, options.file);
    }
    pending.push(part);
  }

  function takeLine(): Uint8Array {
    const line = pending.length === 1 && pending[0] !== undefined ? pending[0] : Buffer.concat(pending);
    pending = [];
    pendingLength = 0;
    return line;
  }

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
        hold(chunk.subarray(start, end));
        lines.line(takeLine());
        start = end + 1;
      }
      if (start < chunk.length) hold(Uint8Array.from(chunk.subarray(start)));
    },
    end() {
      if (pendingLength > 0) lines.lastLine(takeLine());
      return lines.record();
    },
  };
}

interface LineParser {
  readonly count: number;
  line(bytes: Uint8Array): void;
  /** A line without its end: a whole event, or one that was cut. */
  lastLine(bytes: Uint8Array): void;
  record(): RunRecord;
}

function createLineParser(file: string | undefined): LineParser {
  const events: TraceEvent[] = [];
  const findings: FindingMade[] = [];
  const verdicts: ScenarioJudged[] = [];
  const problems: RunProblem[] = [];
  let count = 0;
  let last: { seq: number; at: number } = { seq: 0, at: 0 };
  let complete = false;

  const fail = (code: RunRecordErrorCode, column: number, says: string): RunRecordError =>
    new RunRecordError(code, count, column, says, file);

  function accept(event: RunEvent, text: string): void {
    const column = (member: string): number => jsonValueOffset(text, [member]) + 1;
    if (last.seq === 0 && event.type !== "run-opened") {
      throw fail("wrong-format", column("type"), `expected run-opened first, came ${event.type}`);
    }
    if (last.seq > 0 && event.type === "run-opened") {
      throw fail("wrong-order", column("type"), "a second run-opened; a record holds one run");
    }
    if (event.seq !== last.seq + 1) {
      throw fail("wrong-order", column("seq"), `expected seq ${last.seq + 1}, came ${event.seq}`);
    }
    if (event.at < last.at)
      throw fail("wrong-order", column("at"), `time goes back from ${last.at} to ${event.at}`);
    last = { seq: event.seq, at: event.at };
    if (event.type === "finding") findings.push(event);
    else if (event.type === "scenario-judged") verdicts.push(event);
    else events.push(event);
    if (event.type === "run-closed") complete = event.how === "complete";
  }

  function parse(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw fail("not-json", (jsonErrorOffset(text) ?? 0) + 1, "expected an event as a JSON object");
    }
    if (isRunEvent(value)) {
      accept(value, text);
      return;
    }
    const problem = problemOfEvent(value);
    throw fail(problem.code, jsonValueOffset(text, problem.path) + 1, problem.says);
  }

  return {
    get count() {
      return count;
    },
    line(bytes) {
      count += 1;
      parse(decode(bytes, (column) => fail("not-utf-8", column, "expected UTF-8")));
    },
    lastLine(bytes) {
      count += 1;
      const text = decode(bytes, (column) => fail("not-utf-8", column, "expected UTF-8"), "cut");
      if (jsonErrorOffset(text) === text.length) {
        const message = "the record ends within this line, as after a kill; the event on it is lost";
        problems.push({ code: "truncated-line", line: count, column: text.length + 1, message });
        return;
      }
      parse(text);
    },
    record: () => ({ events, findings, verdicts, complete, problems }),
  };
}

/** `cut`: the bytes may end within a character. */
function decode(
  bytes: Uint8Array,
  fail: (column: number) => RunRecordError,
  end: "whole" | "cut" = "whole",
): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, {
      stream: end === "cut",
    });
  } catch {
    // U+FFFD stands where the first wrong byte was, or where the text itself has one.
    throw fail(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).indexOf("\uFFFD") + 1);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx");
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (exists) throw new RunRecordError("exists", 0, 0, "is there already; name another directory", path);
    throw new RunRecordError("cannot-write", 0, 0, `cannot be written: ${messageOf(error)}`, path);
  }
}

/** The text goes to the system without a copy of ours, as a rule; it may take a part only. */
function writeWhole(file: number, text: string): void {
  let done = writeSync(file, text, null, "utf8");
  if (done === Buffer.byteLength(text, "utf8")) return;
  const bytes = Buffer.from(text, "utf8");
  while (done < bytes.length) done += writeSync(file, bytes, done);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
