/** Messages out of a stream, each with the bytes it came from; the ruins of messages too, which a framer's errors do not bring. */

/** What a framer of any protocol gives and takes. */
export interface Framing<Message, Failure> {
  push(chunk: Uint8Array): readonly (Message | Failure)[];
  end(): readonly (Message | Failure)[];
  /** Nothing that follows can be read. */
  lost(): boolean;
}

export type Reading<Message, Failure> = { readonly bytes: Uint8Array } & (
  { readonly message: Message } | { readonly error: Failure }
);

export interface StreamReader<Message, Failure> {
  push(bytes: Uint8Array): readonly Reading<Message, Failure>[];
  /** What the stream left unfinished when it ended. */
  end(): readonly Reading<Message, Failure>[];
  /** Set after an error that leaves the rest of the stream unreadable. */
  readonly lost: boolean;
}

interface Received {
  readonly received?: Uint8Array;
}

/** `onPing` is told of each double CRLF before, between and after messages (RFC 5626 4.4.1). */
export function createStreamReader<Message extends Received, Failure extends Error>(
  framing: Framing<Message, Failure>,
  onPing: () => void = () => undefined,
): StreamReader<Message, Failure> {
  // What came since the last message; as long as the framer's limits allow.
  let recent: Uint8Array[] = [];

  /** Takes pings off that nothing has followed yet: a peer may send them for days. */
  const takePings = (): void => {
    if (recent.length === 0 || !recent.every(isLineEnds)) return;
    const waiting = Buffer.concat(recent);
    const rest = waiting.subarray(tellPings(waiting, onPing));
    recent = rest.length === 0 ? [] : [rest];
  };

  const attribute = (items: readonly (Message | Failure)[]): Reading<Message, Failure>[] => {
    if (items.length === 0) return [];
    const given = Buffer.concat(recent);
    let from = 0;
    const readings = items.map((item, index): Reading<Message, Failure> => {
      if (item instanceof Error) {
        return {
          bytes: given.subarray(skipLineEnds(given, from), startOfNext(items.slice(index + 1), given, from)),
          error: item,
        };
      }
      const bytes = item.received ?? new Uint8Array(0);
      const start = Math.max(from, given.indexOf(bytes, from));
      if (start > from) tellPings(given.subarray(from, start), onPing);
      from = start + bytes.length;
      return { bytes, message: item };
    });
    recent = from < given.length ? [given.subarray(from)] : [];
    return readings;
  };

  return {
    get lost() {
      return framing.lost();
    },
    push: (bytes) => {
      if (framing.lost()) return [];
      recent.push(bytes);
      const readings = attribute(framing.push(bytes));
      takePings();
      return readings;
    },
    end: () => attribute(framing.end()),
  };
}

const PING = Buffer.from("\r\n\r\n");

/** Gives how many octets the pings at the beginning have. */
function tellPings(bytes: Uint8Array, onPing: () => void): number {
  let at = 0;
  for (; PING.equals(bytes.subarray(at, at + PING.length)); at += PING.length) onPing();
  return at;
}

function isLineEnds(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x0d || byte === 0x0a);
}

/** What could not be read ends where the next message that could starts, or with what was given. */
function startOfNext(following: readonly (Received | Error)[], given: Buffer, from: number): number {
  for (const item of following) {
    if (!(item instanceof Error) && item.received !== undefined) return given.indexOf(item.received, from);
  }
  return given.length;
}

function skipLineEnds(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1;
  return at;
}
