/** One end of a connection in memory: what it sends waits for the other end, what comes waits for whoever reads. */
import { type Address, type Connection, SEND_HIGH_WATER } from "../network.ts";

/** Carries bytes and the end of a connection to one of its ends, in order. */
export interface Way {
  /** `taken` is told how many of the bytes were read, piece by piece. */
  data(bytes: Uint8Array, taken: (count: number) => void): void;
  end(error?: Error): void;
}

export interface End {
  readonly connection: Connection;
  attach(way: Way): void;
  open(): void;
  receive(bytes: Uint8Array, taken: (count: number) => void): void;
  end(error?: Error): void;
}

/** Bytes that the platforms of both ends keep between them before any are queued at the sender. */
const WINDOW_BYTES = 64 * 1024;

/** Lets something happen soon, never while calling: as with real sockets, whoever closes hears of it later. */
type Later = (happen: () => void) => void;

type State = "opening" | "open" | "closed";

export function createEnd(transport: "tcp" | "tls", local: Address, remote: Address, later: Later): End {
  let way: Way | undefined;
  let state: State = "opening";
  const beforeOpen: ((way: Way) => void)[] = [];
  const reading = createReading();
  const flow = createFlow(later);
  const closing = createClosing(later);

  const toPeer = (act: (way: Way) => void): void => {
    if (state === "opening") beforeOpen.push(act);
    else if (way !== undefined) act(way);
  };
  const end = (error?: Error): void => {
    if (closing.begun) return;
    state = "closed";
    flow.stop();
    closing.begin(error);
  };
  const connection: Connection = {
    transport,
    local,
    remote,
    get queued() {
      return flow.queued;
    },
    onDrain: flow.onDrain,
    send: (bytes) => {
      if (closing.begun) return;
      flow.sent(bytes.length);
      toPeer((open) => open.data(bytes, flow.taken));
    },
    onData: reading.onData,
    pause: reading.pause,
    resume: reading.resume,
    onClose: closing.onClose,
    close: () => {
      toPeer((open) => open.end());
      end();
    },
    destroy: () => {
      beforeOpen.length = 0;
      toPeer((open) => open.end(new Error("read ECONNRESET")));
      end();
    },
  };
  return {
    connection,
    attach: (to) => (way = to),
    open: () => {
      if (!closing.begun) state = "open";
      if (way !== undefined) for (const act of beforeOpen.splice(0)) act(way);
    },
    receive: (bytes, taken) => {
      if (state !== "closed") reading.receive(bytes, taken);
    },
    end: (error) => {
      if (error === undefined) reading.whenRead(end);
      else end(error);
    },
  };
}

interface Closing extends Pick<Connection, "onClose"> {
  readonly begun: boolean;
  begin(error: Error | undefined): void;
}

function createClosing(later: Later): Closing {
  let begun: { readonly error: Error | undefined } | undefined;
  let onClose: ((error?: Error) => void) | undefined;
  const tell = (): void => {
    if (begun === undefined || onClose === undefined) return;
    const handler = onClose;
    onClose = undefined;
    handler(begun.error);
  };
  return {
    get begun() {
      return begun !== undefined;
    },
    begin: (error) => {
      begun = { error };
      later(tell);
    },
    onClose: (handler) => {
      onClose = handler;
      if (begun !== undefined) later(tell);
    },
  };
}

interface Flow extends Pick<Connection, "queued" | "onDrain"> {
  sent(count: number): void;
  readonly taken: (count: number) => void;
  stop(): void;
}

/** Counts what was sent and not read yet; what exceeds the window is queued. */
function createFlow(later: Later): Flow {
  let underway = 0;
  let aboveMark = false;
  let stopped = false;
  let drained: (() => void) | undefined;
  const queued = (): number => (stopped ? 0 : Math.max(0, underway - WINDOW_BYTES));
  return {
    get queued() {
      return queued();
    },
    onDrain: (handler) => (drained = handler),
    sent: (count) => {
      underway += count;
      aboveMark ||= queued() > SEND_HIGH_WATER;
    },
    taken: (count) => {
      underway -= count;
      if (!aboveMark || queued() > 0) return;
      aboveMark = false;
      later(() => {
        if (!stopped) drained?.();
      });
    },
    stop: () => (stopped = true),
  };
}

interface Reading extends Pick<Connection, "onData" | "pause" | "resume"> {
  receive(bytes: Uint8Array, taken: (count: number) => void): void;
  /** Calls at once, or, where reading is paused, when everything that came was read. */
  whenRead(act: () => void): void;
}

function createReading(): Reading {
  const unread: { readonly bytes: Uint8Array; readonly taken: (count: number) => void }[] = [];
  let handler: ((bytes: Uint8Array) => void) | undefined;
  let paused = false;
  let reading = false;
  let afterwards: (() => void) | undefined;
  const first = (): (typeof unread)[number] | undefined =>
    paused || handler === undefined ? undefined : unread[0];
  /** A handler may pause, or resume, while it is given bytes. */
  const readOn = (): void => {
    if (reading) return;
    reading = true;
    try {
      for (let next = first(); next !== undefined; next = first()) {
        unread.shift();
        next.taken(next.bytes.length);
        handler?.(next.bytes);
      }
    } finally {
      reading = false;
    }
    if (!paused) afterwards?.();
  };
  return {
    receive: (bytes, taken) => {
      unread.push({ bytes, taken });
      readOn();
    },
    onData: (given) => {
      handler = given;
      readOn();
    },
    pause: () => (paused = true),
    resume: () => {
      paused = false;
      readOn();
    },
    whenRead: (act) => {
      if (paused) afterwards = act;
      else act();
    },
  };
}
