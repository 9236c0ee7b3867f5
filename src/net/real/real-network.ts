/** The network of the machine: node's UDP and TCP sockets, IPv4 and IPv6. */
import type { Network } from "../network.ts";
import { bindUdp } from "./udp.ts";
import { connectTcp, listenTcp } from "./tcp.ts";

export interface RealNetworkOptions {
  /** Bytes that may wait in a connection to a peer that does not read; above it the connection is destroyed. Default 16 MiB. */
  readonly sendBufferLimit?: number;
}

const SEND_BUFFER_LIMIT = 16 * 1024 * 1024;

/** Fails with `UnsupportedTransportError` for TLS. */
export function createRealNetwork(options: RealNetworkOptions = {}): Network {
  const limit = options.sendBufferLimit ?? SEND_BUFFER_LIMIT;
  return {
    bindUdp,
    listen: async (transport, local, onConnection) => {
      refuseTls(transport);
      return listenTcp(local, onConnection, limit);
    },
    connect: (transport, remote, localHost) => {
      refuseTls(transport);
      return connectTcp(remote, localHost, limit);
    },
  };
}

/** A transport was asked for that this build does not have. */
export class UnsupportedTransportError extends Error {
  readonly code = "unsupported-transport";
  constructor(transport: string) {
    super(`transport ${transport} is not available; use udp or tcp`);
    this.name = "UnsupportedTransportError";
  }
}

function refuseTls(transport: "tcp" | "tls"): void {
  if (transport === "tls") throw new UnsupportedTransportError(transport);
}
