/** Messages in MSRP sessions: put together from their chunks, with responses and reports (RFC 4975 5.1, 7.3), their CPIM headers read. */
import type { CpimMessage } from "../../wire/cpim/cpim.ts";
import { parseCpim } from "../../wire/cpim/parse.ts";
import { byteRangeOf, msrpHeader, statusOf, type ByteRange } from "../../wire/msrp/headers.ts";
import type { MsrpFlag, MsrpRequestHead, MsrpResponseHead } from "../../wire/msrp/message.ts";
import { isMsrpRequest, type MsrpRecord } from "./msrp-records.ts";
import { once, readable, readableOr, type Unreadable } from "./readable.ts";

/** A SEND and its response. */
export interface Chunk {
  readonly request: MsrpRecord<MsrpRequestHead>;
  readonly response?: MsrpRecord<MsrpResponseHead>;
  /** Absent where the field is missing or cannot be read: the chunk then begins the message. */
  readonly range?: ByteRange;
}

export interface DeliveryReport {
  readonly record: MsrpRecord<MsrpRequestHead>;
  /** RFC 4975 7.1.2: 200 for success; absent where Status cannot be read. */
  readonly status?: number;
  readonly range?: ByteRange;
}

/** A message as one of Scrim's nodes sent or received it; one between two nodes of Scrim stands twice. */
export interface SessionMessage {
  readonly seq: number;
  readonly at: number;
  /** Of its last chunk. */
  readonly endSeq: number;
  readonly messageId: string;
  readonly node: string;
  readonly direction: "in" | "out";
  readonly way: MsrpRecord["way"];
  /** URIs of both ends of the session. */
  readonly from: string;
  readonly to: string;
  /** In the order in which they crossed. */
  readonly chunks: readonly Chunk[];
  readonly reports: readonly DeliveryReport[];
  /** How its last chunk ended: `+` where more was to come. */
  readonly flag: MsrpFlag;
  /** As sent. */
  readonly contentType: string | undefined;
  /** A SEND without content keeps a session, and is for nobody to read. */
  readonly isEmpty: boolean;
  /** The octets; undefined when some are missing, or were too many for the record. */
  readonly body: Uint8Array | undefined;
  /** What Message/CPIM says; undefined where the message is none, or is not all there. */
  readonly cpim: CpimMessage | Unreadable | undefined;
  /** The status of the first response that is not 200, else 200; undefined: nobody has responded. */
  readonly status: number | undefined;
}

/** Octets that are put together; a message above it is left in its chunks. */
const WHOLE_OCTETS = 16 * 1024 * 1024;

