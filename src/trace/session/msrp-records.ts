/** MSRP as it crossed Scrim's nodes, from events to messages. Each is read once. */
import { MsrpParseError, readOrMsrpError } from "../../wire/msrp/error.ts";
import { parseMsrp } from "../../wire/msrp/frame.ts";
import { msrpHeader } from "../../wire/msrp/headers.ts";
import type { MsrpFlag, MsrpHead, MsrpRequestHead } from "../../wire/msrp/message.ts";
import { createMsrpParser } from "../../wire/msrp/parser.ts";
import { decodeBytes, endsOf, isCut, lengthOf } from "../bytes.ts";
import type { Crossed, Phase, TraceEvent } from "../event.ts";
import type { MalformedRecord, SipRecord } from "../scenario-trace.ts";

type Place = Omit<SipRecord, "message" | "bytes" | "cut">;

/** A request (a chunk of a message is one) or a response that crossed one of Scrim's nodes. */
export interface MsrpRecord<H extends MsrpHead = MsrpHead> extends Place {
  readonly head: H;
  readonly flag: MsrpFlag;
  /** When its head crossed, where that was before its end. */
  readonly begunAt?: number;
  /** Octets of the body; of one that was cut, about as many. */
  readonly bodyBytes: number;
  /** Absent where there is none, and where the record kept only the ends of it. */
  readonly body?: Uint8Array;
  readonly cut?: true;
  /** URI of the end that sent it, and of the end that it is for: the last of From-Path and of To-Path, as sent. */
  readonly from: string;
  readonly to: string;
  readonly way: "to-sut" | "from-sut" | "within";
}

export interface MsrpRecords {
  readonly records: readonly MsrpRecord[];
  readonly malformed: readonly Omit<MalformedRecord, "bytes">[];
}

export function readMsrpRecords(events: readonly TraceEvent[]): MsrpRecords {
  const records: MsrpRecord[] = [];
  const malformed: Omit<MalformedRecord, "bytes">[] = [];
  let phase: Phase = "preamble";
  for (const event of events) {
    if (event.type === "phase") phase = event.phase;
    if (event.type !== "crossed" || event.protocol !== "msrp") continue;
    const place = placeOf(event, phase);
    const content = event.malformed === undefined ? contentOf(event) : event.malformed;
    if ("code" in content) malformed.push({ ...place, malformed: content });
    else
      records.push({
        ...place,
        ...content,
        ...(event.begunAt === undefined ? {} : { begunAt: event.begunAt }),
        from: lastUri(content.head, "From-Path"),
        to: lastUri(content.head, "To-Path"),
        way: wayOf(event),
      });
  }
  return { records, malformed };
}

export function isMsrpRequest(record: MsrpRecord): record is MsrpRecord<MsrpRequestHead> {
  return record.head.kind === "request";
}

type Content = Pick<MsrpRecord, "head" | "flag" | "bodyBytes" | "body" | "cut">;

function contentOf({ bytes }: Crossed): Content | NonNullable<Crossed["malformed"]> {
  if (isCut(bytes)) return endsOfContent(bytes);
  const frame = readOrMsrpError(() => parseMsrp(decodeBytes(bytes)));
  if (frame instanceof MsrpParseError) return complaintOf(frame);
  const { head, flag, bodyBytes, body, content } = frame;
  return { head, flag, bodyBytes, ...(content === "body" && body !== undefined ? { body } : {}) };
}

/** Of a long chunk the middle is lost: its head is read, and the flag at its very end. */
function endsOfContent(
  bytes: Extract<Crossed["bytes"], { sha256: string }>,
): Content | NonNullable<Crossed["malformed"]> {
  const { head: start, tail } = endsOf(bytes);
  let head: MsrpHead | undefined;
  for (const event of createMsrpParser().push(start)) {
    if (event.kind === "head") head ??= event.head;
    if (event.kind === "error") return complaintOf(event.error);
  }
  if (head === undefined)
    return { code: "too-large", offset: 0, message: "the head is longer than what the record keeps of it" };
  const flag = /-{7}\S*([$+#])\r\n$/u.exec(Buffer.from(tail).toString("latin1"))?.[1];
  const headEnd = Buffer.from(start).indexOf("\r\n\r\n") + 4;
  const endLine = "\r\n-------$\r\n".length + head.transactionId.length;
  return {
    head,
    flag: flag === "+" || flag === "#" ? flag : "$",
    bodyBytes: Math.max(0, lengthOf(bytes) - headEnd - endLine),
    cut: true,
  };
}

function complaintOf({ code, offset, message }: MsrpParseError): NonNullable<Crossed["malformed"]> {
  return { code, offset, message };
}

function lastUri(head: MsrpHead, name: string): string {
  return msrpHeader(head, name)?.trim().split(/\s+/u).at(-1) ?? "";
}

function wayOf({ peerIsSut, direction }: Crossed): MsrpRecord["way"] {
  if (!peerIsSut) return "within";
  return direction === "out" ? "to-sut" : "from-sut";
}

function placeOf(event: Crossed, phase: Phase): Place {
  const { seq, at, node, nodeKind, peer, peerIsSut, direction, transport, local, remote } = event;
  const { serverFunction, passage, stimulus } = event;
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
    ...(serverFunction === undefined ? {} : { serverFunction }),
    ...(passage === undefined ? {} : { passage }),
    ...(stimulus === undefined ? {} : { stimulus }),
  };
}
