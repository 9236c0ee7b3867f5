/**
 * What Scrim needs of a network: UDP sockets, TCP listeners and connections. `real/` is on node's sockets, `virtual/` in memory.
 * Everything is told by callback and in order; nothing here waits.
 */
export type Transport = "udp" | "tcp" | "tls";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a message goes or came from. */
export interface Hop extends Address {
  readonly transport: Transport;
}

export interface UdpSocket {
  readonly local: Address;
  /** `onError` is told what the platform says at once, such as an oversized datagram; silence proves nothing. */
  send(bytes: Uint8Array, to: Address, onError?: (error: Error) => void): void;
  close(): Promise<void>;
}

export interface Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly transport: "tcp" | "tls";
  /** Queues bytes; before the connection is open they are kept and sent when it is. */
  send(bytes: Uint8Array): void;
  onData(handler: (bytes: Uint8Array) => void): void;
  /** Called once, with the error if there was one. */
  onClose(handler: (error?: Error) => void): void;
  /** Ends the connection after what is queued was sent. */
  close(): void;
  /** Ends the connection at once (TCP RST where the platform allows). */
  destroy(): void;
}

export interface Listener {
  readonly local: Address;
  close(): Promise<void>;
}

/** Fails with {@link PortInUseError} when another process holds the port. */
export interface Network {
  bindUdp(local: Address, onDatagram: (bytes: Uint8Array, from: Address) => void): Promise<UdpSocket>;
  listen(
    transport: "tcp" | "tls",
    local: Address,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener>;
  connect(transport: "tcp" | "tls", remote: Address, localHost?: string): Connection;
}

/** Port 0 asks for a free one. */
export class PortInUseError extends Error {
  readonly code = "port-in-use";
  readonly address: Address;
  readonly transport: Transport;
  constructor(address: Address, transport: Transport) {
    super(`${address.host}:${address.port}/${transport} is in use by another process`);
    this.name = "PortInUseError";
    this.address = address;
    this.transport = transport;
  }
}

export function formatHop(hop: Hop): string {
  const host = hop.host.includes(":") ? `[${hop.host}]` : hop.host;
  return `${host}:${hop.port}/${hop.transport}`;
}
