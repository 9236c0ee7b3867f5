import {
  type Address,
  type Connection,
  type Hop,
  type Listener,
  type Network,
  PortInUseError,
  type UdpSocket,
} from "../net/network.ts";

export interface BoundHops {
  /** As asked for, ports resolved. */
  readonly hops: readonly Hop[];
  readonly udp: ReadonlyMap<Hop, UdpSocket>;
  close(): Promise<void>;
}

export interface Ears {
  datagram(bytes: Uint8Array, from: Address, socket: UdpSocket, local: Hop): void;
  connection(connection: Connection): void;
}

/** How often a pair of UDP and TCP port is sought when any port will do. */
const ATTEMPTS = 32;

/**
 * Listens on all hops. UDP and TCP hops of port 0 on one host get the same free port: a peer that turns to TCP for a large request keeps the
 * port (RFC 3261 18.2.1). TLS gets another. Fails with {@link PortInUseError}; nothing stays open then.
 */
export async function bindHops(network: Network, listen: readonly Hop[], ears: Ears): Promise<BoundHops> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bindOnce(network, listen, ears);
    } catch (error) {
      const luck =
        error instanceof PortInUseError &&
        listen.some((hop) => hop.port === 0 && hop.host === error.address.host);
      if (!luck || attempt >= ATTEMPTS || listen.some((hop) => hop.port === error.address.port)) throw error;
    }
  }
}

async function bindOnce(network: Network, listen: readonly Hop[], ears: Ears): Promise<BoundHops> {
  const hops: Hop[] = [];
  const open: (UdpSocket | Listener)[] = [];
  const udp = new Map<Hop, UdpSocket>();
  const freePorts = new Map<string, number>();
  const close = async (): Promise<void> => {
    await Promise.all(open.map((socket) => socket.close()));
  };
  try {
    for (const hop of listen) {
      const shared = `${hop.host} ${hop.transport === "tls" ? "tls" : "udp, tcp"}`;
      const wanted = { host: hop.host, port: hop.port === 0 ? (freePorts.get(shared) ?? 0) : hop.port };
      const bound = await bindHop(network, { ...hop, ...wanted }, ears);
      if (hop.port === 0) freePorts.set(shared, bound.hop.port);
      hops.push(bound.hop);
      open.push(bound.socket);
      if (bound.udp !== undefined) udp.set(bound.hop, bound.udp);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { hops, udp, close };
}

async function bindHop(
  network: Network,
  hop: Hop,
  ears: Ears,
): Promise<{ hop: Hop; socket: UdpSocket | Listener; udp?: UdpSocket }> {
  if (hop.transport !== "udp") {
    const listener = await network.listen(hop.transport, hop, (connection) => ears.connection(connection));
    return { hop: { ...listener.local, transport: hop.transport }, socket: listener };
  }
  const known: { socket?: UdpSocket; hop?: Hop } = {};
  const socket = await network.bindUdp(hop, (bytes, from) => {
    if (known.socket !== undefined && known.hop !== undefined)
      ears.datagram(bytes, from, known.socket, known.hop);
  });
  known.socket = socket;
  known.hop = { ...socket.local, transport: "udp" };
  return { hop: known.hop, socket, udp: socket };
}
