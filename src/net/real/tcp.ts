import { connect, createServer, isIP, type Socket } from "node:net";
import type { Address, Connection, Listener } from "../network.ts";
import { isPort, plainAddress } from "./addresses.ts";
import { listenOn } from "./listening-server.ts";
import { failedConnection, streamConnection } from "./stream-connection.ts";

/** Fails with `PortInUseError` when another socket holds the port. Closing the listener leaves its connections open. */
export async function listenTcp(
  local: Address,
  onConnection: (connection: Connection) => void,
  sendBufferLimit: number,
): Promise<Listener> {
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
    onConnection(streamConnection(socket, { transport: "tcp", remote: remoteOf(socket), sendBufferLimit })),
  );
  return listenOn(server, local, "tcp");
}

export function connectTcp(
  remote: Address,
  localHost: string | undefined,
  sendBufferLimit: number,
): Connection {
  // node throws for a port that cannot be; a peer's mistake in a Via must be an error of the connection instead.
  if (!isPort(remote.port)) return failedConnection(remote, "tcp", new RangeError(`no port: ${remote.port}`));
  const socket = connect({
    host: remote.host,
    port: remote.port,
    noDelay: true,
    // A name would have to be resolved first; the kernel's choice is as good.
    ...(localHost === undefined || isIP(localHost) === 0 ? {} : { localAddress: localHost }),
  });
  return streamConnection(socket, { transport: "tcp", remote, sendBufferLimit });
}

function remoteOf(socket: Socket): Address {
  return { host: plainAddress(socket.remoteAddress ?? ""), port: socket.remotePort ?? 0 };
}
