/** What a message says, under the names that Wireshark has for it, as Scrim reads it. */
import type { Crossed } from "../src/trace/event.ts";
import { decodeBytes } from "../src/trace/bytes.ts";
import { splitHttp } from "../src/trace/http-record.ts";
import { hopOf, mergeSightings, type Sighting } from "../src/trace/sightings.ts";
import type { TraceEvent } from "../src/trace/event.ts";
import { readMsrpStream } from "../src/wire/msrp/frame.ts";
import { msrpHeader } from "../src/wire/msrp/headers.ts";
import type { MsrpFrame } from "../src/wire/msrp/message.ts";
import { callIdOf, cseqOf, fromOf, header, toOf, vias } from "../src/wire/sip/headers.ts";
import { parseSip } from "../src/wire/sip/parse.ts";

export const PROTOCOLS = ["sip", "msrp", "http"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Reading {
  /** Or what else tshark takes the packet for. */
  readonly protocol: string;
  /** `address port > address port` */
  readonly ends: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** The fields that are compared. */
export const FIELDS = {
  sip: [
    "sip.Method",
    "sip.r-uri",
    "sip.Status-Code",
    "sip.CSeq.seq",
    "sip.CSeq.method",
    "sip.Call-ID",
    "sip.Via.branch",
    "sip.Via.sent-by.address",
    "sip.Via.sent-by.port",
    "sip.from.addr",
    "sip.from.tag",
    "sip.to.addr",
    "sip.to.tag",
    "sip.Max-Forwards",
    "sip.Content-Type",
    "sip.Content-Length",
  ],
  msrp: [
    "msrp.transaction.id",
    "msrp.method",
    "msrp.status.code",
    "msrp.to.path",
    "msrp.from.path",
    "msrp.messageid",
    "msrp.byte.range",
    "msrp.success.report",
    "msrp.failure.report",
    "msrp.status",
    "msrp.content.type",
    "msrp.cnt.flg",
  ],
  http: ["http.request.method", "http.request.uri", "http.response.code", "http.content_length_header"],
} as const satisfies Record<Protocol, readonly string[]>;

type Fields = Readonly<Record<string, readonly (string | number | undefined)[]>>;

/** Every message of the record that crossed, once each, in its order. Throws where Scrim itself cannot read one. */
export function readingsOfScrim(events: readonly TraceEvent[]): Reading[] {
  return mergeSightings(events).map((sighting) => ({
    protocol: sighting.event.protocol,
    ends: endsOf(sighting),
    fields: present(FIELDS_OF[sighting.event.protocol](sighting.event)),
  }));
}

function endsOf(sighting: Sighting): string {
  const { from, to } = hopOf(sighting);
  return [from, to].map((end) => end.replace(/^\[?(.*?)\]?:(\d+)$/u, "$1 $2")).join(" > ");
}

/** tshark says nothing of what is not there. */
function present(fields: Fields): Record<string, readonly string[]> {
  const found = Object.entries(fields).map(
    ([name, values]) =>
      [name, values.flatMap((value) => (value === undefined ? [] : [String(value)]))] as const,
  );
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

const FIELDS_OF: Readonly<Record<Protocol, (event: Crossed) => Fields>> = {
  sip: sipFields,
  msrp: msrpFields,
  http: httpFields,
};

function sipFields({ bytes, transport }: Crossed): Fields {
  const message = parseSip(decodeBytes(bytes), { stream: transport !== "udp" });
  const { method, number } = cseqOf(message) ?? {};
  const [from, to, path] = [fromOf(message), toOf(message), vias(message)];
  return {
    "sip.Method": [message.kind === "request" ? message.method : undefined],
    "sip.r-uri": [message.kind === "request" ? message.uri : undefined],
    "sip.Status-Code": [message.kind === "response" ? message.status : undefined],
    "sip.CSeq.seq": [number],
    "sip.CSeq.method": [method],
    "sip.Call-ID": [callIdOf(message)],
    "sip.Via.branch": path.map(({ branch }) => branch),
    // Wireshark leaves out the brackets of an IPv6 address.
    "sip.Via.sent-by.address": path.map(({ host }) => host.replace(/^\[(.*)\]$/u, "$1")),
    "sip.Via.sent-by.port": path.map(({ port }) => port),
    "sip.from.addr": [from?.uri],
    "sip.from.tag": [from?.tag],
    "sip.to.addr": [to?.uri],
    "sip.to.tag": [to?.tag],
    "sip.Max-Forwards": [header(message, "Max-Forwards")],
    "sip.Content-Type": [header(message, "Content-Type")],
    "sip.Content-Length": [header(message, "Content-Length")],
  };
}

function frameOf(bytes: Uint8Array): MsrpFrame {
  const [first] = readMsrpStream(bytes);
  if (first === undefined || "error" in first) throw first?.error ?? new Error("no MSRP message");
  return first.frame;
}

function msrpFields({ bytes }: Crossed): Fields {
  const { head, flag } = frameOf(decodeBytes(bytes));
  const field = (name: string): readonly (string | undefined)[] => [msrpHeader(head, name)];
  return {
    "msrp.transaction.id": [head.transactionId],
    "msrp.method": [head.kind === "request" ? head.method : undefined],
    "msrp.status.code": [head.kind === "response" ? head.status : undefined],
    "msrp.to.path": field("To-Path"),
    "msrp.from.path": field("From-Path"),
    "msrp.messageid": field("Message-ID"),
    "msrp.byte.range": field("Byte-Range"),
    "msrp.success.report": field("Success-Report"),
    "msrp.failure.report": field("Failure-Report"),
    "msrp.status": field("Status"),
    "msrp.content.type": field("Content-Type"),
    "msrp.cnt.flg": [flag],
  };
}

function httpFields({ bytes }: Crossed): Fields {
  const { startLine, headers } = splitHttp(decodeBytes(bytes));
  const [first, second] = startLine.split(" ");
  const isResponse = startLine.startsWith("HTTP/");
  const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  return {
    "http.request.method": [isResponse ? undefined : first],
    "http.request.uri": [isResponse ? undefined : second],
    "http.response.code": [isResponse ? second : undefined],
    "http.content_length_header": [length],
  };
}
