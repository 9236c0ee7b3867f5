/** TLS over TCP, with certificates of the test bed or of the lab. */
import { isIP } from "node:net";
import {
  connect,
  type ConnectionOptions,
  createServer,
  type SecureContextOptions,
  type TLSSocket,
} from "node:tls";
import type { Address, Connection, Listener } from "../network.ts";
import { isPort, plainAddress } from "./addresses.ts";
import { listenOn } from "./listening-server.ts";
import { failedConnection, streamConnection } from "./stream-connection.ts";
import { identityProblem } from "./tls-identity.ts";
import { NoCertificateError, TlsFailedError, type TlsOptions } from "./tls-options.ts";

/** How long a peer that connected may take to speak TLS. */
const HANDSHAKE_MS = 20_000;

/** Fails with `PortInUseError`, and with {@link NoCertificateError}. */
export async function listenTls(
  local: Address,
  onConnection: (connection: Connection) => void,
  sendBufferLimit: number,
  options: TlsOptions,
): Promise<Listener> {
  if (options.certificate === undefined || options.key === undefined) throw new NoCertificateError();
  const server = createServer(
    {
      ...contextOf(options),
      noDelay: true,
      pauseOnConnect: true,
      handshakeTimeout: HANDSHAKE_MS,
      requestCert: options.mutual === true,
      rejectUnauthorized: options.mutual === true,
    },
    (socket) => onConnection(secureConnection(socket, remoteOf(socket), sendBufferLimit)),
  );
  server.on("tlsClientError", (error, socket) =>
    options.onHandshakeFailure?.(tlsFailure(error, whoCame(socket, local))),
  );
  if (options.keyLog !== undefined) server.on("keylog", (line) => options.keyLog?.(line.toString("latin1")));
  return listenOn(server, local, "tls");
}

/** `domain`: what led to the address, and what the certificate must be for then (RFC 5922 7.3). */
export function connectTls(
  remote: Address,
  localHost: string | undefined,
  sendBufferLimit: number,
  options: TlsOptions,
  domain: string | undefined,
): Connection {
  if (!isPort(remote.port)) return failedConnection(remote, "tls", new RangeError(`no port: ${remote.port}`));
  const socket = connect({
    ...contextOf(options),
    ...verification(options, options.servername ?? domain ?? remote.host),
    host: remote.host,
    port: remote.port,
    ...servernameFor(options.servername ?? domain ?? remote.host),
    ...(localHost === undefined || isIP(localHost) === 0 ? {} : { localAddress: localHost }),
  });
  socket.setNoDelay(true);
  if (options.keyLog !== undefined) socket.on("keylog", (line) => options.keyLog?.(line.toString("latin1")));
  return secureConnection(socket, remote, sendBufferLimit);
}

function secureConnection(socket: TLSSocket, remote: Address, sendBufferLimit: number): Connection {
  const peer = formatAddress(remote);
  return streamConnection(socket, {
    transport: "tls",
    remote,
    sendBufferLimit,
    explain: (error) => (isTlsFailure(error) ? tlsFailure(error, peer) : error),
  });
}

function contextOf(options: TlsOptions): SecureContextOptions {
  const { certificate, key, ca, minVersion = "TLSv1.2" } = options;
  const old = minVersion === "TLSv1" || minVersion === "TLSv1.1";
  return {
    ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
    ...(ca === undefined ? {} : { ca }),
    minVersion,
    // OpenSSL refuses these versions and the signatures that they need above security level 0.
    ...(old ? { ciphers: "DEFAULT@SECLEVEL=0" } : {}),
  };
}

function verification(options: TlsOptions, expected: string): ConnectionOptions {
  const verify = options.verify ?? (options.ca === undefined ? "none" : "identity");
  return {
    rejectUnauthorized: verify !== "none",
    checkServerIdentity: (_host, certificate) =>
      verify === "identity" ? identityProblem(expected, certificate) : undefined,
  };
}

/** RFC 6066 3: an address is no name to ask for. */
function servernameFor(expected: string): { servername?: string } {
  return isIP(expected) === 0 ? { servername: expected } : {};
}

function remoteOf(socket: TLSSocket): Address {
  return { host: plainAddress(socket.remoteAddress ?? ""), port: socket.remotePort ?? 0 };
}

/** The address of a socket that has ended is known no more. */
function whoCame(socket: TLSSocket, local: Address): string {
  const remote = remoteOf(socket);
  return remote.port === 0 ? `a peer that connected to ${formatAddress(local)}` : formatAddress(remote);
}

function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

const VERIFICATION =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** node gives what OpenSSL said while writing as EPROTO and a line such as `…:SSL routines:ssl3_get_record:wrong version number:…`. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const said = /SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  if (error.code === "EPROTO" && said !== undefined) return said.replaceAll(" ", "_").toUpperCase();
  return error.code ?? error.name;
}

function isTlsFailure(error: NodeJS.ErrnoException): boolean {
  return VERIFICATION.test(error.code ?? "");
}

function tlsFailure(error: Error, peer: string): TlsFailedError {
  return new TlsFailedError(peer, reasonOf(error), error);
}
