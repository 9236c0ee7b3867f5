import { describe, expect, it } from "vitest";
import { internetChecksum, tcpPacket, udpPacket } from "./ip-packet.ts";

const payload = new TextEncoder().encode("OPTIONS sip:b SIP/2.0\r\n\r\n!");
const position = { sequence: 0xffff_fff0, acknowledgement: 7 };

/** A checksum is right when the sum over all that it covers, itself included, comes out as zero. */
function sums(packet: Uint8Array): { header: number; content: number } {
  const bytes = Buffer.from(packet);
  const v4 = bytes.readUInt8(0) >> 4 === 4;
  const content = bytes.subarray(v4 ? 20 : 40);
  const addresses = v4 ? bytes.subarray(12, 20) : bytes.subarray(8, 40);
  const pseudo = Buffer.alloc(4);
  pseudo.writeUInt16BE(bytes.readUInt8(v4 ? 9 : 6), 0);
  pseudo.writeUInt16BE(content.length, 2);
  return {
    header: v4 ? internetChecksum(bytes.subarray(0, 20)) : 0,
    content: internetChecksum(Buffer.concat([addresses, pseudo, content])),
  };
}

describe("IP packets", () => {
  it("sums as the example of RFC 1071", () => {
    expect(internetChecksum(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(~0xddf2 & 0xffff);
  });

  it.each([
    ["127.0.0.1", "127.0.0.2", 20],
    ["::1", "2001:db8::5:6", 40],
    ["fe80::1%eth0", "::ffff:192.0.2.1", 40],
    ["192.0.2.1", "2001:db8::1", 40],
  ])("%s to %s carry the payload with right lengths and sums", (from, to, header) => {
    const ends = [
      { address: from, port: 5060 },
      { address: to, port: 65_535 },
    ] as const;
    for (const [packet, transport] of [
      [udpPacket(...ends, payload), 8],
      [tcpPacket(...ends, position, payload), 20],
    ] as const) {
      expect(sums(packet)).toEqual({ header: 0, content: 0 });
      expect(packet).toHaveLength(header + transport + payload.length);
      expect(packet.subarray(header + transport)).toEqual(Buffer.from(payload));
    }
  });

  it("write an IPv4-mapped and a compressed address out", () => {
    const packet = Buffer.from(
      udpPacket({ address: "::ffff:192.0.2.1", port: 1 }, { address: "2001:db8::5:6", port: 2 }, payload),
    );
    expect(packet.toString("hex", 8, 40)).toBe(
      "00000000000000000000ffffc000020120010db8000000000000000000050006",
    );
  });

  it("refuse what is no address", () => {
    expect(() => udpPacket({ address: "host", port: 1 }, { address: "::1", port: 2 }, payload)).toThrow(
      RangeError,
    );
  });
});
