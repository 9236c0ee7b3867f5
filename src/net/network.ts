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
  /** The domain that was resolved to this address: the certificate that is shown there has to be for it (RFC 5922 7.3). */
  readonly domain?: string;
}

export interface UdpSocket {
  readonly local: Address;
  /** `onError` is told what the platform says at once, such as an oversized datagram; silence proves nothing. */
  send(bytes: Uint8Array, to: Address, onError?: (error: Error) => void): void;
  close(): Promise<void>;
}

/** Bytes that may be queued in a connection before a sender that has more ought to wait for `onDrain`. */
export const SEND_HIGH_WATER = 64 * 1024;

export interface Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly transport: "tcp" | "tls";
  /** Queues bytes; before the connection is open they are kept and sent when it is. They must not be changed until they are sent. */
  send(bytes: Uint8Array): void;
  /** Bytes given to `send` that the platform has not taken yet; 0 once the connection has ended. */
  readonly queued: number;
  /**
   * `handler` is called each time `queued` has come down to 0 after having been above {@link SEND_HIGH_WATER}: the moment to send more. A second
   * handler takes the place of the first. Never called while calling `send`, nor after the end.
   */
  onDrain(handler: () => void): void;
  /** Reading starts here, unless {@link pause} was called. */
  onData(handler: (bytes: Uint8Array) => void): void;
  /** Stops reading: the peer's sending comes to a halt when the buffers between are full. An orderly end is told after all was read. */
  pause(): void;
  resume(): void;
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
  /** `domain`: see {@link Hop.domain}. */
  connect(transport: "tcp" | "tls", remote: Address, localHost?: string, domain?: string): Connection;
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
