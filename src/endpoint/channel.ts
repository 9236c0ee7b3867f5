import type { Connection, Hop, UdpSocket } from "../net/network.ts";

/** A way to one remote address: a UDP socket and where to send with it, or a connection. */
export interface Channel {
  readonly local: Hop;
  readonly remote: Hop;
  /** TCP or TLS. */
  readonly reliable: boolean;
  /** A connection that has ended is not; UDP always is. */
  readonly open: boolean;
  /** `onError` is told when the bytes could not be sent, or the connection failed before {@link forget}. */
  send(bytes: Uint8Array, onError: (error: Error) => void): void;
  forget(onError: (error: Error) => void): void;
  /** Ends the connection after what is queued; nothing for UDP. */
  close(): void;
}

/** There is one for each datagram that comes: it has methods rather than functions of its own. */
class UdpChannel implements Channel {
  readonly local: Hop;
  readonly remote: Hop;
  readonly reliable = false;
  readonly open = true;
  readonly #socket: UdpSocket;

  constructor(socket: UdpSocket, local: Hop, remote: Hop) {
    this.#socket = socket;
    this.local = local;
    this.remote = remote;
  }

  send(bytes: Uint8Array, onError: (error: Error) => void): void {
    this.#socket.send(bytes, this.remote, onError);
  }

  forget(): void {}

  close(): void {}
}

export function udpChannel(socket: UdpSocket, local: Hop, remote: Hop): Channel {
  return new UdpChannel(socket, local, remote);
}

/** `listening` stands for the near end until the connection has one; `ended` is called once. */
export function connectionChannel(
  connection: Connection,
  ends: { readonly listening: Hop; readonly remote: Hop },
  ended: () => void,
): Channel {
  let open = true;
  const waiting = new Set<(error: Error) => void>();
  connection.onClose((error) => {
    open = false;
    // RFC 3261 18.4: a connection that failed is an error for whoever sent on it; one that ended in order is not (18.2.2: the
    // response may come on another).
    if (error !== undefined) for (const tell of waiting) tell(error);
    waiting.clear();
    ended();
  });
  return {
    get local() {
      const { host, port } = connection.local;
      return port === 0 ? ends.listening : { host, port, transport: connection.transport };
    },
    remote: { host: ends.remote.host, port: ends.remote.port, transport: ends.remote.transport },
    reliable: true,
    get open() {
      return open;
    },
    send: (bytes, onError) => {
      waiting.add(onError);
      connection.send(bytes);
    },
    forget: (onError) => void waiting.delete(onError),
    close: () => {
      open = false;
      connection.close();
    },
  };
}
