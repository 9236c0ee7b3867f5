/**
 * Writes the messages of a trace as a capture that Wireshark reads (pcapng, draft-ietf-opsawg-pcapng). There was no capture: the IP, UDP and
 * TCP headers are made up around the recorded bytes, with right lengths, checksums and sequence numbers, but without handshakes. What crossed
 * TLS, and MSRP, whose ports tell nothing and whose messages Wireshark does not put together from segments, stand as exported PDUs.
 */
import { isIP } from "node:net";
import { decodeBytes, endsOf, isCut } from "./bytes.ts";
import type { Crossed, TraceEvent } from "./event.ts";
import { exportedPdu, LINKTYPE_WIRESHARK_UPPER_PDU } from "./exported-pdu.ts";
import { MAX_PAYLOAD, tcpPacket, udpPacket } from "./ip-packet.ts";
import type { IpEnd } from "./ip-packet.ts";
import { enhancedPacket, interfaceDescription, LINKTYPE_RAW, sectionHeader } from "./pcapng-blocks.ts";
import { hopOf, mergeSightings } from "./sightings.ts";
import type { Sighting } from "./sightings.ts";

/** One packet for each message that crossed (more where TCP carries a very long one), with the names of the nodes as a comment. */
export function pcapngOf(events: readonly TraceEvent[], application = "Scrim"): Uint8Array {
  const endOf = createEnds();
  const streams = createStreams();
  const interfaces = createInterfaces();
  const packets = mergeSightings(events).flatMap((sighting) => {
    const { event } = sighting;
    const { from, to } = hopOf(sighting);
    const ends = [endOf(from), endOf(to)] as const;
    const comment = commentOf(sighting);
    const interfaceId = interfaces.idOf(event.node, linkTypeOf(event));
    return packetsOf(event, ends, streams).map(({ bytes, length }, index) =>
      enhancedPacket({
        interfaceId,
        microseconds: Math.round(event.at * 1000),
        bytes,
        originalLength: length,
        ...(index === 0 ? { comment } : {}),
      }),
    );
  });
  return new Uint8Array(Buffer.concat([sectionHeader(application), ...interfaces.blocks, ...packets]));
}

/** An interface for each node and link type, in the order in which they are asked for. */
function createInterfaces(): {
  readonly blocks: readonly Buffer[];
  idOf(node: string, linkType: number): number;
} {
  const known: string[] = [];
  const blocks: Buffer[] = [];
  return {
    blocks,
    idOf(node, linkType) {
      const key = `${linkType} ${node}`;
      const index = known.indexOf(key);
      if (index !== -1) return index;
      const what =
        linkType === LINKTYPE_RAW ? "as this node of Scrim saw it" : "messages that this node of Scrim saw";
      blocks.push(interfaceDescription(node, what, linkType));
      return known.push(key) - 1;
    },
  };
}

function isExported({ protocol, transport }: Crossed): boolean {
  return protocol === "msrp" || transport === "tls";
}

const linkTypeOf = (event: Crossed): number =>
  isExported(event) ? LINKTYPE_WIRESHARK_UPPER_PDU : LINKTYPE_RAW;

interface Packet {
  readonly bytes: Uint8Array;
  /** Length on the wire, where it is more than what is recorded. */
  readonly length: number;
}

type Ends = readonly [from: IpEnd, to: IpEnd];

function packetsOf(event: Crossed, [from, to]: Ends, streams: Streams): readonly Packet[] {
  if (isExported(event)) return [exportedPacket(event, [from, to])];
  if (event.transport !== "udp") return tcpPackets(event, from, to, streams);
  const payload = isCut(event.bytes) ? endsOf(event.bytes).head : decodeBytes(event.bytes);
  const bytes = udpPacket(from, to, payload.subarray(0, MAX_PAYLOAD));
  const lost = (isCut(event.bytes) ? event.bytes.length : payload.length) - payload.length;
  return [{ bytes, length: bytes.length + Math.max(0, lost) }];
}

/** Of what the record lost the middle, both ends stand together, so that the last line of an MSRP message is seen. */
function exportedPacket(event: Crossed, ends: Ends): Packet {
  const message = isCut(event.bytes)
    ? Buffer.concat([endsOf(event.bytes).head, endsOf(event.bytes).tail])
    : decodeBytes(event.bytes);
  const bytes = exportedPdu(event.protocol, event.transport === "udp" ? "udp" : "tcp", ends, message);
  return { bytes, length: bytes.length };
}

/** What the record lost is a gap in the sequence numbers, which Wireshark shows as a segment that was not captured. */
function tcpPackets(event: Crossed, from: IpEnd, to: IpEnd, streams: Streams): readonly Packet[] {
  const packets: Packet[] = [];
  const send = (payload: Uint8Array): void => {
    for (let at = 0; at < payload.length; at += MAX_PAYLOAD) {
      const part = payload.subarray(at, at + MAX_PAYLOAD);
      const bytes = tcpPacket(from, to, streams.advance(from, to, part.length), part);
      packets.push({ bytes, length: bytes.length });
    }
  };
  if (isCut(event.bytes)) {
    const { head, tail } = endsOf(event.bytes);
    send(head);
    streams.advance(from, to, Math.max(0, event.bytes.length - head.length - tail.length));
    send(tail);
  } else {
    send(decodeBytes(event.bytes));
  }
  return packets;
}

interface Streams {
  /** Position of the next segment of `length` bytes. */
  advance(from: IpEnd, to: IpEnd, length: number): { sequence: number; acknowledgement: number };
}

function createStreams(): Streams {
  const next = new Map<string, number>();
  const key = (from: IpEnd, to: IpEnd): string => `${from.address} ${from.port} ${to.address} ${to.port}`;
  return {
    advance(from, to, length) {
      const sequence = next.get(key(from, to)) ?? 1;
      next.set(key(from, to), sequence + length);
      return { sequence, acknowledgement: next.get(key(to, from)) ?? 1 };
    },
  };
}

/** Hosts that are no addresses, as on the virtual network, get one of 198.18.0.0/15 (RFC 2544), in the order in which they come. */
function createEnds(): (hostPort: string) => IpEnd {
  const made = new Map<string, string>();
  return (hostPort) => {
    const { host, port } = splitHostPort(hostPort);
    if (isIP(host) !== 0) return { address: host, port };
    const number = made.size + 1;
    const address = made.get(host) ?? `198.18.${(number >> 8) & 0xff}.${number & 0xff}`;
    made.set(host, address);
    return { address, port };
  };
}

function splitHostPort(hostPort: string): { host: string; port: number } {
  const found = /^(?:\[([^\]]*)\]|([^:]*|.*?)):([0-9]{1,5})(?:\/[a-z]+)?$/.exec(hostPort);
  const port = Number(found?.[3] ?? 0);
  return { host: found?.[1] ?? found?.[2] ?? hostPort, port: port <= 65_535 ? port : 0 };
}

function commentOf({ event, arrival, from, to }: Sighting): string {
  const parts = [
    `${from} -> ${to}`,
    `event ${event.seq}${arrival === undefined ? "" : ` (arrives as ${arrival.seq})`}`,
    ...(event.serverFunction === undefined ? [] : [`function ${event.serverFunction}`]),
    ...(event.transport === "tls" ? ["over TLS"] : []),
    ...(isCut(event.bytes) ? ["the middle of the body is not recorded"] : []),
    ...(event.malformed === undefined ? [] : [`malformed: ${event.malformed.code}`]),
  ];
  return parts.join(", ");
}
