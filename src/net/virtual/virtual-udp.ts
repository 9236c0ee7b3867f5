import type { Address, Network, UdpSocket } from "../network.ts";
import type { EventQueue } from "./event-queue.ts";
import { createPorts, visibleHost } from "./ports.ts";
import type { LinkConditions } from "./virtual-net.ts";

/** A datagram that may be overtaken waits up to so many times the usual delay longer. */
const OVERTAKEN_DELAYS = 4;
/** 65,535 less the headers of IPv4 and UDP. */
const LARGEST_DATAGRAM = 65_507;

interface BoundSocket extends UdpSocket {
  receive(bytes: Uint8Array, from: Address): void;
}

export function createVirtualUdp(queue: EventQueue, conditions: LinkConditions): Pick<Network, "bindUdp"> {
  const ports = createPorts<BoundSocket>("udp");
  const arrivals = new Map<string, number>();

  const arrivalDelay = (from: Address, to: Address): number => {
    const delay = conditions.delay();
    if (conditions.reorder > 0 && conditions.random() < conditions.reorder) {
      return delay + Math.ceil(conditions.random() * OVERTAKEN_DELAYS * Math.max(1, delay));
    }
    // Otherwise datagrams of a path keep their order, however long each of them would have taken.
    const path = `${from.host} ${from.port} ${to.host} ${to.port}`;
    const now = queue.clock.now();
    const arrival = Math.max(now + delay, arrivals.get(path) ?? 0);
    arrivals.set(path, arrival);
    return arrival - now;
  };

  const carry = (bytes: Uint8Array, from: Address, to: Address): void => {
    if (conditions.loss > 0 && conditions.random() < conditions.loss) return;
    const datagram = new Uint8Array(bytes);
    queue.after(arrivalDelay(from, to), () => ports.holderOf(to)?.receive(datagram, from));
  };

  const socketAt = (local: Address, onDatagram: (bytes: Uint8Array, from: Address) => void): BoundSocket => {
    let open = true;
    const face = { host: visibleHost(local.host), port: local.port };
    return {
      local,
      receive: onDatagram,
      send: (bytes, to, onError) => {
        if (!open) return;
        if (bytes.length > LARGEST_DATAGRAM)
          queue.after(0, () => onError?.(new Error("datagram too long (EMSGSIZE)")));
        else carry(bytes, face, to);
      },
      close: async () => {
        if (open) ports.release(local);
        open = false;
      },
    };
  };

  return { bindUdp: async (local, onDatagram) => ports.take(local, (taken) => socketAt(taken, onDatagram)) };
}
