/** What must hold of a flow beyond the types of its members. */
import type { Flow, FlowArrow, FlowStep } from "./flow.ts";

export type FlowErrorCode = "cannot-read" | "not-yaml" | "wrong-type" | "wrong-reference";

/** Line and column count from 1; both are 0 where the file as a whole is meant. */
export class FlowError extends Error {
  readonly code: FlowErrorCode;
  readonly line: number;
  readonly column: number;

  constructor(code: FlowErrorCode, place: { line: number; column: number }, says: string, file?: string) {
    const where = place.line === 0 ? "" : `(${place.line}:${place.column}) `;
    super(`${file === undefined ? "" : `${file}: `}${where}${says}`);
    this.name = "FlowError";
    this.code = code;
    this.line = place.line;
    this.column = place.column;
  }
}

export interface FlowProblem {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

/** The first name that leads nowhere, or arrow that contradicts itself. */
export function problemOfFlow(flow: Flow): FlowProblem | undefined {
  const participants = new Set(flow.participants.map(({ id }) => id));
  for (const [index, { serves }] of flow.participants.entries()) {
    if (serves !== undefined && !participants.has(serves)) {
      return { path: ["participants", index, "serves"], says: `${serves} is no participant` };
    }
  }
  const earlier = new Map<string, FlowStep>();
  for (const [index, step] of flow.steps.entries()) {
    const problem = problemOfStep(step, flow, participants, earlier);
    if (problem !== undefined)
      return { path: ["steps", index, ...problem.path], says: `${step.id}: ${problem.says}` };
    earlier.set(step.id, step);
  }
  return undefined;
}

type Earlier = ReadonlyMap<string, FlowStep>;

function problemOfStep(
  step: FlowStep,
  flow: Flow,
  participants: ReadonlySet<string>,
  earlier: Earlier,
): FlowProblem | undefined {
  if (earlier.has(step.id)) return { path: ["id"], says: "the id stands twice" };
  const unknown = (step.after ?? []).findIndex((id) => !earlier.has(id));
  if (unknown >= 0) return { path: ["after", unknown], says: `${step.after?.[unknown]} is no entry above` };
  if (step.condition !== undefined && !Object.hasOwn(flow.conditions, step.condition)) {
    return { path: ["condition"], says: `${step.condition} is not among the conditions` };
  }
  if (!("from" in step))
    return participants.has(step.at) ? undefined : { path: ["at"], says: `${step.at} is no participant` };
  for (const end of ["from", "to"] as const) {
    if (!participants.has(step[end])) return { path: [end], says: `${step[end]} is no participant` };
  }
  return problemOfArrow(step, earlier);
}

function problemOfArrow(arrow: FlowArrow, earlier: Earlier): FlowProblem | undefined {
  const { protocol = "sip", carries, dialog } = arrow;
  if (protocol === "msrp" && (carries ?? dialog) !== undefined)
    return { path: [carries === undefined ? "dialog" : "carries"], says: "MSRP has no such thing" };
  if ((arrow.request === undefined) === (arrow.response === undefined)) {
    return { path: [], says: "expected either request or response" };
  }
  if (arrow.request !== undefined) {
    return arrow.answers === undefined ? undefined : { path: ["answers"], says: "a request answers nothing" };
  }
  const request = earlier.get(arrow.answers ?? "");
  if (request === undefined || !("from" in request) || request.request === undefined) {
    return { path: ["answers"], says: "expected the id of a request above" };
  }
  if ((request.protocol ?? "sip") !== protocol)
    return { path: ["protocol"], says: `${request.id} is of the other protocol` };
  const mirrored = request.from === arrow.to && request.to === arrow.from;
  return mirrored
    ? undefined
    : { path: ["answers"], says: `${request.id} does not go from ${arrow.to} to ${arrow.from}` };
}
