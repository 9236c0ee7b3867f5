/** What a person is told when a command cannot go on: a sentence and an exit status, never a stack trace. */
import { EXIT } from "./exit-status.ts";

export class UsageError extends Error {
  readonly code = "usage";
}

/** Codes of what a person can put right: arguments, files, selection. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  "usage",
  "sut-file",
  "sut-file-exists",
  "unknown-selection",
  "nothing-bound",
  "unknown-run",
  "unknown-subject",
  "baseline",
  "no-earlier-run",
  "tag-expression",
  "not-described",
  "tls-file",
  // Of a run record.
  "cannot-read",
  "cannot-write",
  "exists",
  "not-utf-8",
  "line-too-long",
  "not-json",
  "truncated-line",
  "unknown-event",
  "wrong-type",
  "wrong-format",
  "wrong-order",
  // Of the file system.
  "ENOENT",
  "EACCES",
  "EISDIR",
  "ENOTDIR",
  "EROFS",
  "EPERM",
]);

const RIG_CODES: ReadonlySet<string> = new Set([
  "port-in-use",
  "peer-did-not-start",
  "EADDRNOTAVAIL",
  "EADDRINUSE",
]);

export function exitStatusOfError(error: unknown): number {
  const code = codeOf(error);
  // yargs throws plain errors of its own name for arguments.
  if (code === undefined) return error instanceof Error && error.name === "YError" ? EXIT.usage : EXIT.scrim;
  if (USAGE_CODES.has(code)) return EXIT.usage;
  return RIG_CODES.has(code) ? EXIT.inconclusive : EXIT.scrim;
}

export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === "port-in-use") return `${message}. End that process, or change the port in the SUT file.`;
  if (code === "EADDRNOTAVAIL")
    return `${message}. This machine has no such address: change core.bind or xdm.bind in the SUT file.`;
  return message;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
