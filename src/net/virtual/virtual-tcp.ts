import type { Connection, Listener, Network } from "../network.ts";
import type { EventQueue } from "./event-queue.ts";
import { createPorts, type Ports, visibleHost } from "./ports.ts";
import { createEnd, type End, type Way } from "./virtual-end.ts";
import type { LinkConditions } from "./virtual-net.ts";

interface VirtualListener extends Listener {
  accept(connection: Connection): void;
}

export function createVirtualTcp(
  queue: EventQueue,
  conditions: LinkConditions,
): Pick<Network, "listen" | "connect"> {
  const ports = { tcp: createPorts<VirtualListener>("tcp"), tls: createPorts<VirtualListener>("tls") };
  return {
    listen: async (transport, local, onConnection) =>
      ports[transport].take(local, (taken) => ({
        local: taken,
        accept: onConnection,
        close: async () => ports[transport].release(taken),
      })),
    connect: (transport, remote, localHost) => {
      const host = localHost ?? visibleHost(remote.host);
      const local = { host: visibleHost(host), port: ports[transport].connectionPort(host) };
      // As with real sockets, whoever closes hears of it later, never while calling.
      const later = (happen: () => void): void => void queue.after(0, happen);
      const near = createEnd(transport, local, remote, later);
      const far = createEnd(transport, remote, local, later);
      const link = { queue, conditions, arrival: { near: 0, far: 0 } };
      near.attach(wayTo(far, "far", link));
      far.attach(wayTo(near, "near", link));
      queue.after(conditions.delay(), () => open(ports[transport], near, far));
      return near.connection;
    },
  };
}

function open(ports: Ports<VirtualListener>, near: End, far: End): void {
  const { remote } = near.connection;
  const listener = ports.holderOf(remote);
  if (listener === undefined) near.end(new Error(`connect ECONNREFUSED ${remote.host}:${remote.port}`));
  else {
    listener.accept(far.connection);
    far.open();
    near.open();
  }
}

function wayTo(
  end: End,
  which: "near" | "far",
  link: { queue: EventQueue; conditions: LinkConditions; arrival: { near: number; far: number } },
): Way {
  const later = (happen: () => void): void => {
    const now = link.queue.clock.now();
    const arrival = Math.max(now + link.conditions.delay(), link.arrival[which]);
    link.arrival[which] = arrival;
    link.queue.after(arrival - now, happen);
  };
  return {
    data: (bytes, taken) => {
      for (const piece of segments(bytes, link.conditions)) later(() => end.receive(piece, taken));
    },
    end: (error) => later(() => end.end(error)),
  };
}

/** Copies: `slice` of a Buffer would share its memory. */
function segments(sent: Uint8Array, { segmentBytes, random }: LinkConditions): Uint8Array[] {
  const bytes = new Uint8Array(sent);
  if (segmentBytes === Infinity) return [bytes];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * segmentBytes);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
