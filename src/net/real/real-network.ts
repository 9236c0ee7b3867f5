/** The network of the machine: node's UDP, TCP and TLS sockets, IPv4 and IPv6. */
import type { Network } from "../network.ts";
import { onFreePort } from "./free-ports.ts";
import { connectTcp, listenTcp } from "./tcp.ts";
import { connectTls, listenTls } from "./tls.ts";
import type { TlsOptions } from "./tls-options.ts";
import { bindUdp } from "./udp.ts";

export interface RealNetworkOptions {
  /** Bytes that may wait in a connection to a peer that does not read; above it the connection is destroyed. Default 16 MiB. */
  readonly sendBufferLimit?: number;
  /** Who this machine is in TLS and whom it believes. Without a certificate it can only connect. */
  readonly tls?: TlsOptions;
}

const SEND_BUFFER_LIMIT = 16 * 1024 * 1024;

export function createRealNetwork(options: RealNetworkOptions = {}): Network {
  const limit = options.sendBufferLimit ?? SEND_BUFFER_LIMIT;
  const tls = options.tls ?? {};
  return {
    // Its TCP hop takes the same port.
    bindUdp: (local, onDatagram) => onFreePort(local, (at) => bindUdp(at, onDatagram)),
    listen: async (transport, local, onConnection) =>
      transport === "tls"
        ? listenTls(local, onConnection, limit, tls)
        : listenTcp(local, onConnection, limit),
    connect: (transport, remote, localHost, domain) =>
      transport === "tls"
        ? connectTls(remote, localHost, limit, tls, domain)
        : connectTcp(remote, localHost, limit),
  };
}
