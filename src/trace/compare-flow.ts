/** Compares what happened with a flow of the specification, arrow by arrow. */
import type { ServerFunction, Stimulated } from "./event.ts";
import { isArrow, predecessorsOf } from "./flow.ts";
import type { Flow, FlowArrow, FlowParticipant } from "./flow.ts";
import { flowHops, flowLegs } from "./flow-hops.ts";
import type { FlowHop, HopEnd } from "./flow-hops.ts";
import { mediaHops } from "./flow-media.ts";
import type { MediaHop } from "./flow-media.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/same-uri.ts";
import { readConferenceInfo } from "../wire/xml/conference-info.ts";
import { XmlReadError } from "../wire/xml/xml-error.ts";
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
    hops: flow.participants.some(({ role }) => role === "core") ? flowLegs(trace) : flowHops(trace),
    media: flow.steps.some((step) => isArrow(step) && step.protocol === "msrp") ? mediaHops(trace) : [],
    taken: new Map(),
  };
  const arrows = flow.steps.filter(isArrow).map((arrow) => compareArrow(arrow, matching));
  const firstDifference = arrows.find(({ status }) => DIFFERENCES.includes(status));
  const taken = new Set<Found>(matching.taken.values());
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

type Found = FlowHop | MediaHop;

interface Matching {
  readonly flow: Flow;
  readonly trace: ScenarioTrace;
  readonly binding: FlowBinding;
  readonly stimulus: Stimulated | undefined;
  readonly hops: readonly FlowHop[];
  readonly media: readonly MediaHop[];
  /** The hop that each arrow was found in, by id. */
  readonly taken: Map<string, Found>;
}

function compareArrow(arrow: FlowArrow, matching: Matching): ArrowComparison {
  const { binding, taken } = matching;
  if (!applies(arrow, binding)) return { arrow, status: "not-applicable", seqs: [] };
  const used = new Set<Found>(taken.values());
  const candidates = candidatesFor(arrow, matching).filter((hop) => !used.has(hop));
  const before = precedingHops(arrow.id, matching);
  const hop = candidates.find((one) => before.every(([, earlier]) => isAfter(one, earlier))) ?? candidates[0];
  if (hop === undefined) return { arrow, status: unfoundStatus(arrow, matching), seqs: [] };
  taken.set(arrow.id, hop);
  const found = { arrow, seqs: hop.seqs, at: hop.at };
  const other = otherStatusOf(hop, arrow);
  if (other !== undefined) return { ...found, status: "differs", says: `came ${other}` };
  const overtaken = before.find(([, earlier]) => !isAfter(hop, earlier));
  return overtaken === undefined
    ? { ...found, status: "matched" }
    : { ...found, status: "disordered", says: `came before ${overtaken[0]}` };
}

function candidatesFor(arrow: FlowArrow, matching: Matching): readonly Found[] {
  if (arrow.protocol === "msrp") return matching.media.filter((hop) => fitsMedia(hop, arrow, matching));
  return matching.hops.filter((hop) => fits(hop, arrow, matching));
}

function applies(arrow: FlowArrow, { participants, holds = [] }: FlowBinding): boolean {
  const played = [arrow.from, arrow.to].every((id) => Object.hasOwn(participants, id));
  return played && (arrow.condition === undefined || holds.includes(arrow.condition));
}

function unfoundStatus(arrow: FlowArrow, matching: Matching): ArrowStatus {
  if (arrow.optional || arrow.unnumbered) return "absent";
  const { participants, collocated } = matching.binding;
  const within = participants[arrow.from]?.node === participants[arrow.to]?.node;
  // One node that plays the cores of both networks passes nothing on to itself.
  const isCore = (id: string): boolean => roleOf(id, matching) === "core";
  const unseen = within && (collocated === true || (isCore(arrow.from) && isCore(arrow.to)));
  return unseen ? "unseen" : "missing";
}

function roleOf(participant: string, { flow }: Matching): FlowParticipant["role"] | undefined {
  return flow.participants.find(({ id }) => id === participant)?.role;
}

function fits(hop: FlowHop, arrow: FlowArrow, matching: Matching): boolean {
  if (arrow.answers !== undefined) return isAnswer(hop, arrow.answers, matching);
  const { participants } = matching.binding;
  return (
    hop.message.kind === "request" &&
    hop.message.method === arrow.request &&
    isWithin(hop.message, arrow.dialog) &&
    hasContent(hop, arrow) &&
    (arrow.compare === "arrival" || isPlayedBy(hop.from, participants[arrow.from])) &&
    (arrow.compare === "departure" || isPlayedBy(hop.to, participants[arrow.to])) &&
    (arrow.carries === undefined || carriedBy(hop, matching) === arrow.carries)
  );
}

