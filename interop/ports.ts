/** Ports for peers that cannot be asked for a free one, and the moment from which they listen. */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Below those that the platform gives to whoever asks for port 0, so that nobody takes one before the peer has it. */
const [LOWEST, HIGHEST] = [20_000, 31_999];

/** A port that is free for UDP and for TCP on this host. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
  const free = (await isFreeForUdp(host, port)) && (await isFreeForTcp(host, port));
  return free ? port : freePort(host);
}

function isFreeForUdp(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind(port, host, () => socket.close(() => resolve(true)));
  });
}

function isFreeForTcp(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

const POLL_MS = 20;
const LISTENING_WITHIN_MS = 30_000;

/**
 * Settles when some process listens on this port. The kernel's table is read, since a connection or a datagram as a trial would be traffic for
 * the peer. Fails after ten seconds.
 */
export async function listening(transport: "udp" | "tcp", port: number): Promise<void> {
  const until = Date.now() + LISTENING_WITHIN_MS;
  while (!isListening(transport, port)) {
    if (Date.now() > until) throw new Error(`nobody listens on port ${port}/${transport} after ten seconds`);
    await pause(POLL_MS);
  }
}

/** States of the kernel: 0A a TCP socket that listens, 07 a UDP socket without a peer. */
function isListening(transport: "udp" | "tcp", port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const state = transport === "tcp" ? "0A" : "07";
  return [transport, `${transport}6`].some((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/u))
      .some((fields) => fields[1]?.endsWith(local) === true && fields[3] === state),
  );
}
