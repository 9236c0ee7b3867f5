/** How Scrim makes a SUT act: a client under test by its trigger, a server by its control hook. All kinds speak the same vocabulary. */
import type { Action, ActionAnswer } from "../spec/actions.ts";

export interface Trigger {
  /** Asks for one action. Never rejects: what went wrong is an answer with `ok: false`. */
  perform(action: Action): Promise<ActionAnswer>;
  /** Traffic that the action was to cause has been seen; a person need not be waited for any longer. */
  seen?(action: Action): void;
  close(): Promise<void>;
}

export function refusal(code: "unsupported" | "failed", says: string): ActionAnswer {
  return { version: 1, ok: false, code, says };
}

/** Reads an answer that came from outside; anything else than an answer of this version is a failure that says so. */
export function readAnswer(text: string, from: string): ActionAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refusal("failed", `${from} answered with what is not JSON: ${text.slice(0, 80)}`);
  }
  if (typeof value !== "object" || value === null)
    return refusal("failed", `${from} answered with JSON that is no object`);
  const answer = value as Partial<ActionAnswer>;
  if (answer.version !== 1)
    return refusal(
      "failed",
      `${from} speaks version ${String(answer.version)} of the action vocabulary; this is version 1`,
    );
  if (typeof answer.ok !== "boolean") return refusal("failed", `${from} answered without "ok"`);
  return answer as ActionAnswer;
}