/** A chunk that crosses a node without Message-ID is a message of its own. */
export function readSessionMessages(records: readonly MsrpRecord[]): readonly SessionMessage[] {
  const chunksOf = new Map<string, Chunk[]>();
  const reportsOf = new Map<string, DeliveryReport[]>();
  const responses = responsesByTransaction(records);
  for (const record of records.filter(isMsrpRequest)) {
    const { method } = record.head;
    if (method === "SEND") push(chunksOf, messageKey(record, record.direction), chunkOf(record, responses));
    if (method === "REPORT")
      push(reportsOf, messageKey(record, opposite(record.direction)), reportOf(record));
  }
  return [...chunksOf].flatMap(([key, chunks]) => messageOf(chunks, reportsOf.get(key) ?? []) ?? []);
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** A report names its message, and travels the other way. */
function messageKey({ node, head, from, to, seq }: MsrpRecord, direction: "in" | "out"): string {
  const id = msrpHeader(head, "Message-ID")?.trim();
  const ends = [from, to].map((uri) => uri.toLowerCase()).sort();
  return JSON.stringify([node, direction, ...ends, id ?? seq]);
}

const opposite = (direction: "in" | "out"): "in" | "out" => (direction === "in" ? "out" : "in");

/** By node, way of the request, and transaction id; a sender that uses one twice gets them in order. */
function responsesByTransaction(
  records: readonly MsrpRecord[],
): ReadonlyMap<string, MsrpRecord<MsrpResponseHead>[]> {
  const found = new Map<string, MsrpRecord<MsrpResponseHead>[]>();
  for (const record of records.filter(isMsrpResponse))
    push(found, transactionKey(record, opposite(record.direction)), record);
  return found;
}

function isMsrpResponse(record: MsrpRecord): record is MsrpRecord<MsrpResponseHead> {
  return record.head.kind === "response";
}

/** The remote end is that of the connection, for a request and its response alike. */
function transactionKey({ node, remote, head }: MsrpRecord, direction: "in" | "out"): string {
  return `${node} ${direction} ${remote} ${head.transactionId}`;
}

function chunkOf(
  request: MsrpRecord<MsrpRequestHead>,
  responses: ReadonlyMap<string, MsrpRecord<MsrpResponseHead>[]>,
): Chunk {
  const range = readableOr(() => byteRangeOf(request.head), undefined);
  const response = responses.get(transactionKey(request, request.direction))?.shift();
  return {
    request,
    ...(response === undefined ? {} : { response }),
    ...(range === undefined ? {} : { range }),
  };
}

function reportOf(record: MsrpRecord<MsrpRequestHead>): DeliveryReport {
  const status = readableOr(() => statusOf(record.head)?.code, undefined);
  const range = readableOr(() => byteRangeOf(record.head), undefined);
  return {
    record,
    ...(status === undefined ? {} : { status }),
    ...(range === undefined ? {} : { range }),
  };
}

function messageOf(chunks: readonly Chunk[], reports: readonly DeliveryReport[]): SessionMessage | undefined {
  const [first, last] = [chunks[0], chunks.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { seq, at, node, direction, way, from, to, head } = first.request;
  const body = once(() => bodyOf(chunks));
  const contentType = chunks
    .map(({ request }) => msrpHeader(request.head, "Content-Type")?.trim())
    .find((type) => type !== undefined);
  const cpim = once(() => cpimOf(contentType, body()));
  const statuses = chunks.flatMap(({ response }) => response?.head.status ?? []);
  return {
    seq,
    at,
    endSeq: last.request.seq,
    messageId: msrpHeader(head, "Message-ID")?.trim() ?? "",
    node,
    direction,
    way,
    from,
    to,
    chunks,
    reports,
    flag: last.request.flag,
    contentType,
    isEmpty: contentType === undefined && chunks.every(({ request }) => request.bodyBytes === 0),
    status: statuses.find((status) => status !== 200) ?? statuses[0],
    get body() {
      return body();
    },
    get cpim() {
      return cpim();
    },
  };
}

/** Each chunk at its place; what overlaps is what came last (RFC 4975 7.3.1). */
function bodyOf(chunks: readonly Chunk[]): Uint8Array | undefined {
  if (chunks.at(-1)?.request.flag !== "$" || chunks.some(({ request }) => request.cut)) return undefined;
  const places = chunks.map(({ request, range }) => ({
    start: (range?.start ?? 1) - 1,
    octets: request.body ?? new Uint8Array(),
  }));
  const length = Math.max(0, ...places.map(({ start, octets }) => start + octets.length));
  if (length > WHOLE_OCTETS) return undefined;
  const whole = new Uint8Array(length);
  for (const { start, octets } of places) whole.set(octets, start);
  return isCovered(places, length) ? whole : undefined;
}

function isCovered(
  places: readonly { readonly start: number; readonly octets: Uint8Array }[],
  length: number,
): boolean {
  const covered = [...places]
    .sort((a, b) => a.start - b.start)
    .reduce((end, { start, octets }) => (start <= end ? Math.max(end, start + octets.length) : end), 0);
  return covered === length;
}

function cpimOf(contentType: string | undefined, body: Uint8Array | undefined): SessionMessage["cpim"] {
  if (body === undefined || !/^message\/cpim\s*(?:;|$)/iu.test(contentType ?? "")) return undefined;
  return readable(() => parseCpim(body));
}
