/** `http`: JSON to a URL, one POST an action. */
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { readAnswer, refusal, type Trigger } from "./trigger.ts";

const ANSWER_LIMIT = 1_000_000;

export function httpTrigger(config: { readonly url: string; readonly timeoutMs: number }): Trigger {
  return {
    async perform(action: Action): Promise<ActionAnswer> {
      try {
        const response = await fetch(config.url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ version: 1, ...action }),
          signal: AbortSignal.timeout(config.timeoutMs),
        });
        const text = (await response.text()).slice(0, ANSWER_LIMIT);
        return readAnswer(text, `${config.url} (HTTP ${response.status})`);
      } catch (error) {
        return refusal("failed", `${config.url} does not answer: ${causeOf(error)}`);
      }
    },
    close: () => Promise.resolve(),
  };
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
