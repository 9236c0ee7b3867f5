/**
 * The transport layer of a SIP endpoint (RFC 3261 18): sockets, connections and their reuse, framing of streams. What arrives is handed on
 * with the channel that leads back.
 */
import {
  type Address,
  type Connection,
  formatHop,
  type Hop,
  type Network,
  type UdpSocket,
} from "../net/network.ts";
import type { SipParseError } from "../wire/sip/error.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import type { SipLimits } from "../wire/sip/limits.ts";
import { defaultPort } from "../machine/matching.ts";
import type { Clock } from "../net/clock.ts";
import { header, viaOf } from "../wire/sip/headers.ts";
import { createKeepAlives, type KeepAlive } from "./keep-alive.ts";
import { type Channel, connectionChannel, udpChannel } from "./channel.ts";
import { bindHops, type BoundHops } from "./listening.ts";
import { createSipReader, readDatagram, type SipReading } from "./sip-reader.ts";

/** A message or the ruins of one. */
export type Arrival = { readonly bytes: Uint8Array; readonly channel: Channel } & (
  { readonly message: SipMessage } | { readonly error: SipParseError }
);

export interface SipTransport {
  readonly hops: readonly Hop[];
  /** A channel to the hop: an open connection where there is one, whoever opened it, else a new one. UDP goes from `local` if that is one of the hops. */
  channelTo(hop: Hop, local?: Hop): Channel;
  /** What the endpoint listens on that a message to `remote` should name as its source. */
  hopFor(remote: Hop): Hop;
  /** Whether a connection to the hop is open, whoever opened it. */
  isConnected(hop: Hop): boolean;
  /** Gives up the connection to the hop, if there is one; what it left unfinished is handed on as an error. */
  hangUp(hop: Hop): void;
  close(): Promise<void>;
}

export interface SipTransportOptions {
  readonly network: Network;
  readonly listen: readonly Hop[];
  readonly limits?: Partial<SipLimits> | undefined;
  readonly receive: (arrival: Arrival) => void;
  readonly clock: Clock;
  /** Ask on silent connections whether they stand. Default: only answer who asks. */
  readonly keepAlive?: KeepAlive | undefined;
  /** What peers know this end by: who is addressed so is reached where this end listens, also behind an address translation. */
  readonly advertisedHost?: string | undefined;
}

/** Connections that peers may hold open; further ones are turned away. */
const ACCEPTED_CONNECTIONS = 1024;

/** Fails with `PortInUseError`; nothing stays open then. */
export async function createSipTransport(options: SipTransportOptions): Promise<SipTransport> {
  const { network, receive, limits } = options;
  const opened = new Map<string, Channel>();
  const adopted = new Map<Channel, () => void>();
  const keepAlives = createKeepAlives(options.clock, options.keepAlive);

  const adopt = (connection: Connection, remote: Hop, ended: () => void): Channel => {
    const reader = createSipReader(limits, () => keepAlives.answer(connection));
    const finish = (): void => {
      if (!adopted.delete(channel)) return;
      keepAlives.forget(connection);
      for (const reading of reader.end()) receive({ ...reading, channel });
      ended();
    };
    const channel = connectionChannel(connection, { listening: hopFor(bound.hops, remote), remote }, finish);
    adopted.set(channel, finish);
    connection.onData((bytes) => {
      keepAlives.alive(connection);
      for (const reading of reader.push(bytes)) {
        noteAlias(reading, channel);
        receive({ ...reading, channel });
      }
      // After an error nobody can tell where the next message starts.
      if (reader.lost) channel.close();
    });
    return channel;
  };

  /** Found by {@link SipTransport.channelTo} until it has ended. */
  const keep = (connection: Connection, remote: Hop): Channel => {
    const key = keyOf(remote);
    const channel = adopt(connection, remote, () => {
      for (const [name, known] of opened) if (known === channel) opened.delete(name);
    });
    opened.set(key, channel);
    return channel;
  };

  /** RFC 5923 5: a client that says so takes requests for what it listens on over the connection that it opened. */
  const noteAlias = (reading: SipReading, channel: Channel): void => {
    const alias = "message" in reading ? aliasOf(reading.message, channel.remote) : undefined;
    if (alias !== undefined && opened.get(keyOf(alias))?.open !== true) opened.set(keyOf(alias), channel);
  };

  const open = (hop: Hop, transport: "tcp" | "tls"): Channel => {
    const connection = network.connect(transport, hop, connectFrom(bound.hops, hop), hop.domain);
    keepAlives.watch(connection);
    return keep(connection, hop);
  };

  // RFC 3261 18: a connection that came in is used for requests to where it came from. Many clients listen nowhere else.
  const accept = (connection: Connection): void => {
    if (adopted.size >= ACCEPTED_CONNECTIONS) connection.destroy();
    else keep(connection, { ...connection.remote, transport: connection.transport });
  };

  const bound: BoundHops = await bindHops(network, options.listen, {
    datagram: (bytes, from, socket, local) => {
      const reading = readDatagram(bytes, limits);
      if (reading !== undefined)
        receive({ ...reading, channel: udpChannel(socket, local, { ...from, transport: "udp" }) });
    },
    connection: accept,
  });

  return {
    hops: bound.hops,
    hopFor: (remote) => hopFor(bound.hops, remote),
    channelTo: (to, local) => {
      const hop = fromInside(to, bound.hops, options.advertisedHost);
      if (hop.transport === "udp") return udpChannel(...udpSocketFor(bound, hop, local), hop);
      const known = opened.get(keyOf(hop));
      return known?.open === true ? known : open(hop, hop.transport);
    },
    isConnected: (hop) => opened.get(keyOf(hop))?.open === true,
    hangUp: (hop) => {
      const channel = opened.get(keyOf(hop));
      if (channel === undefined) return;
      channel.close();
      adopted.get(channel)?.();
    },
    close: async () => {
      keepAlives.stop();
      for (const [channel, finish] of adopted) {
        channel.close();
        finish();
      }
      await bound.close();
    },
  };
}

