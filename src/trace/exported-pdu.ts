/**
 * Messages for Wireshark without packets around them: its exported PDUs (link type 252, WIRESHARK_UPPER_PDU; the tags are those of
 * epan/exported_pdu.h). The dissector is named, so that nothing has to be guessed from ports, and what crossed TLS stands in the clear.
 */
import { isIPv4 } from "node:net";
import { addressBytes, type IpEnd } from "./ip-packet.ts";

export const LINKTYPE_WIRESHARK_UPPER_PDU = 252;

const TAG = {
  end: 0,
  dissectorName: 12,
  ipv4Source: 20,
  ipv4Destination: 21,
  ipv6Source: 22,
  ipv6Destination: 23,
  portType: 24,
  sourcePort: 25,
  destinationPort: 26,
} as const;

const PORT_TYPE = { tcp: 2, udp: 3 } as const;

/** One whole message. `dissector`: the name by which Wireshark knows the protocol. */
export function exportedPdu(
  dissector: string,
  portType: keyof typeof PORT_TYPE,
  [from, to]: readonly [IpEnd, IpEnd],
  message: Uint8Array,
): Uint8Array {
  const v4 = isIPv4(from.address) && isIPv4(to.address);
  const [source, destination] = [addressBytes(from.address, v4), addressBytes(to.address, v4)];
  return Buffer.concat([
    tag(TAG.dissectorName, padded(dissector)),
    tag(v4 ? TAG.ipv4Source : TAG.ipv6Source, source),
    tag(v4 ? TAG.ipv4Destination : TAG.ipv6Destination, destination),
    tag(TAG.portType, number(PORT_TYPE[portType])),
    tag(TAG.sourcePort, number(from.port)),
    tag(TAG.destinationPort, number(to.port)),
    tag(TAG.end, Buffer.alloc(0)),
    message,
  ]);
}

function tag(code: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(code, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

/** Text is ended by at least one NUL and padded to four bytes. */
function padded(text: string): Buffer {
  const bytes = Buffer.from(text, "ascii");
  return Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}
