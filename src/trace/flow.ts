/**
 * Message flows of the specification's appendices as data (`scenarios/flows/*.yaml`): participants, arrows in their partial order, and what a
 * participant does by itself.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { tooDeepAt } from "../spec/yaml-nesting.ts";
import { FlowError, problemOfFlow } from "./flow-rules.ts";

export { FlowError } from "./flow-rules.ts";
export type { FlowErrorCode } from "./flow-rules.ts";

const name = z.string().min(1);

const participant = z.strictObject({
  id: name,
  name,
  role: z.enum(["client", "participating", "controlling", "core", "xdms"]),
  /** The client that a participating function serves. */
  serves: name.optional(),
});

const stepMembers = {
  id: name,
  /** Statement of the register; default: the id. */
  step: name.optional(),
  /** Ids of the entries that come before; default: the entry above. */
  after: z.array(name).optional(),
  /** Name of the condition without which the entry does not happen. */
  condition: name.optional(),
};

const arrow = z.strictObject({
  ...stepMembers,
  from: name,
  to: name,
  /** Default: sip. An arrow of MSRP is a whole message, whatever its chunks, or the response to its first chunk. */
  protocol: z.enum(["sip", "msrp"]).optional(),
  request: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional(),
  /** A status, or a class such as `2xx`. */
  response: z
    .string()
    .regex(/^[1-6](?:[0-9]{2}|xx)$/)
    .optional(),
  /** Id of the request that a response belongs to. */
  answers: name.optional(),
  /** The message that started the flow, a delivery notification, or the state of a conference, whole or in part. */
  carries: z.enum(["message", "notification", "full-state", "partial-state"]).optional(),
  /** Header fields that the message has, and a text in the value of each; an empty text: any value. */
  headers: z.record(z.string(), z.string()).optional(),
  /** A text in the body. */
  body: z.string().min(1).optional(),
  /** Whether it begins a dialog or stands outside of one, or is sent within one. */
  dialog: z.enum(["outside", "within"]).optional(),
  /** Which ends of the arrow are compared; the core may act for a participant at the other. */
  compare: z.enum(["both", "departure", "arrival"]).default("both"),
  /** May be left out by an implementation. */
  optional: z.boolean().default(false),
  /** Happens, but the figure does not show it. */
  unnumbered: z.boolean().default(false),
});

const localStep = z.strictObject({ ...stepMembers, at: name, says: name });

const flow = z.strictObject({
  flow: name,
  title: name,
  participants: z.array(participant).min(1),
  conditions: z.record(z.string(), z.string()).default({}),
  steps: z.array(z.union([arrow, localStep])).min(1),
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Flow = DeepReadonly<z.infer<typeof flow>>;
export type FlowParticipant = DeepReadonly<z.infer<typeof participant>>;
export type FlowArrow = DeepReadonly<z.infer<typeof arrow>>;
export type FlowLocalStep = DeepReadonly<z.infer<typeof localStep>>;
export type FlowStep = FlowArrow | FlowLocalStep;

export function isArrow(step: FlowStep): step is FlowArrow {
  return "from" in step;
}

/** Ids of the entries that stand before an entry of the flow. */
export function predecessorsOf(step: FlowStep, flow: Flow): readonly string[] {
  if (step.after !== undefined) return step.after;
  const above = flow.steps[flow.steps.indexOf(step) - 1];
  return above === undefined ? [] : [above.id];
}

/** @throws {FlowError} with line and column */
export function parseFlow(text: string, file?: string): Flow {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const line = text.slice(0, deep).split("\n").length;
    throw new FlowError("not-yaml", { line, column: 1 }, "collections nest too deep for a flow", file);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const placeOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new FlowError("not-yaml", placeOf(broken.pos[0]), broken.message.split("\n")[0] ?? "", file);
  const fail = (
    path: readonly PropertyKey[],
    code: "wrong-type" | "wrong-reference",
    says: string,
  ): FlowError => new FlowError(code, placeOf(offsetOf(document, path)), says, file);
  const read = flow.safeParse(plainValueOf(document, file));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw fail(
      issue?.path ?? [],
      "wrong-type",
      `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a flow"}`,
    );
  }
  const problem = problemOfFlow(read.data);
  if (problem !== undefined) throw fail(problem.path, "wrong-reference", problem.says);
  return read.data;
}

/** @throws {FlowError} */
export async function readFlow(path: string): Promise<Flow> {
  try {
    return parseFlow(await readFile(path, "utf8"), path);
  } catch (error) {
    if (error instanceof FlowError) throw error;
    const says = error instanceof Error ? error.message : String(error);
    throw new FlowError("cannot-read", { line: 0, column: 0 }, says, path);
  }
}

/** A flow of the specification by its clause, such as `D.3`. */
export async function specifiedFlow(clause: string): Promise<Flow> {
  if (!/^[A-Z](?:\.[0-9.]+)?$/.test(clause)) {
    throw new FlowError(
      "cannot-read",
      { line: 0, column: 0 },
      `expected a clause such as D.3, came ${clause}`,
    );
  }
  return readFlow(path.join(PROJECT_ROOT, "scenarios", "flows", `${clause}.yaml`));
}

/** An alias could blow a small file up; a flow needs none. */
function plainValueOf(document: ReturnType<typeof parseDocument>, file: string | undefined): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new FlowError("not-yaml", { line: 0, column: 0 }, says, file);
  }
}

/** Of the node at `path`, or of the nearest around it. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === "number") return range[0];
  }
  return 0;
}
