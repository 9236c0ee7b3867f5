/**
 * Judging in a thread of its own. What Scrim plays has timers: while a long trace is judged, nobody would be answered, and the SUT would be
 * blamed for it or its silence believed.
 */
import { Worker } from "node:worker_threads";
import type { ScenarioJudgement } from "../../judge/judge-scenario.ts";
import { loadRules } from "../../judge/rules.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { TraceEvent } from "../../trace/event.ts";
import type { ToBeJudged, WasJudged } from "./judging-thread.ts";
import { judgeHere, type Judge } from "./judge.ts";

/** What is judged has a short life: with room for it, little of it is copied by the garbage collector. */
const YOUNG_GENERATION_MB = 96;

interface Pending {
  readonly events: readonly TraceEvent[];
  readonly resolve: (judgement: ScenarioJudgement) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts the thread. Should it break, what waits and what comes later is judged by the thread that asks. */
export function judgeInThread(sutFile: SutFile): Judge {
  const pending = new Map<number, Pending>();
  let number = 0;
  let broken = false;
  const worker = new Worker(new URL("judging-thread.mjs", import.meta.url), {
    workerData: sutFile,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.unref();

  const judgeMyself = async ({ events, resolve, reject }: Pending): Promise<void> => {
    try {
      resolve(await judgeHere(await loadRules(), sutFile).judge(events));
    } catch (error) {
      reject(error);
    }
  };

  worker.on("message", (answer: WasJudged) => {
    const asked = pending.get(answer.number);
    pending.delete(answer.number);
    if ("broke" in answer) asked?.reject(new Error(answer.broke));
    else asked?.resolve(answer.judgement);
  });
  const giveUp = (): void => {
    broken = true;
    const left = [...pending.values()];
    pending.clear();
    for (const asked of left) void judgeMyself(asked);
  };
  worker.on("error", giveUp);
  worker.on("exit", giveUp);

  return {
    judge: (events) =>
      new Promise((resolve, reject) => {
        const asked = { events, resolve, reject };
        if (broken) {
          void judgeMyself(asked);
          return;
        }
        number += 1;
        pending.set(number, asked);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
        worker.postMessage({ number, events } satisfies ToBeJudged);
      }),
    async close() {
      await worker.terminate();
    },
  };
}
