/** What crossed Scrim's nodes, from events to messages. Each message is parsed once. */
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
  let phase: Phase = "preamble";
  for (const event of events) {
    if (event.type === "phase") phase = event.phase;
    if (event.type !== "crossed") continue;
    if (event.protocol === "http") http.push(readHttpRecord(event));
    if (event.protocol !== "sip") continue;
    const record = readSipCrossing(event, phase);
    if ("malformed" in record) malformed.push(record);
    else messages.push(record);
  }
  return { messages, malformed, http };
}

/** Parses strictly; what fails is kept as malformed, and so is what the endpoint could not read. */
export function readSipCrossing(event: Crossed, phase: Phase): SipRecord | MalformedRecord {
  const common = commonOf(event, phase);
  if (event.malformed !== undefined) return { ...common, malformed: event.malformed };
  const parsed = parseOrExplain(common.bytes, event.transport !== "udp");
  return parsed.message === undefined
    ? { ...common, malformed: parsed.malformed }
    : { ...common, message: parsed.message };
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

function commonOf(event: Crossed, phase: Phase): Omit<SipRecord, "message"> {
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
    bytes: decodeBytes(event.bytes),
    ...(isCut(event.bytes) ? { cut: true } : {}),
    ...(event.serverFunction === undefined ? {} : { serverFunction: event.serverFunction }),
    ...(event.passage === undefined ? {} : { passage: event.passage }),
    ...(event.stimulus === undefined ? {} : { stimulus: event.stimulus }),
  };
}
