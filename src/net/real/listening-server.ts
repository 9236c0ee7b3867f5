import type { Server } from "node:net";
import { type Address, type Listener, PortInUseError } from "../network.ts";

/** Fails with {@link PortInUseError} when another socket holds the port. Closing the listener leaves its connections open. */
export async function listenOn(server: Server, local: Address, transport: "tcp" | "tls"): Promise<Listener> {
  await listen(server, local, transport);
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

function listen(server: Server, local: Address, transport: "tcp" | "tls"): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(local, transport) : error);
    server.once("error", refuse);
    server.listen({ host: local.host, port: local.port, exclusive: true }, () => {
      server.off("error", refuse);
      resolve();
    });
  });
}
