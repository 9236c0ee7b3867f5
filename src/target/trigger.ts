/** How Scrim makes a SUT act: a client under test by its trigger, a server by its control hook. All kinds speak the same vocabulary. */
import type { ZodError } from "zod";
import { ACTIONS_VERSION, type Action, type ActionAnswer } from "../spec/actions.ts";
import { actionAnswerSchema } from "../spec/actions-schema.ts";

export interface Trigger {
  /** Asks for one action. Never rejects: what went wrong is an answer with `ok: false`. */
  perform(action: Action): Promise<ActionAnswer>;
  /** Traffic that the action was to cause has been seen; a person need not be waited for any longer. */
  seen?(action: Action): void;
  /** The run is being stopped: nobody is waited for any more. */
  cut?(): void;
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
  const answer = actionAnswerSchema.safeParse(value);
  if (answer.success) return answer.data;
  const version = "version" in value ? value.version : undefined;
  return refusal(
    "failed",
    version === ACTIONS_VERSION
      ? `${from} answered with what is no answer: ${firstIssue(answer.error)}`
      : `${from} speaks version ${String(version)} of the action vocabulary; this is version ${ACTIONS_VERSION}`,
  );
}

function firstIssue({ issues }: ZodError): string {
  const [issue] = issues;
  return issue === undefined ? "not of the schema" : `${issue.path.join(".")}: ${issue.message}`;
}
