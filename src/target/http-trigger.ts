/** `http`: JSON to a URL, one POST an action. */
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { readAnswer, refusal, type Trigger } from "./trigger.ts";

/** Bytes. What a client shows fits many times; a driver that sends more is out of order. */
const ANSWER_LIMIT = 1_000_000;

export function httpTrigger(config: { readonly url: string; readonly timeoutMs: number }): Trigger {
  const cut = new AbortController();
  const ask = async (action: Action): Promise<ActionAnswer> => {
    const response = await fetch(config.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: 1, ...action }),
      signal: AbortSignal.any([AbortSignal.timeout(config.timeoutMs), cut.signal]),
    });
    const text = await textOf(response);
    return text === undefined
      ? refusal("failed", `${config.url} answered with more than ${ANSWER_LIMIT} bytes`)
      : readAnswer(text, `${config.url} (HTTP ${response.status})`);
  };
  return {
    perform: (action) =>
      ask(action).catch((error: unknown) =>
        refusal("failed", `${config.url} does not answer: ${causeOf(error)}`),
      ),
    cut: () => cut.abort(new Error("the run was stopped")),
    close: () => Promise.resolve(),
  };
}

/** Undefined when there is more than the limit; the rest is not read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  const parts: AsyncIterable<Uint8Array> = body;
  for await (const chunk of parts) {
    length += chunk.length;
    if (length > ANSWER_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
