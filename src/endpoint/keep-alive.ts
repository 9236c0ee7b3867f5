/** Keeping connections open over quiet times: a double CRLF asks, a single one answers (RFC 5626 4.4.1). */
import { type Agenda, createAgenda } from "../net/agenda.ts";
import type { Clock } from "../net/clock.ts";
import type { Connection } from "../net/network.ts";

export interface KeepAlive {
  /** How long a connection that this end opened may be silent before it is asked, in milliseconds. */
  readonly intervalMs: number;
  /** Give a connection up when nothing at all comes within 10 s of asking. Default false: many a peer does not know of it. */
  readonly requirePong?: boolean;
}

/** RFC 5626 4.4.1: how long the answer may take. */
const PONG_MS = 10_000;

const PING = Buffer.from("\r\n\r\n");
const PONG = Buffer.from("\r\n");

export interface KeepAlives {
  /** A connection that this end opened. */
  watch(connection: Connection): void;
  /** Something was sent or came. */
  alive(connection: Connection): void;
  answer(connection: Connection): void;
  forget(connection: Connection): void;
  stop(): void;
}

export function createKeepAlives(clock: Clock, options: KeepAlive | undefined): KeepAlives {
  const watched = new Set<Connection>();
  const asked = new Set<Connection>();
  const due = (connection: Connection): void => {
    if (asked.has(connection)) return connection.destroy();
    connection.send(PING);
    if (options?.requirePong === true) asked.add(connection);
    agenda.set(connection, clock.now() + (asked.has(connection) ? PONG_MS : (options?.intervalMs ?? 0)));
  };
  const agenda: Agenda<Connection> = createAgenda<Connection>(clock, due);
  const postpone = (connection: Connection): void => {
    if (options === undefined || !watched.has(connection)) return;
    asked.delete(connection);
    agenda.set(connection, clock.now() + options.intervalMs);
  };
  return {
    watch: (connection) => {
      watched.add(connection);
      postpone(connection);
    },
    alive: postpone,
    answer: (connection) => connection.send(PONG),
    forget: (connection) => {
      watched.delete(connection);
      asked.delete(connection);
      agenda.set(connection, undefined);
    },
    stop: () => agenda.close(),
  };
}
