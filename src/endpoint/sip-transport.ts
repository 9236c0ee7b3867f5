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
import { type Channel, connectionChannel, udpChannel } from "./channel.ts";
import { bindHops, type BoundHops } from "./listening.ts";
import { createSipReader, readDatagram } from "./sip-reader.ts";

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
  /** Gives up the connection to the hop, if there is one; what it left unfinished is handed on as an error. */
  hangUp(hop: Hop): void;
  close(): Promise<void>;
}

export interface SipTransportOptions {
  readonly network: Network;
  readonly listen: readonly Hop[];
  readonly limits?: Partial<SipLimits> | undefined;
  readonly receive: (arrival: Arrival) => void;
}

/** Connections that peers may hold open; further ones are turned away. */
const ACCEPTED_CONNECTIONS = 1024;

/** Fails with `PortInUseError`; nothing stays open then. */
export async function createSipTransport(options: SipTransportOptions): Promise<SipTransport> {
  const { network, receive, limits } = options;
  const opened = new Map<string, Channel>();
  const adopted = new Map<Channel, () => void>();

  const adopt = (connection: Connection, remote: Hop, ended: () => void): Channel => {
    const reader = createSipReader(limits);
    const finish = (): void => {
      if (!adopted.delete(channel)) return;
      for (const reading of reader.end()) receive({ ...reading, channel });
      ended();
    };
    const channel = connectionChannel(connection, { listening: hopFor(bound.hops, remote), remote }, finish);
    adopted.set(channel, finish);
    connection.onData((bytes) => {
      for (const reading of reader.push(bytes)) receive({ ...reading, channel });
      // After an error nobody can tell where the next message starts.
      if (reader.lost) channel.close();
    });
    return channel;
  };

  /** Found by {@link SipTransport.channelTo} until it has ended. */
  const keep = (connection: Connection, remote: Hop): Channel => {
    const key = formatHop(remote);
    const channel = adopt(connection, remote, () => {
      if (opened.get(key) === channel) opened.delete(key);
    });
    opened.set(key, channel);
    return channel;
  };

  const open = (hop: Hop, transport: "tcp" | "tls"): Channel =>
    keep(network.connect(transport, hop, connectFrom(bound.hops, hop)), hop);

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
    channelTo: (hop, local) => {
      if (hop.transport === "udp") return udpChannel(...udpSocketFor(bound, hop, local), hop);
      const known = opened.get(formatHop(hop));
      return known?.open === true ? known : open(hop, hop.transport);
    },
    hangUp: (hop) => {
      const channel = opened.get(formatHop(hop));
      if (channel === undefined) return;
      channel.close();
      adopted.get(channel)?.();
    },
    close: async () => {
      for (const [channel, finish] of adopted) {
        channel.close();
        finish();
      }
      await bound.close();
    },
  };
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
  const wildcard = host === "0.0.0.0" || host === "::";
  return wildcard || isIpv6(host) !== isIpv6(remote.host) ? undefined : host;
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
