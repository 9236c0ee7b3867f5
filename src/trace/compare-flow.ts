/** Compares what happened with a flow of the specification, arrow by arrow. */
import type { ServerFunction, Stimulated } from "./event.ts";
import { isArrow, predecessorsOf } from "./flow.ts";
import type { Flow, FlowArrow } from "./flow.ts";
import { flowHops } from "./flow-hops.ts";
import type { FlowHop, HopEnd } from "./flow-hops.ts";
import { sameAddressOfRecord } from "../wire/sip/same-uri.ts";
import { summariseSip } from "./message-summary.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import { addressIn, firstHeader } from "./sip-identity.ts";

/** Which node of the trace plays a participant of the flow. */
export interface ParticipantBinding {
  readonly node: string;
  /** Functions of the server under which it is met; absent: any. */
  readonly functions?: readonly ServerFunction[];
  /** IM Address of the user that it serves in these functions. */
  readonly serves?: string;
}

export interface FlowBinding {
  /** By id of the participant; what happens to one that nobody plays does not apply. */
  readonly participants: Readonly<Record<string, ParticipantBinding>>;
  /** What started the flow; default: the first `send-message` of the trace. */
  readonly stimulus?: Stimulated;
  /** Conditions of the flow that hold. */
  readonly holds?: readonly string[];
  /** Functions of one node may pass messages on without the core. */
  readonly collocated?: boolean;
}

/**
 * `differs`: answered, but with another status. `disordered`: seen, but before what it follows. `unseen`: it may have stayed inside a node.
 * `absent`: not seen, and need not be. `not-applicable`: nobody plays a participant, or a condition does not hold.
 */
export type ArrowStatus =
  "matched" | "missing" | "differs" | "disordered" | "unseen" | "absent" | "not-applicable";

export interface ArrowComparison {
  readonly arrow: FlowArrow;
  readonly status: ArrowStatus;
  /** Events of the record that show it; empty where it was not seen. */
  readonly seqs: readonly number[];
  readonly at?: number;
  /** What came instead, or before which arrow it came. */
  readonly says?: string;
}

export interface FlowComparison {
  readonly flow: Flow;
  /** In the order of the flow. */
  readonly arrows: readonly ArrowComparison[];
  readonly agrees: boolean;
  readonly firstDifference?: ArrowComparison;
  /** Messages of the flow's stimulus, and notifications, that the flow does not show. */
  readonly additional: readonly FlowHop[];
}

const DIFFERENCES: readonly ArrowStatus[] = ["missing", "differs", "disordered"];

export function compareFlow(flow: Flow, trace: ScenarioTrace, binding: FlowBinding): FlowComparison {
  const stimulus = binding.stimulus ?? trace.stimuli.find(({ action }) => action === "send-message");
  const matching: Matching = {
    flow,
    trace,
    binding,
    stimulus,
    hops: flowHops(trace),
    taken: new Map(),
  };
  const arrows = flow.steps.filter(isArrow).map((arrow) => compareArrow(arrow, matching));
  const firstDifference = arrows.find(({ status }) => DIFFERENCES.includes(status));
  const taken = new Set(matching.taken.values());
  const additional = matching.hops.filter(
    (hop) => !taken.has(hop) && hop.message.kind === "request" && carriedBy(hop, matching) !== undefined,
  );
  return {
    flow,
    arrows,
    additional,
    agrees: firstDifference === undefined,
    ...(firstDifference === undefined ? {} : { firstDifference }),
  };
}

interface Matching {
  readonly flow: Flow;
  readonly trace: ScenarioTrace;
  readonly binding: FlowBinding;
  readonly stimulus: Stimulated | undefined;
  readonly hops: readonly FlowHop[];
  /** The hop that each arrow was found in, by id. */
  readonly taken: Map<string, FlowHop>;
}

function compareArrow(arrow: FlowArrow, matching: Matching): ArrowComparison {
  const { binding, taken } = matching;
  if (!applies(arrow, binding)) return { arrow, status: "not-applicable", seqs: [] };
  const used = new Set(taken.values());
  const candidates = matching.hops.filter((hop) => !used.has(hop) && fits(hop, arrow, matching));
  const before = precedingHops(arrow.id, matching);
  const hop = candidates.find((one) => before.every(([, earlier]) => isAfter(one, earlier))) ?? candidates[0];
  if (hop === undefined) return { arrow, status: unfoundStatus(arrow, binding), seqs: [] };
  taken.set(arrow.id, hop);
  const found = { arrow, seqs: hop.seqs, at: hop.at };
  if (!hasStatus(hop, arrow))
    return { ...found, status: "differs", says: `came ${summariseSip(hop.message).label}` };
  const overtaken = before.find(([, earlier]) => !isAfter(hop, earlier));
  return overtaken === undefined
    ? { ...found, status: "matched" }
    : { ...found, status: "disordered", says: `came before ${overtaken[0]}` };
}

