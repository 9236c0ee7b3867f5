import type { Stimulated } from "../event.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";

/** How a scenario plays a flow. */
export interface FlowPlay {
  /** Where it begins. */
  readonly stimulus: Stimulated;
  /** Actor by id of each client in the flow. */
  readonly users: Readonly<Record<string, string>>;
  /** Conditions of the flow that hold. */
  readonly holds: readonly string[];
}

/** Undefined where the scenario does not begin as the flow does. */
export type FindPlay = (trace: ScenarioTrace) => FlowPlay | undefined;

/** Members of an intent that name one or several addresses. */
export function addressesIn(intent: Stimulated["intent"], member: string): readonly string[] {
  const value: unknown = intent[member];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === "string");
}

export function actorOf(address: string | undefined, trace: ScenarioTrace): string | undefined {
  return address === undefined ? undefined : trace.userOf(address)?.actor;
}

/** What an actor did next. */
export function nextOf(
  { seq, actor }: Stimulated,
  trace: ScenarioTrace,
  isMeant: (next: Stimulated) => boolean,
): Stimulated | undefined {
  return trace.stimuli.find((one) => one.seq > seq && one.actor === actor && isMeant(one));
}
