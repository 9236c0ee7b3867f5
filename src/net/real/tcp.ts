import { connect, createServer, isIP, type Server, Socket } from "node:net";
import { type Address, type Connection, type Listener, PortInUseError } from "../network.ts";
import { isPort, plainAddress } from "./addresses.ts";
import { streamConnection } from "./stream-connection.ts";

/** Fails with {@link PortInUseError} when another socket holds the port. Closing the listener leaves its connections open. */
export async function listenTcp(
  local: Address,
  onConnection: (connection: Connection) => void,
  sendBufferLimit: number,
): Promise<Listener> {
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
    onConnection(streamConnection(socket, { transport: "tcp", remote: remoteOf(socket), sendBufferLimit })),
  );
  await listen(server, local);
  server.on("error", () => undefined);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : local.port;
  let closed: Promise<void> | undefined;
  return {
    local: { host: local.host, port },
    // `close` of node waits for open connections; these belong to whoever was given them.
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close();
        setImmediate(resolve);
      })),
  };
}

export function connectTcp(
  remote: Address,
  localHost: string | undefined,
  sendBufferLimit: number,
): Connection {
  return streamConnection(openSocket(remote, localHost), { transport: "tcp", remote, sendBufferLimit });
}

/** node throws for a port that cannot be; a peer's mistake in a Via must be an error of the connection instead. */
function openSocket(remote: Address, localHost: string | undefined): Socket {
  if (!isPort(remote.port)) return new Socket().destroy(new RangeError(`no port: ${remote.port}`));
  return connect({
    host: remote.host,
    port: remote.port,
    noDelay: true,
    // A name would have to be resolved first; the kernel's choice is as good.
    ...(localHost === undefined || isIP(localHost) === 0 ? {} : { localAddress: localHost }),
  });
}

function listen(server: Server, local: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(local, "tcp") : error),
    );
    server.listen({ host: local.host, port: local.port, exclusive: true }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function remoteOf(socket: Socket): Address {
  return { host: plainAddress(socket.remoteAddress ?? ""), port: socket.remotePort ?? 0 };
}
