/** Finds out who plays the participants of a flow in a scenario. */
import type { FlowBinding, ParticipantBinding } from "./compare-flow.ts";
import type { ServerFunction } from "./event.ts";
import type { Flow, FlowParticipant } from "./flow.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";

export interface FlowCast {
  /** Actor by id of a client participant, such as `{ "user-a": "Alice" }`. */
  readonly users: Readonly<Record<string, string>>;
  /** Name of the node that is the IM Server; default: the server of the SUT file. */
  readonly server?: string;
  readonly xdms?: string;
  /** Nodes by id of participants that are not one for all: two servers, two cores. */
  readonly nodes?: Readonly<Record<string, string>>;
}

const FUNCTIONS: Readonly<Partial<Record<FlowParticipant["role"], readonly ServerFunction[]>>> = {
  participating: ["originating", "terminating", "registration"],
  controlling: ["controlling"],
};

/** Participants that nobody plays, such as a user whom the scenario does not have, are left out. */
export function bindFlow(flow: Flow, trace: ScenarioTrace, cast: FlowCast): FlowBinding {
  const participants: Record<string, ParticipantBinding> = {};
  for (const participant of flow.participants) {
    const binding = bindingOf(participant, trace, cast);
    if (binding !== undefined) participants[participant.id] = binding;
  }
  return { participants };
}

function bindingOf(
  participant: FlowParticipant,
  trace: ScenarioTrace,
  cast: FlowCast,
): ParticipantBinding | undefined {
  const { id, role, serves } = participant;
  const userOf = (client: string) => trace.user(cast.users[client] ?? "");
  if (role === "client") return nodeBinding(userOf(id)?.node);
  const named = cast.nodes?.[id];
  if (role === "core")
    return nodeBinding(named ?? trace.messages.find(({ nodeKind }) => nodeKind === "core")?.node);
  if (role === "xdms") return nodeBinding(cast.xdms);
  const node = named ?? cast.server ?? trace.sutFile.server?.node;
  const functions = FUNCTIONS[role];
  const served = serves === undefined ? undefined : userOf(serves)?.imAddress;
  if (node === undefined || functions === undefined || (serves !== undefined && served === undefined))
    return undefined;
  return { node, functions, ...(served === undefined ? {} : { serves: served }) };
}

function nodeBinding(node: string | undefined): ParticipantBinding | undefined {
  return node === undefined ? undefined : { node };
}
