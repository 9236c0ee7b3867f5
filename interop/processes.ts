/** Processes of peers: started with bounded output and time, watched by what they print, stopped by their own pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export interface ProcessOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which stays open. */
  readonly input?: string;
  /** After so long the process is killed. Default 60 s. */
  readonly limitMs?: number;
}

export interface RunningProcess {
  /** What came on both streams so far, its oldest part cut off above a limit. */
  readonly output: string;
  readonly pid: number;
  /** Settles when the pattern has been printed; fails with the output when the process ends before, or at its limit. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  write(line: string): void;
  /** Exit status, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM, and SIGKILL when that does not end it within two seconds. */
  stop(): Promise<void>;
}

const OUTPUT_LIMIT = 1_000_000;
const KILL_AFTER_MS = 2_000;

/** Starts a program; inside a test, it is stopped when the test is finished. */
export function startProcess(program: string, options: ProcessOptions): RunningProcess {
  const child = spawn(program, options.args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, so that its children end with it.
    detached: true,
  });
  const running = watch(child, path.basename(program));
  if (options.input !== undefined) running.write(options.input);
  const end = (): void => killGroup(child);
  const limit = setTimeout(end, options.limitMs ?? 60_000);
  // In a group of its own it does not hear of an interrupted test run.
  process.once("exit", end);
  void running.ended.then(() => {
    clearTimeout(limit);
    process.off("exit", end);
  });
  return running;
}

/** Like `startProcess`, for use within one test. */
export function startForTest(program: string, options: ProcessOptions): RunningProcess {
  const running = startProcess(program, options);
  onTestFinished(() => running.stop());
  return running;
}

/** A daemon that does not end by SIGTERM may leave its children, which hold the pipes; all of its group is ended. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

function watch(child: ChildProcess, name: string): RunningProcess {
  let output = "";
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const take = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-OUTPUT_LIMIT);
    tell();
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  child.stdin?.on("error", () => undefined);
  let over = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("close", (status, signal) => resolve(status ?? signal ?? -1));
    child.once("error", (error) => {
      output += `\n${error.message}`;
      resolve(-1);
    });
  });
  void ended.then(() => {
    over = true;
    tell();
  });
  return {
    get output() {
      return output;
    },
    pid: child.pid ?? -1,
    ended,
    write: (line) => void child.stdin?.write(line),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match === null && !over) return;
          listeners.delete(look);
          if (match === null)
            reject(new Error(`${name} ended without printing ${String(pattern)}:\n${output}`));
          else resolve(match);
        };
        listeners.add(look);
        look();
      }),
    stop: async () => {
      if (over) return;
      child.kill("SIGTERM");
      const hard = setTimeout(() => killGroup(child), KILL_AFTER_MS);
      await ended;
      clearTimeout(hard);
    },
  };
}

/** A folder for one test's files, removed when the test is finished. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "scrim-interop-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
