/** A node stream socket, TCP or TLS, as a {@link Connection}. */
import { Socket } from "node:net";
import { type Address, type Connection, SEND_HIGH_WATER } from "../network.ts";
import { plainAddress } from "./addresses.ts";

export interface StreamConnectionOptions {
  readonly transport: "tcp" | "tls";
  readonly remote: Address;
  /** Bytes that may wait for a peer that does not read; above it the connection is destroyed. */
  readonly sendBufferLimit: number;
  /** Puts into words what node says. */
  readonly explain?: (error: Error) => Error;
}

/** A connection that never was: whoever asks for its end is told why. */
export function failedConnection(remote: Address, transport: "tcp" | "tls", why: Error): Connection {
  return streamConnection(new Socket().destroy(why), { transport, remote, sendBufferLimit: 0 });
}

export function streamConnection(socket: Socket, options: StreamConnectionOptions): Connection {
  const { transport, remote, sendBufferLimit } = options;
  let failure: Error | undefined;
  socket.on("error", (error) => (failure ??= options.explain?.(error) ?? error));
  const sending = sendingOf(socket);
  return {
    transport,
    remote,
    get local() {
      return { host: plainAddress(socket.localAddress ?? ""), port: socket.localPort ?? 0 };
    },
    get queued() {
      return sending.queued();
    },
    onDrain: (handler) => sending.onDrain(handler),
    send: (bytes) => {
      if (!socket.writable) return;
      sending.write(bytes);
      if (socket.writableLength > sendBufferLimit) {
        socket.destroy(
          new Error(`${remote.host}:${remote.port} does not read: ${socket.writableLength} bytes wait`),
        );
      }
    },
    ...readingOf(socket),
    onClose: (handler) => {
      if (socket.closed) setImmediate(() => handler(failure));
      else socket.once("close", () => handler(failure));
    },
    close: () => socket.destroySoon(),
    destroy: () => {
      // A reset is the business of the socket beneath TLS, which is out of reach.
      if (socket.connecting || transport === "tls") socket.destroy();
      else socket.resetAndDestroy();
    },
  };
}

interface Sending {
  write(bytes: Uint8Array): void;
  queued(): number;
  onDrain(handler: () => void): void;
}

/** node's own "drain" goes by the high-water mark that the socket happens to have, so the mark is kept here. */
function sendingOf(socket: Socket): Sending {
  let aboveMark = false;
  let drained: (() => void) | undefined;
  const queued = (): number => (socket.destroyed ? 0 : socket.writableLength);
  const written = (): void => {
    if (!aboveMark || socket.destroyed || socket.writableLength > 0) return;
    aboveMark = false;
    drained?.();
  };
  return {
    queued,
    write: (bytes) => {
      socket.write(bytes, written);
      aboveMark ||= socket.writableLength > SEND_HIGH_WATER;
    },
    onDrain: (handler) => (drained = handler),
  };
}

function readingOf(socket: Socket): Pick<Connection, "onData" | "pause" | "resume"> {
  let paused = false;
  let read = false;
  socket.pause();
  return {
    onData: (handler) => {
      read = true;
      socket.on("data", handler);
      if (paused) socket.pause();
      else socket.resume();
    },
    pause: () => {
      paused = true;
      socket.pause();
    },
    resume: () => {
      paused = false;
      if (read) socket.resume();
    },
  };
}
