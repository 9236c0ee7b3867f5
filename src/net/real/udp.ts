import { createSocket, type Socket } from "node:dgram";
import { lookup as lookUpName, type LookupOneOptions } from "node:dns";
import { isIP, isIPv6 } from "node:net";
import { type Address, PortInUseError, type UdpSocket } from "../network.ts";
import { isPort, plainAddress } from "./addresses.ts";

/** Asked of the kernel, which may give less: a burst of exploded copies should not be dropped before it is read. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** Fails with {@link PortInUseError} when another socket holds the port. */
export async function bindUdp(
  local: Address,
  onDatagram: (bytes: Uint8Array, from: Address) => void,
): Promise<UdpSocket> {
  const socket = createSocket({ type: isIPv6(local.host) ? "udp6" : "udp4", lookup });
  await bind(socket, local);
  let closed: Promise<void> | undefined;
  // An ICMP error must not end the process; the transaction that waits for an answer notices by its timer.
  socket.on("error", () => undefined);
  socket.on("message", (bytes, from) => {
    if (closed === undefined) onDatagram(bytes, { host: plainAddress(from.address), port: from.port });
  });
  return {
    local: { host: local.host, port: socket.address().port },
    send: (bytes, to, onError) => {
      if (closed !== undefined) return;
      // A peer may ask for an answer at a port that cannot be: an error of the sending, not of the program.
      if (!isPort(to.port)) setImmediate(() => onError?.(new RangeError(`no port: ${to.port}`)));
      else socket.send(bytes, to.port, to.host, (error) => error !== null && onError?.(error));
    },
    close: () => (closed ??= new Promise((resolve) => socket.close(() => resolve()))),
  };
}

/** An address needs no look-up, and not the turn of the event loop that node takes to find that out; it is asked for each datagram. */
function lookup(
  host: string,
  options: LookupOneOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  const family = isIP(host);
  if (family === 0) lookUpName(host, options, callback);
  else callback(null, host, family);
}

function bind(socket: Socket, local: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(error.code === "EADDRINUSE" ? new PortInUseError(local, "udp") : error);
    });
    socket.bind({ address: local.host, port: local.port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      enlargeReceiveBuffer(socket);
      resolve();
    });
  });
}

function enlargeReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The kernel's default serves as well, only with less room for bursts.
  }
}
