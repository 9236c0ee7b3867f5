/**
 * IP packets with UDP or TCP in them (RFC 791, 8200, 768, 9293), without options, extension headers or fragments. The longest payload is
 * what 16 bits of length can tell.
 */
import { isIPv4, isIPv6 } from "node:net";

export interface IpEnd {
  /** IPv4 or IPv6 address as text, without brackets. */
  readonly address: string;
  readonly port: number;
}

export interface TcpPosition {
  readonly sequence: number;
  readonly acknowledgement: number;
}

/** So much payload fits into one packet of either protocol and version. */
export const MAX_PAYLOAD = 65_535 - 40 - 20;

const UDP = 17;
const TCP = 6;

export function udpPacket(from: IpEnd, to: IpEnd, payload: Uint8Array): Uint8Array {
  const datagram = Buffer.alloc(8 + payload.length);
  datagram.writeUInt16BE(from.port, 0);
  datagram.writeUInt16BE(to.port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  datagram.set(payload, 8);
  return ipPacket(from, to, UDP, datagram, 6);
}

/** One segment with PSH and ACK set. */
export function tcpPacket(from: IpEnd, to: IpEnd, position: TcpPosition, payload: Uint8Array): Uint8Array {
  const segment = Buffer.alloc(20 + payload.length);
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt32BE(position.sequence >>> 0, 4);
  segment.writeUInt32BE(position.acknowledgement >>> 0, 8);
  segment.writeUInt8(5 << 4, 12);
  segment.writeUInt8(0x18, 13);
  segment.writeUInt16BE(65_535, 14);
  segment.set(payload, 20);
  return ipPacket(from, to, TCP, segment, 16);
}

/** RFC 1071: the ones' complement of the ones' complement sum of 16-bit words. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function ipPacket(from: IpEnd, to: IpEnd, protocol: number, content: Buffer, checksumAt: number): Uint8Array {
  const v4 = isIPv4(from.address) && isIPv4(to.address);
  const [source, destination] = [addressBytes(from.address, v4), addressBytes(to.address, v4)];
  const checksum = internetChecksum(
    Buffer.concat([pseudoHeader(source, destination, protocol, content.length), content]),
  );
  // RFC 768: a checksum of zero goes as all ones, since zero means none.
  content.writeUInt16BE(checksum === 0 && protocol === UDP ? 0xffff : checksum, checksumAt);
  const header = v4
    ? ipv4Header(source, destination, protocol, content.length)
    : ipv6Header(source, destination, protocol, content.length);
  return Buffer.concat([header, content]);
}

/** RFC 9293 3.1 and RFC 8200 8.1; the sums of both forms are equal for equal addresses. */
function pseudoHeader(source: Buffer, destination: Buffer, protocol: number, length: number): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(length, 0);
  tail.writeUInt32BE(protocol, 4);
  return Buffer.concat([source, destination, tail]);
}

function ipv4Header(source: Buffer, destination: Buffer, protocol: number, length: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  source.copy(header, 12);
  destination.copy(header, 16);
  header.writeUInt16BE(internetChecksum(header), 10);
  return header;
}

function ipv6Header(source: Buffer, destination: Buffer, protocol: number, length: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(64, 7);
  source.copy(header, 8);
  destination.copy(header, 24);
  return header;
}

/** The bytes of an address; where not both ends have IPv4 addresses, those of an IPv6 one. */
export function addressBytes(address: string, v4: boolean): Buffer {
  return v4 ? bytesOfIpv4(address) : bytesOfIpv6(address);
}

function bytesOfIpv4(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}

/** An IPv4 address becomes an IPv4-mapped one (RFC 4291 2.5.5.2). */
function bytesOfIpv6(address: string): Buffer {
  if (isIPv4(address))
    return Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), bytesOfIpv4(address)]);
  if (!isIPv6(address)) throw new RangeError(`expected an IP address, came ${JSON.stringify(address)}`);
  const plain = address.split("%")[0] ?? "";
  const [head = "", tail] = dottedTailAsGroups(plain).split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const missing = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0);
  const bytes = Buffer.alloc(16);
  [...before, ...missing, ...after].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** `::ffff:192.0.2.1` has its last two groups as an IPv4 address. */
function dottedTailAsGroups(address: string): string {
  const dotted = /[0-9.]+$/.exec(address)?.[0] ?? "";
  if (!dotted.includes(".")) return address;
  const bytes = bytesOfIpv4(dotted);
  const groups = `${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}`;
  return address.slice(0, -dotted.length) + groups;
}
