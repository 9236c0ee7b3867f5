/** The person at the terminal: keys for manual triggers, a line that shows how far the run is. */
import chalk from "chalk";
import type { Terminal } from "../target/manual-trigger.ts";
import type { RunEvent, ScenarioOpened } from "../trace/event.ts";

const CTRL_C = "\u0003";

export function openTerminal(): Terminal {
  return {
    write: (text) => void process.stderr.write(text),
    onKey(handler) {
      const listen = (data: Buffer): void => {
        const key = data.toString("utf8");
        // A raw terminal gives Ctrl-C as a key and sends no signal.
        if (key.includes(CTRL_C)) process.kill(process.pid, "SIGINT");
        else handler(key);
      };
      if (process.stdin.isTTY) process.stdin.setRawMode(true);
      process.stdin.resume();
      process.stdin.on("data", listen);
      return () => {
        process.stdin.off("data", listen);
        if (process.stdin.isTTY) process.stdin.setRawMode(false);
        process.stdin.pause();
      };
    },
    everySecond(tick) {
      const timer = setInterval(tick, 1000);
      return () => clearInterval(timer);
    },
  };
}

const MARKS: Readonly<Record<string, string>> = {
  pass: "✔",
  fail: "✘",
  warn: "⚠",
  inconclusive: "?",
  error: "‼",
  "not-run": "–",
};

/** Live progress on stderr: a line for each scenario when it is judged. */
export function showProgress(count: number): (event: RunEvent) => void {
  const opened = new Map<string, ScenarioOpened>();
  let done = 0;
  return (event) => {
    if (event.type === "scenario-opened") opened.set(event.scenario, event);
    if (event.type !== "scenario-judged") return;
    done += 1;
    const scenario = opened.get(event.scenario);
    const mark = coloured(event.verdict, `${MARKS[event.verdict] ?? "·"} ${event.verdict}`.padEnd(14));
    const seconds = scenario === undefined ? "" : chalk.dim(` ${Math.round(event.at - scenario.at)} ms`);
    const reason =
      event.verdict === "pass" || event.reason === undefined ? "" : `\n      ${chalk.dim(event.reason)}`;
    process.stderr.write(
      `${chalk.dim(`${String(done).padStart(String(count).length)}/${count}`)} ${mark} ${scenario?.name ?? event.scenario}${seconds}${reason}\n`,
    );
  };
}

function coloured(verdict: string, text: string): string {
  if (verdict === "pass") return chalk.green(text);
  if (verdict === "fail" || verdict === "error") return chalk.red(text);
  return chalk.yellow(text);
}
