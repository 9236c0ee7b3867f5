/** The other end of `judgeInThread`: takes closed scenarios one by one, gives findings and verdict. */
import { parentPort, workerData } from "node:worker_threads";
import type { ScenarioJudgement } from "../../judge/judge-scenario.ts";
import { loadRules } from "../../judge/rules.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { TraceEvent } from "../../trace/event.ts";
import { judgeHere } from "./judge.ts";

export interface ToBeJudged {
  readonly number: number;
  readonly events: readonly TraceEvent[];
}

export type WasJudged =
  | { readonly number: number; readonly judgement: ScenarioJudgement }
  | { readonly number: number; readonly broke: string };

export async function judgeForParent(): Promise<void> {
  const sutFile: SutFile = workerData;
  const judge = judgeHere(await loadRules(), sutFile);
  // What was asked before the checks were loaded waits in the port until somebody listens.
  parentPort?.on("message", ({ number, events }: ToBeJudged) => {
    void answer(number, events);
  });

  async function answer(number: number, events: readonly TraceEvent[]): Promise<void> {
    try {
      tell({ number, judgement: await judge.judge(events) });
    } catch (error) {
      tell({ number, broke: error instanceof Error ? error.message : String(error) });
    }
  }
}

function tell(message: WasJudged): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(message);
}
