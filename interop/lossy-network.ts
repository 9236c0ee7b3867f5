/** Loss that is the same in every run: over UDP the first copy of each datagram goes missing, on its way in and on its way out. */
import type { Network } from "../src/net/network.ts";

export interface LossyNetwork extends Network {
  /** How many datagrams were thrown away. */
  readonly lost: { in: number; out: number };
}

/** Whether a datagram is one of those that are lost. */
export type Losing = (direction: "in" | "out", text: string) => boolean;

/** `network`, with the first copy of each datagram lost, or of those that are named; connections are left alone. */
export function losingFirstCopies(network: Network, losing: Losing = () => true): LossyNetwork {
  const lost = { in: 0, out: 0 };
  const seen = { in: new Set<string>(), out: new Set<string>() };
  const passes = (direction: "in" | "out", bytes: Uint8Array): boolean => {
    const text = Buffer.from(bytes).toString("latin1");
    if (seen[direction].has(text) || !losing(direction, text)) return true;
    seen[direction].add(text);
    lost[direction] += 1;
    return false;
  };
  return {
    lost,
    listen: (...how) => network.listen(...how),
    connect: (...how) => network.connect(...how),
    bindUdp: async (local, onDatagram) => {
      const socket = await network.bindUdp(local, (bytes, from) => {
        if (passes("in", bytes)) onDatagram(bytes, from);
      });
      return {
        local: socket.local,
        send: (bytes, to, onError) => {
          if (passes("out", bytes)) socket.send(bytes, to, onError);
        },
        close: () => socket.close(),
      };
    },
  };
}
