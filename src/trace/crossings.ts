/** What crossed Scrim's nodes, from events to messages. Each message is parsed once, also one between two nodes of Scrim, which stands twice in the trace. */
import { SipParseError } from "../wire/sip/error.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { parseSip } from "../wire/sip/parse.ts";
import { decodeBytes, isCut } from "./bytes.ts";
import type { Crossed, Phase, TraceEvent } from "./event.ts";
import { readHttpRecord } from "./http-record.ts";
import type { HttpRecord, MalformedRecord, SipRecord } from "./scenario-trace.ts";

export interface Crossings {
  readonly messages: readonly SipRecord[];
  readonly malformed: readonly MalformedRecord[];
  readonly http: readonly HttpRecord[];
}

export function readCrossings(events: readonly TraceEvent[]): Crossings {
  const messages: SipRecord[] = [];
  const malformed: MalformedRecord[] = [];
  const http: HttpRecord[] = [];
  const readings = new Map<string, Reading>();
  let phase: Phase = "preamble";
  for (const event of events) {
    if (event.type === "phase") phase = event.phase;
    if (event.type !== "crossed") continue;
    if (event.protocol === "http") http.push(readHttpRecord(event));
    if (event.protocol !== "sip") continue;
    const record = readSipCrossing(event, phase, readings);
    if ("malformed" in record) malformed.push(record);
    else messages.push(record);
  }
  return { messages, malformed, http };
}

/** The octets of a message, and what they say. */
interface Reading {
  readonly bytes: Uint8Array;
  readonly parsed: Parsed;
}

/** Parses strictly; what fails is kept as malformed, and so is what the endpoint could not read. `readings`: of messages that were read before. */
export function readSipCrossing(
  event: Crossed,
  phase: Phase,
  readings: Map<string, Reading> = new Map(),
): SipRecord | MalformedRecord {
  if (event.malformed !== undefined)
    return { ...commonOf(event, phase, decodeBytes(event.bytes)), malformed: event.malformed };
  const { bytes, parsed } = readingOf(event, readings);
  const common = commonOf(event, phase, bytes);
  return parsed.message === undefined
    ? { ...common, malformed: parsed.malformed }
    : { ...common, message: parsed.message };
}

function readingOf({ bytes: recorded, transport }: Crossed, readings: Map<string, Reading>): Reading {
  const stream = transport !== "udp";
  const key = "text" in recorded ? `${stream ? "s" : "d"}${recorded.text}` : undefined;
  const before = key === undefined ? undefined : readings.get(key);
  if (before !== undefined) return before;
  const bytes = decodeBytes(recorded);
  const reading = { bytes, parsed: parseOrExplain(bytes, stream) };
  if (key !== undefined) readings.set(key, reading);
  return reading;
}

type Parsed =
  | { readonly message: SipMessage }
  | { readonly message: undefined; readonly malformed: MalformedRecord["malformed"] };

function parseOrExplain(bytes: Uint8Array, stream: boolean): Parsed {
  try {
    return { message: parseSip(bytes, { stream }) };
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    const { code, offset, message } = error;
    return { message: undefined, malformed: { code, offset, message } };
  }
}

function commonOf(event: Crossed, phase: Phase, bytes: Uint8Array): Omit<SipRecord, "message"> {
  const { seq, at, node, nodeKind, peer, peerIsSut, direction, transport, local, remote } = event;
  return {
    seq,
    at,
    phase,
    node,
    nodeKind,
    peer,
    peerIsSut,
    direction,
    transport,
    local,
    remote,
    bytes,
    ...(isCut(event.bytes) ? { cut: true } : {}),
    ...(event.serverFunction === undefined ? {} : { serverFunction: event.serverFunction }),
    ...(event.passage === undefined ? {} : { passage: event.passage }),
    ...(event.stimulus === undefined ? {} : { stimulus: event.stimulus }),
  };
}
