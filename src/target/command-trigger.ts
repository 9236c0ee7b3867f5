/** `command`: a command line for each action, with `{to}`, `{text}` and the like put in as single arguments; exit status 0 is success. */
import { execFile, type ExecFileException } from "node:child_process";
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { readAnswer, refusal, type Trigger } from "./trigger.ts";

/** Bytes. */
const OUTPUT_LIMIT = 1_000_000;

/** Characters of what a command prints that is no answer of the vocabulary. */
const SAYS_LIMIT = 2_000;

export function commandTrigger(config: {
  readonly commands: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}): Trigger {
  return {
    perform(action: Action): Promise<ActionAnswer> {
      const template = config.commands[action.action];
      if (template === undefined)
        return Promise.resolve(refusal("unsupported", `the SUT file has no command for "${action.action}"`));
      const [program = "", ...args] = splitWords(template).map((word) => fill(word, action));
      return execute(program, args, config.timeoutMs);
    },
    close: () => Promise.resolve(),
  };
}

function execute(program: string, args: readonly string[], timeout: number): Promise<ActionAnswer> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void =>
      resolve(
        error === null
          ? answerOf(stdout, program)
          : refusal("failed", `${program} ${whyOf(error, stderr, timeout)}`),
      );
    try {
      // A command that does not listen to reason is ended all the same.
      const limits = { timeout, maxBuffer: OUTPUT_LIMIT, killSignal: "SIGKILL" } as const;
      execFile(program, [...args], limits, done).stdin?.end();
    } catch (error) {
      resolve(
        refusal(
          "failed",
          `${program} cannot be started: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    }
  });
}

function answerOf(stdout: string, program: string): ActionAnswer {
  return stdout.trimStart().startsWith("{")
    ? readAnswer(stdout, program)
    : { version: 1, ok: true, says: stdout.trim().slice(0, SAYS_LIMIT) };
}

function whyOf(error: ExecFileException, stderr: string, timeout: number): string {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `wrote more than ${OUTPUT_LIMIT} bytes`;
  if (error.killed === true) return `did not end within ${timeout} ms`;
  return `failed: ${stderr.trim().slice(0, 200) || error.message}`;
}

/** Words of a command line; quotes keep blanks together. No shell reads it, so nothing in a message text can become a command. */
export function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}

/** `{json}` is the whole action; `{to}` joins a list with commas. */
export function fill(word: string, action: Action): string {
  const values: Readonly<Record<string, unknown>> = {
    ...action,
    json: JSON.stringify({ version: 1, ...action }),
  };
  return word.replace(/\{(\w+)\}/gu, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (Array.isArray(value)) return value.join(",");
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}
