/** Blocks of a pcapng file, little-endian (draft-ietf-opsawg-pcapng, clauses 3 and 4). */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

/** Each packet begins with an IPv4 or IPv6 header. */
export const LINKTYPE_RAW = 101;

const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;

export function sectionHeader(application: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(0x1a2b3c4d, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  // The length of the section is not told.
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, body, [option(SHB_USERAPPL, Buffer.from(application, "utf8"))]);
}

/** `linkType`: what stands at the beginning of its packets. */
export function interfaceDescription(name: string, description: string, linkType: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(linkType, 0);
  body.writeUInt32LE(0, 4);
  return block(INTERFACE_DESCRIPTION, body, [
    option(IF_NAME, Buffer.from(name, "utf8")),
    option(IF_DESCRIPTION, Buffer.from(description, "utf8")),
    option(IF_TSRESOL, Buffer.from([6])),
  ]);
}

export interface CapturedPacket {
  readonly interfaceId: number;
  /** Since the epoch. */
  readonly microseconds: number;
  readonly bytes: Uint8Array;
  /** Length on the wire; more than `bytes` where the end was not kept. */
  readonly originalLength: number;
  readonly comment?: string;
}

export function enhancedPacket(packet: CapturedPacket): Buffer {
  const body = Buffer.alloc(20 + padded(packet.bytes.length));
  const time = BigInt(packet.microseconds);
  body.writeUInt32LE(packet.interfaceId, 0);
  body.writeUInt32LE(Number(time >> 32n), 4);
  body.writeUInt32LE(Number(time & 0xffff_ffffn), 8);
  body.writeUInt32LE(packet.bytes.length, 12);
  body.writeUInt32LE(packet.originalLength, 16);
  body.set(packet.bytes, 20);
  const { comment } = packet;
  return block(
    ENHANCED_PACKET,
    body,
    comment === undefined ? [] : [option(OPT_COMMENT, Buffer.from(comment, "utf8"))],
  );
}

function block(type: number, body: Buffer, options: readonly Buffer[]): Buffer {
  const end = options.length === 0 ? [] : [Buffer.alloc(4)];
  const content = Buffer.concat([body, ...options, ...end]);
  const length = 12 + content.length;
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, content, tail]);
}

function option(code: number, value: Buffer): Buffer {
  const kept = value.subarray(0, 0xffff);
  const bytes = Buffer.alloc(4 + padded(kept.length));
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(kept.length, 2);
  bytes.set(kept, 4);
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
