/**
 * The packages `sip` and `drachtio-sip` as readers of SIP. What they leave as text of a message is read here with their own readers, or
 * where they have none in the plainest way, so that every side ends with the same fields typed.
 */
import drachtio from "drachtio-sip/lib/parser.js";
import * as sip from "sip";

export interface PeerMessage {
  readonly headers: Record<string, unknown>;
  readonly uri?: string;
}

export interface Peer {
  /** The package with its version. */
  readonly name: string;
  readonly parse: (bytes: Buffer) => PeerMessage | undefined;
  /** Reads an address and its parameters, the URI as text; reads any other value with parameters too. */
  readonly address: (text: string) => { uri: unknown };
  readonly uri: (text: string) => object | undefined;
}

const readDrachtioAddress = drachtio.getParser("to");

export const SIP: Peer = {
  name: "sip 0.0.6",
  parse: (bytes) => sip.parse(bytes),
  address: (text) => sip.parseAOR({ s: text, i: 0 }),
  uri: (text) => sip.parseUri(text),
};

export const DRACHTIO: Peer = {
  name: "drachtio-sip 0.6.3",
  parse: (bytes) => drachtio.parseSipMessage(bytes, false),
  address: (text) => readDrachtioAddress({ s: text, i: 0 }),
  uri: (text) => drachtio.parseUri(text),
};

export function readWith(peer: Peer, bytes: Buffer): PeerMessage {
  return messageOf(peer.name, peer.parse(bytes));
}

export function messageOf<T extends object>(peer: string, message: T | undefined): T {
  if (message === undefined) throw new Error(`${peer} could not read a message`);
  return message;
}

/** The typed values of a message that the peer has read: what it typed itself, and the rest. */
export function typedByPeer(peer: Peer, message: PeerMessage): unknown[] {
  const { headers } = message;
  const found: unknown[] = [message.uri === undefined ? undefined : peer.uri(message.uri)];
  for (const name in headers) {
    const value = headers[name];
    const read = READERS.get(name.toLowerCase());
    if (read === undefined) found.push(value);
    else if (Array.isArray(value)) for (const entry of value) found.push(read(entry, peer));
    else found.push(read(value, peer));
  }
  return found;
}

type Reader = (value: unknown, peer: Peer) => unknown;

const address: Reader = (value, peer) => {
  const read = typeof value === "string" ? peer.address(value) : value;
  if (typeof read === "object" && read !== null && "uri" in read && typeof read.uri === "string")
    read.uri = peer.uri(read.uri);
  return read;
};
const parameterized: Reader = (value, peer) => (typeof value === "string" ? peer.address(value) : value);
const number: Reader = Number;
const tokens: Reader = (value) => (typeof value === "string" ? value.split(/\s*,\s*/) : value);
const products: Reader = (value) =>
  typeof value === "string" ? value.split(/\s+/).map((product) => product.split("/")) : value;
const warning: Reader = (value) =>
  typeof value === "string" ? /^([0-9]{3}) (\S+) "(.*)"$/.exec(value) : undefined;

/** Vias, CSeq, Content-Length and the URIs of Route and Record-Route are typed by the parsers themselves. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...["from", "to", "contact", "refer-to", "referred-by"].map((name) => [name, address] as const),
  ...["p-asserted-identity", "p-preferred-identity"].map((name) => [name, address] as const),
  ...["event", "subscription-state", "session-expires", "min-se"].map(
    (name) => [name, parameterized] as const,
  ),
  ...["content-type", "accept-contact", "p-access-network-info"].map(
    (name) => [name, parameterized] as const,
  ),
  ...["max-forwards", "expires"].map((name) => [name, number] as const),
  ...["allow", "supported", "require", "allow-events", "privacy"].map((name) => [name, tokens] as const),
  ...["user-agent", "server"].map((name) => [name, products] as const),
  ["warning", warning],
]);
