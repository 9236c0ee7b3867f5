/** DNS messages (RFC 1035 4.1) with the records that lead to a SIP server: NAPTR, SRV, A, AAAA, and those of a zone's head. */
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
  TRUNCATED_RESPONSE,
} from "dns-packet";

/** RFC 2915 2, RFC 3403 4.1 */
export interface NaptrData {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 2782 */
export interface SrvData {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** RFC 1035 3.3.13; times in seconds. */
export interface SoaData {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

interface Owner {
  /** Without the dot at the end. */
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
}

export type DnsRecord = Owner &
  (
    | { readonly type: "A" | "AAAA" | "NS" | "CNAME"; readonly data: string }
    | { readonly type: "SRV"; readonly data: SrvData }
    | { readonly type: "NAPTR"; readonly data: NaptrData }
    | { readonly type: "SOA"; readonly data: SoaData }
  );

export type DnsType = DnsRecord["type"];

export interface DnsQuestion {
  readonly name: string;
  /** Any type that has a name, not only those of {@link DnsRecord}. */
  readonly type: string;
}

/** RFC 1035 4.1.1 */
export const RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

export interface DnsMessage {
  readonly id: number;
  readonly kind: "query" | "response";
  /** 0: a standard query. */
  readonly opcode: number;
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly questions: readonly DnsQuestion[];
  /** Records of types that are not known here are left out. */
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  /** What the sender takes over UDP, in bytes: 512, or what its OPT record says (RFC 6891 6.2.3). */
  readonly udpPayload: number;
}

/** Bytes are no DNS message. */
export class DnsFormatError extends Error {
  readonly code = "dns-format";
  constructor(why: string, cause?: unknown) {
    super(`not a DNS message: ${why}`, { cause });
    this.name = "DnsFormatError";
  }
}

/** RFC 1035 2.3.4 */
const UDP_BYTES = 512;
const HEADER_BYTES = 12;

/** Throws {@link DnsFormatError}. */
export function parseDns(bytes: Uint8Array): DnsMessage {
  if (bytes.length < HEADER_BYTES) throw new DnsFormatError(`${bytes.length} bytes, less than a header`);
  const [, , high = 0, low = 0] = bytes;
  const packet = decoded(bytes);
  const opt = (packet.additionals ?? []).find((record) => record.type === "OPT");
  return {
    id: packet.id ?? 0,
    kind: (high & 0x80) === 0 ? "query" : "response",
    opcode: (high >> 3) & 0x0f,
    rcode: low & 0x0f,
    authoritative: (high & 0x04) !== 0,
    truncated: (high & 0x02) !== 0,
    recursionDesired: (high & 0x01) !== 0,
    questions: (packet.questions ?? []).map(({ name, type }) => ({ name: legible(name), type })),
    answers: (packet.answers ?? []).flatMap(recordOf),
    authorities: (packet.authorities ?? []).flatMap(recordOf),
    additionals: (packet.additionals ?? []).flatMap(recordOf),
    udpPayload: Math.max(UDP_BYTES, opt === undefined ? 0 : opt.udpPayloadSize),
  };
}

/** A question is repeated in its answer, and octets that are no text would come out as others, too long for their label. */
function legible(name: string): string {
  if (!name.includes("\uFFFD")) return name;
  throw new DnsFormatError("a question whose name is not in UTF-8");
}

function decoded(bytes: Uint8Array): Packet {
  try {
    return decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    throw new DnsFormatError(error instanceof Error ? error.message : String(error), error);
  }
}

function recordOf(answer: Answer): readonly DnsRecord[] {
  const owner = { name: answer.name, ttl: "ttl" in answer ? (answer.ttl ?? 0) : 0 };
  const { type } = answer;
  if (type === "A" || type === "AAAA" || type === "NS" || type === "CNAME")
    return [{ ...owner, type, data: answer.data }];
  if (type === "SRV") return [{ ...owner, type, data: { priority: 0, weight: 0, ...defined(answer.data) } }];
  if (type === "NAPTR") return [{ ...owner, type, data: answer.data }];
  if (type !== "SOA") return [];
  const times = { serial: 0, refresh: 0, retry: 0, expire: 0, minimum: 0 };
  return [{ ...owner, type, data: { ...times, ...defined(answer.data) } }];
}

type Defined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** dns-packet reads every member; its types allow for leaving some out when writing. */
function defined<T extends object>(data: T): Defined<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return data as Defined<T>;
}

export function serializeDns(message: DnsMessage): Buffer {
  const { id, kind, opcode, rcode, authoritative, truncated, recursionDesired } = message;
  const flags =
    (authoritative ? AUTHORITATIVE_ANSWER : 0) |
    (truncated ? TRUNCATED_RESPONSE : 0) |
    (recursionDesired ? RECURSION_DESIRED : 0) |
    (opcode << 11) |
    rcode;
  return encode({
    id,
    type: kind,
    flags,
    questions: message.questions.map(({ name, type }) => ({ name, type: recordType(type), class: "IN" })),
    answers: message.answers.map(answerOf),
    authorities: message.authorities.map(answerOf),
    additionals: message.additionals.map(answerOf),
  });
}

/** The name of a type is looked up when it is written; `UNKNOWN_65` stands for the number. */
function recordType(type: string): RecordType {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return type as RecordType;
}

function answerOf(record: DnsRecord): Answer {
  const { name, ttl } = record;
  const common = { name, ttl, class: "IN" as const };
  if (record.type === "SRV") return { ...common, type: record.type, data: record.data };
  if (record.type === "NAPTR") return { ...common, type: record.type, data: record.data };
  if (record.type === "SOA") return { ...common, type: record.type, data: record.data };
  return { ...common, type: record.type, data: record.data };
}

/** A question, as a resolver that does not ask for recursion's sake alone would put it. */
export function dnsQuery(id: number, name: string, type: DnsType): DnsMessage {
  return {
    id,
    kind: "query",
    opcode: 0,
    rcode: RCODE.noError,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    questions: [{ name, type }],
    answers: [],
    authorities: [],
    additionals: [],
    udpPayload: UDP_BYTES,
  };
}

/** Over TCP each message follows its length in two octets (RFC 1035 4.2.2). Gives whole messages and what is left. */
export function splitDnsStream(bytes: Uint8Array): {
  readonly messages: readonly Uint8Array[];
  readonly rest: Uint8Array;
} {
  const messages: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (bytes.length < at + 2 || bytes.length < at + 2 + length)
      return { messages, rest: bytes.subarray(at) };
    messages.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
}

export function forDnsStream(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(2 + message.length);
  framed.writeUInt16BE(message.length);
  framed.set(message, 2);
  return framed;
}