function applies(arrow: FlowArrow, { participants, holds = [] }: FlowBinding): boolean {
  const played = [arrow.from, arrow.to].every((id) => Object.hasOwn(participants, id));
  return played && (arrow.condition === undefined || holds.includes(arrow.condition));
}

function unfoundStatus(arrow: FlowArrow, { participants, collocated }: FlowBinding): ArrowStatus {
  if (arrow.optional || arrow.unnumbered) return "absent";
  const within = participants[arrow.from]?.node === participants[arrow.to]?.node;
  return within && collocated === true ? "unseen" : "missing";
}

function fits(hop: FlowHop, arrow: FlowArrow, matching: Matching): boolean {
  if (arrow.answers !== undefined) return isAnswer(hop, arrow.answers, matching);
  const { participants } = matching.binding;
  return (
    hop.message.kind === "request" &&
    hop.message.method === arrow.request &&
    (arrow.compare === "arrival" || isPlayedBy(hop.from, participants[arrow.from])) &&
    (arrow.compare === "departure" || isPlayedBy(hop.to, participants[arrow.to])) &&
    (arrow.carries === undefined || carriedBy(hop, matching) === arrow.carries)
  );
}

/** The final response on the leg where the request arrived. */
function isAnswer({ message, from }: FlowHop, answers: string, { taken }: Matching): boolean {
  if (message.kind === "request" || message.status < 200) return false;
  const asked = taken.get(answers)?.to.exchanges ?? [];
  return from.exchanges.some((exchange) => asked.includes(exchange));
}

function hasStatus(hop: FlowHop, arrow: FlowArrow): boolean {
  if (hop.message.kind === "request" || arrow.response === undefined) return true;
  return String(hop.message.status).startsWith(arrow.response.replace("xx", ""));
}

function isPlayedBy(end: HopEnd, binding: ParticipantBinding | undefined): boolean {
  if (binding === undefined || end.node !== binding.node) return false;
  const { functions, serves } = binding;
  const { serverFunction } = end;
  if (functions !== undefined && serverFunction !== undefined && !functions.includes(serverFunction))
    return false;
  return serves === undefined || servedUsers(end).some((uri) => sameAddressOfRecord(uri, serves));
}

/** Whom a function serves: the sender on the originating side, the addressee on the terminating one, who registered. */
function servedUsers({ request, serverFunction }: HopEnd): readonly string[] {
  const senders = ["p-asserted-identity", "p-preferred-identity", "from"].map((name) =>
    addressIn(firstHeader(request, name) ?? ""),
  );
  if (serverFunction === "originating") return senders;
  if (serverFunction === "terminating") return [request.uri];
  if (serverFunction === "registration") return [addressIn(firstHeader(request, "to") ?? "")];
  return [...senders, request.uri];
}

/** RFC 5438 7.2: the media type of a notification stands in its body, within CPIM. */
const NOTIFICATION_TYPE = "message/imdn+xml";

function carriedBy(hop: FlowHop, { trace, stimulus }: Matching): FlowArrow["carries"] {
  const { exchanges, request } = hop.from;
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
  const type = firstHeader(request, "content-type") ?? "";
  if (`${type}\n${body.toString("latin1")}`.toLowerCase().includes(NOTIFICATION_TYPE)) return "notification";
  const carries = exchanges.some((exchange) => trace.stimulusOf(exchange)?.id === stimulus?.id);
  return carries && stimulus !== undefined ? "message" : undefined;
}

/** What was found of the entries before; where one was not found, of those before it. */
function precedingHops(id: string, matching: Matching): readonly (readonly [string, FlowHop])[] {
  const step = matching.flow.steps.find((one) => one.id === id);
  if (step === undefined) return [];
  return predecessorsOf(step, matching.flow).flatMap((before) => {
    const hop = matching.taken.get(before);
    return hop === undefined ? precedingHops(before, matching) : [[before, hop] as const];
  });
}

function isAfter(hop: FlowHop, earlier: FlowHop): boolean {
  return (hop.seqs[0] ?? 0) > (earlier.seqs.at(-1) ?? 0);
}