/** A request within a dialog has the tag of its other end (RFC 3261 12.2). */
function isWithin(request: SipMessage, dialog: FlowArrow["dialog"]): boolean {
  if (dialog === undefined) return true;
  return /;\s*tag=/iu.test(firstHeader(request, "to") ?? "") === (dialog === "within");
}

function hasContent({ message }: FlowHop, { headers = {}, body }: FlowArrow): boolean {
  const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
  const all = Object.entries(headers).every(([name, part]) => {
    const value = firstHeader(message, name.toLowerCase());
    return value !== undefined && contains(value, part);
  });
  return all && (body === undefined || contains(Buffer.from(message.body).toString("utf8"), body));
}

/** The first chunk of a message, or what answers it. */
function fitsMedia(hop: MediaHop, arrow: FlowArrow, { taken, binding }: Matching): boolean {
  const { head } = hop.record;
  const { participants } = binding;
  const ends = participants[arrow.from]?.node === hop.from && participants[arrow.to]?.node === hop.to;
  if (arrow.answers !== undefined) {
    const asked = taken.get(arrow.answers);
    return (
      head.kind === "response" &&
      asked !== undefined &&
      "record" in asked &&
      asked.record.head.transactionId === head.transactionId &&
      asked.from === hop.to
    );
  }
  const body = Buffer.from(hop.record.body ?? []).toString("utf8");
  return (
    ends &&
    head.kind === "request" &&
    head.method === arrow.request &&
    (arrow.body === undefined || body.includes(arrow.body))
  );
}

/** The final response on the leg where the request arrived. */
function isAnswer({ message, from }: FlowHop, answers: string, { taken }: Matching): boolean {
  if (message.kind === "request" || message.status < 200) return false;
  const request = taken.get(answers);
  const asked = request === undefined || "record" in request ? [] : request.to.exchanges;
  return from.exchanges.some((exchange) => asked.includes(exchange));
}

/** What came in place of the response that is drawn; undefined: that one. */
function otherStatusOf(hop: Found, { response }: FlowArrow): string | undefined {
  if (response === undefined) return undefined;
  const expected = response.replace("xx", "");
  if ("record" in hop) {
    const { head } = hop.record;
    const isOther = head.kind === "response" && !String(head.status).startsWith(expected);
    return isOther ? `MSRP ${head.status}` : undefined;
  }
  const { message } = hop;
  const isOther = message.kind === "response" && !String(message.status).startsWith(expected);
  return isOther ? summariseSip(message).label : undefined;
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
  // Within a dialog the Request-URI is a Contact, and either end may send: both are in To and From.
  if (isWithin(request, "within")) return [...senders, addressIn(firstHeader(request, "to") ?? "")];
  if (serverFunction === "originating") return senders;
  if (serverFunction === "terminating") return [request.uri];
  if (serverFunction === "registration") return [addressIn(firstHeader(request, "to") ?? "")];
  return [...senders, request.uri];
}

const CONFERENCE_STATE_TYPE = "application/conference-info+xml";

function conferenceStateIn(body: Uint8Array): "full-state" | "partial-state" | undefined {
  try {
    const { state } = readConferenceInfo(body);
    return state === "deleted" ? undefined : `${state}-state`;
  } catch (error) {
    if (error instanceof XmlReadError) return undefined;
    throw error;
  }
}

/** RFC 5438 7.2: the media type of a notification stands in its body, within CPIM. */
const NOTIFICATION_TYPE = "message/imdn+xml";

function carriedBy(hop: FlowHop, { trace, stimulus }: Matching): FlowArrow["carries"] {
  const { exchanges, request } = hop.from;
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
  const type = firstHeader(request, "content-type") ?? "";
  if (type.toLowerCase().startsWith(CONFERENCE_STATE_TYPE)) return conferenceStateIn(request.body);
  if (`${type}\n${body.toString("latin1")}`.toLowerCase().includes(NOTIFICATION_TYPE)) return "notification";
  const carries = exchanges.some((exchange) => trace.stimulusOf(exchange)?.id === stimulus?.id);
  return carries && stimulus !== undefined ? "message" : undefined;
}

/** What was found of the entries before; where one was not found, of those before it. */
function precedingHops(id: string, matching: Matching): readonly (readonly [string, Found])[] {
  const step = matching.flow.steps.find((one) => one.id === id);
  if (step === undefined) return [];
  return predecessorsOf(step, matching.flow).flatMap((before) => {
    const hop = matching.taken.get(before);
    return hop === undefined ? precedingHops(before, matching) : [[before, hop] as const];
  });
}

function isAfter(hop: Found, earlier: Found): boolean {
  return (hop.seqs[0] ?? 0) > (earlier.seqs.at(-1) ?? 0);
}
