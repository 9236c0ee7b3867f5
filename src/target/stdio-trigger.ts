/** `stdio`: JSON lines to a driver process, one line an action, one line an answer, in order. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { readAnswer, refusal, type Trigger } from "./trigger.ts";

interface Pending {
  readonly settle: (answer: ActionAnswer) => void;
}

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
    for (const { settle } of pending.splice(0)) settle(refusal("failed", why));
  };

  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn(config.command, [...config.args], { stdio: "pipe" });
    started.on("error", (error) => fail(`${config.command} cannot be started: ${error.message}`));
    started.on("exit", (code) => fail(`${config.command} ended with status ${String(code)}`));
    started.stdin.on("error", () => fail(`${config.command} does not read its standard input`));
    started.stderr.pipe(process.stderr);
    createInterface({ input: started.stdout }).on("line", (line) =>
      pending.shift()?.settle(readAnswer(line, config.command)),
    );
    return started;
  };

  return {
    perform(action: Action): Promise<ActionAnswer> {
      child ??= start();
      if (gone !== undefined) return Promise.resolve(refusal("failed", gone));
      const { stdin } = child;
      return new Promise((resolve) => {
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
    },
    close: () => endOf(child),
  };
}

function endOf(child: ChildProcessWithoutNullStreams | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin.end();
    const kill = setTimeout(() => child.kill("SIGKILL"), 2_000);
    child.once("exit", () => clearTimeout(kill));
  });
}