/** A connection whose certificate was looked at for one domain is not used for another (RFC 5922 7.3). */
function keyOf(hop: Hop): string {
  return hop.domain === undefined ? formatHop(hop) : `${formatHop(hop)} ${hop.domain.toLowerCase()}`;
}

function aliasOf(message: SipMessage, source: Hop): Hop | undefined {
  // Hardly any Via has it: most need not be read here.
  if (message.kind !== "request" || !/;\s*alias\b/i.test(header(message, "Via") ?? "")) return undefined;
  const via = viaOf(message);
  if (via === undefined || !via.params.has("alias")) return undefined;
  return { host: source.host, port: via.port ?? defaultPort(via.transport), transport: source.transport };
}

/** Where the address that peers are told leads when seen from within. */
function fromInside(hop: Hop, hops: readonly Hop[], advertisedHost: string | undefined): Hop {
  if (hop.host !== advertisedHost) return hop;
  const { host } = hopFor(hops, hop);
  return isWildcard(host) ? hop : { ...hop, host };
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function isIpv6(host: string): boolean {
  return host.includes(":");
}

/** The hop of the same transport and address family, or the one that comes nearest. */
function hopFor(hops: readonly Hop[], remote: Hop): Hop {
  const ofTransport = hops.filter((hop) => hop.transport === remote.transport);
  const candidates = ofTransport.length > 0 ? ofTransport : hops;
  const found = candidates.find((hop) => isIpv6(hop.host) === isIpv6(remote.host)) ?? candidates[0];
  if (found === undefined)
    throw new Error(`no hop to reach ${formatHop(remote)} from: the endpoint listens on nothing`);
  return found;
}

/** Connections come from the address that the endpoint listens on, so that a peer knows it by its address. */
function connectFrom(hops: readonly Hop[], remote: Hop): string | undefined {
  const { host } = hopFor(hops, remote);
  return isWildcard(host) || isIpv6(host) !== isIpv6(remote.host) ? undefined : host;
}

function udpSocketFor(bound: BoundHops, remote: Hop, from: Hop | undefined): [UdpSocket, Hop] {
  const local = from !== undefined && bound.udp.has(from) ? from : hopFor(bound.hops, remote);
  const socket = bound.udp.get(local);
  if (socket === undefined) throw new NoUdpError(remote);
  return [socket, local];
}

/** Something is to be sent over UDP by an endpoint that listens on TCP alone. */
export class NoUdpError extends Error {
  readonly code = "no-udp-socket";
  constructor(remote: Address) {
    super(
      `cannot send to ${remote.host}:${remote.port} over UDP: the endpoint has no UDP hop; add one to listen`,
    );
    this.name = "NoUdpError";
  }
}
