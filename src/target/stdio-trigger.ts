/** `stdio`: JSON lines to a driver process, one line an action, one line an answer, in order. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { createLineReader } from "./line-reader.ts";
import { readAnswer, refusal, type Trigger } from "./trigger.ts";

interface Pending {
  readonly settle: (answer: ActionAnswer) => void;
}

/** Bytes. */
const LINE_LIMIT = 1_000_000;

export function stdioTrigger(config: {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}): Trigger {
  const pending: Pending[] = [];
  let child: ChildProcessWithoutNullStreams | undefined;
  let gone: string | undefined;

  const fail = (why: string): void => {
    gone ??= why;
    for (const { settle } of pending.splice(0)) settle(refusal("failed", gone));
  };

  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn(config.command, [...config.args], { stdio: "pipe" });
    started.on("error", (error) => fail(`${config.command} cannot be started: ${error.message}`));
    started.on("exit", (code, signal) =>
      fail(
        `${config.command} ended ${signal === null ? `with status ${String(code)}` : `by signal ${signal}`}`,
      ),
    );
    started.stdin.on("error", () => fail(`${config.command} does not read its standard input`));
    started.stderr.pipe(process.stderr, { end: false });
    const reader = createLineReader(LINE_LIMIT, {
      line: (line) => pending.shift()?.settle(readAnswer(line, config.command)),
      tooLong: () => {
        fail(`${config.command} answered with a line of more than ${LINE_LIMIT} bytes`);
        started.kill("SIGKILL");
      },
    });
    started.stdout.on("data", (chunk: Buffer) => reader(chunk));
    return started;
  };

  const ask = (action: Action, { stdin }: ChildProcessWithoutNullStreams): Promise<ActionAnswer> =>
    new Promise((resolve) => {
      const timer = setTimeout(
        () => settle(refusal("failed", `${config.command} did not answer within ${config.timeoutMs} ms`)),
        config.timeoutMs,
      );
      const settle = (answer: ActionAnswer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      // An answer that comes too late is still the answer to this action, not to the next: the entry stays.
      pending.push({ settle });
      stdin.write(`${JSON.stringify({ version: 1, ...action })}\n`);
    });

  return {
    async perform(action: Action): Promise<ActionAnswer> {
      try {
        child ??= start();
      } catch (error) {
        fail(
          `${config.command} cannot be started: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      return gone !== undefined || child === undefined
        ? refusal("failed", gone ?? "it was not started")
        : ask(action, child);
    },
    cut: () => fail("the run was stopped"),
    close: () => endOf(child),
  };
}

/** Milliseconds. */
const PATIENCE = 2_000;

function endOf(child: ChildProcessWithoutNullStreams | undefined): Promise<void> {
  // One that could not be started has no end either.
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    child.once("exit", () => {
      clearTimeout(kill);
      // What it started itself may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve();
    });
    child.stdin.end();
  });
}
