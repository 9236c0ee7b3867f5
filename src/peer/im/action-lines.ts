/** The action vocabulary as JSON texts: one an action, one an answer. What cannot be read is answered too, so that no driver is left waiting. */
import type { z } from "zod";
import { ACTIONS_VERSION } from "../../spec/actions.ts";
import type { ActionAnswer } from "../../spec/actions.ts";

export interface ActionPerformer {
  /** Reads an action and carries it out; its schema is that of a client or of a server. */
  perform(action: unknown): Promise<ActionAnswer>;
}

/** Binds the schema of the actions to what carries them out. */
export function performerOf<Action>(
  schema: z.ZodType<Action>,
  perform: (action: Action) => Promise<ActionAnswer>,
): ActionPerformer {
  return {
    async perform(action) {
      const read = schema.safeParse(action);
      if (!read.success)
        return refused(
          `no such action: ${read.error.issues.map((issue) => issue.message).join("; ")}`,
          "unsupported",
        );
      return perform(read.data);
    },
  };
}

export async function performLine(performer: ActionPerformer, line: string): Promise<ActionAnswer> {
  const action = actionIn(line);
  if (action === undefined) return refused("expected one action as a JSON object");
  if (action.version !== undefined && action.version !== ACTIONS_VERSION) {
    return refused(
      `this speaks version ${ACTIONS_VERSION} of the actions, not ${JSON.stringify(action.version)}`,
      "unsupported",
    );
  }
  const { version: _version, ...rest } = action;
  try {
    return await performer.perform(rest);
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/** Reads actions until the input ends; answers come in the order of the actions. */
export async function serveLines(
  performer: ActionPerformer,
  input: AsyncIterable<string>,
  write: (line: string) => void,
): Promise<void> {
  for await (const line of input) {
    if (line.trim() !== "") write(JSON.stringify(await performLine(performer, line)));
  }
}

function actionIn(line: string): { readonly version?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refused(says: string, code: "failed" | "unsupported" = "failed"): ActionAnswer {
  return { version: ACTIONS_VERSION, ok: false, code, says };
}
