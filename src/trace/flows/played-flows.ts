/** Message flows of the appendices as a scenario played them, compared arrow by arrow. */
import { bindFlow } from "../bind-flow.ts";
import { compareFlow, type FlowComparison } from "../compare-flow.ts";
import { specifiedFlow } from "../flow.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";
import { conferenceState } from "./conference-state.ts";
import { extension } from "./extension.ts";
import type { FindPlay } from "./flow-play.ts";
import { groupDelivery } from "./group-delivery.ts";
import { invitingByRefer } from "./refer.ts";

const PLAYS = {
  "D.1": conferenceState,
  "D.3": groupDelivery,
  L: extension,
  P: invitingByRefer,
} as const satisfies Readonly<Record<string, FindPlay>>;

export type FlowName = keyof typeof PLAYS;

export const FLOW_NAMES: readonly FlowName[] = ["D.1", "D.3", "L", "P"];

const flows = {
  "D.1": await specifiedFlow("D.1"),
  "D.3": await specifiedFlow("D.3"),
  L: await specifiedFlow("L"),
  P: await specifiedFlow("P"),
};

/** The statements of a flow are asked about one by one, and the trace is the same. */
const compared = new WeakMap<ScenarioTrace, Map<FlowName, FlowComparison | undefined>>();

/** Undefined where the trace does not begin as the flow does. */
export function playedFlow(name: FlowName, trace: ScenarioTrace): FlowComparison | undefined {
  const known = compared.get(trace) ?? new Map<FlowName, FlowComparison | undefined>();
  compared.set(trace, known);
  if (!known.has(name)) known.set(name, compare(name, trace));
  return known.get(name);
}

function compare(name: FlowName, trace: ScenarioTrace): FlowComparison | undefined {
  const play = PLAYS[name](trace);
  if (play === undefined) return undefined;
  const { users, stimulus, holds } = play;
  return compareFlow(flows[name], trace, { ...bindFlow(flows[name], trace, { users }), stimulus, holds });
}
