import type { Address, Connection, Listener, Network } from "../network.ts";
import type { EventQueue } from "./event-queue.ts";
import { createPorts, type Ports, visibleHost } from "./ports.ts";
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
      const local = { host: visibleHost(host), port: ports[transport].freePort(host) };
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

/** Carries bytes and the end of a connection to one of its ends, in order. */
interface Way {
  data(bytes: Uint8Array): void;
  end(error?: Error): void;
}

/** One end of a connection. */
interface End {
  readonly connection: Connection;
  attach(way: Way): void;
  open(): void;
  receive(bytes: Uint8Array): void;
  end(error?: Error): void;
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
    data: (bytes) => {
      for (const piece of segments(bytes, link.conditions)) later(() => end.receive(piece));
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

type Closing = { readonly error?: Error };

function createEnd(
  transport: "tcp" | "tls",
  local: Address,
  remote: Address,
  later: (happen: () => void) => void,
): End {
  let way: Way | undefined;
  let state: "opening" | "open" | "closed" = "opening";
  const beforeOpen: ((way: Way) => void)[] = [];
  const unread: Uint8Array[] = [];
  let onData: ((bytes: Uint8Array) => void) | undefined;
  let onClose: ((error?: Error) => void) | undefined;
  let closing: Closing | undefined;

  const toPeer = (act: (way: Way) => void): void => {
    if (state === "opening") beforeOpen.push(act);
    else if (way !== undefined) act(way);
  };
  const tellEnd = (): void => {
    if (closing === undefined || onClose === undefined) return;
    const tell = onClose;
    onClose = undefined;
    tell(closing.error);
  };
  const end = (error?: Error): void => {
    if (closing !== undefined) return;
    state = "closed";
    closing = error === undefined ? {} : { error };
    later(tellEnd);
  };
  const connection: Connection = {
    transport,
    local,
    remote,
    send: (bytes) => {
      if (closing === undefined) toPeer((way) => way.data(bytes));
    },
    onData: (handler) => {
      onData = handler;
      for (const bytes of unread.splice(0)) handler(bytes);
    },
    onClose: (handler) => {
      onClose = handler;
      if (closing !== undefined) later(tellEnd);
    },
    close: () => {
      toPeer((way) => way.end());
      end();
    },
    destroy: () => {
      beforeOpen.length = 0;
      toPeer((way) => way.end(new Error("read ECONNRESET")));
      end();
    },
  };
  return {
    connection,
    attach: (to) => (way = to),
    open: () => {
      if (closing === undefined) state = "open";
      if (way !== undefined) for (const act of beforeOpen.splice(0)) act(way);
    },
    receive: (bytes) => {
      if (state === "closed") return;
      if (onData === undefined) unread.push(bytes);
      else onData(bytes);
    },
    end,
  };
}
