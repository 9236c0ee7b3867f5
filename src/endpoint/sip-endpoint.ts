/** A SIP endpoint: transport, transactions and their user's interface (RFC 3261 17, 18), with a tap on all that crosses. */
import { DEFAULT_TIMERS, type TimerValues } from "../machine/timers.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop, Network } from "../net/network.ts";
import type { SipLimits } from "../wire/sip/limits.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { Channel } from "./channel.ts";
import { createClientTransactions } from "./client-transactions.ts";
import { type Annotate, type Annotation, type Edge, type Tap } from "./crossing.ts";
import { createForwarding, type ForwardOptions } from "./forwarding.ts";
import { createInbox } from "./inbox.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { KeepAlive } from "./keep-alive.ts";
import { createOutbox } from "./outbox.ts";
import { createRequestSender, type OutgoingRequest, type SendOptions } from "./request-sender.ts";
import { createServerTransactions } from "./server-transactions.ts";
import { type Arrival, createSipTransport } from "./sip-transport.ts";
import { createTransactionRunner } from "./transaction-runner.ts";
import { createUsers, warnOfHandler } from "./users.ts";

export interface SipEndpointOptions {
  /** Name of the node in crossings. */
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Port 0 for a free one; hops of one host then share it. The first hop of a transport is what requests are sent from. */
  readonly listen: readonly Hop[];
  /** Host to write into Via in place of the one listened on. */
  readonly advertisedHost?: string;
  readonly timers?: Partial<TimerValues>;
  /** A request of more bytes goes over TCP even where UDP was asked for (RFC 3261 18.1.1). Default 1300; Infinity: never. */
  readonly udpLimitBytes?: number;
  readonly limits?: Partial<SipLimits>;
  /** Ask on connections that are silent whether they stand (RFC 5626 4.4.1). Default: only answer who asks. */
  readonly keepAlive?: KeepAlive;
  /** Where a hop leads whose host is a name, best first, to be tried in that order (RFC 3263); undefined: it is no name. */
  readonly locate?: (to: Hop) => Promise<readonly Hop[]> | undefined;
  readonly tap?: Tap;
  /** Asked for each message before the tap sees it; what the sender says of a message wins. */
  readonly annotate?: Annotate;
  readonly edge?: Edge;
  /** Told when a handler throws: the request was answered with 500. Default: a warning of the process. */
  readonly onHandlerError?: (error: unknown) => void;
}

export interface SipEndpoint {
  /** What it listens on, ports resolved. */
  readonly hops: readonly Hop[];
  /** Handlers are called in the order of registration, also for an ACK to a 2xx; without any, requests get 503. */
  onRequest(handler: (incoming: IncomingRequest) => void): void;
  /** Adds Via with a fresh branch, Max-Forwards and Content-Length if missing; the transaction repeats it. ACK is sent once. */
  send(request: SipRequest, options: SendOptions): OutgoingRequest;
  /**
   * Forwards as a stateful proxy does (RFC 3261 16.6, 16.7): `request` is what is to go on, as made from `incoming.message`; Max-Forwards is
   * decremented (483 when used up), responses are relayed without the own Via; 408 when none comes, 503 when it cannot be sent.
   */
  forward(
    incoming: IncomingRequest,
    request: SipRequest,
    options: ForwardOptions,
  ): OutgoingRequest | undefined;
  /** Sends what may not be a message at all, once. */
  sendBytes(bytes: Uint8Array, to: Hop, annotation?: Annotation): void;
  /** Whether a connection to the hop is open, whoever opened it. */
  isConnected(hop: Hop): boolean;
  /** Gives up the connection to a peer that does not say anything sensible on it any more; the next request opens another. */
  hangUp(hop: Hop): void;
  /** Drops all transactions and closes all sockets. */
  close(): Promise<void>;
}

const UDP_LIMIT_BYTES = 1300;

/** Fails with `PortInUseError`. */
export async function createSipEndpoint(options: SipEndpointOptions): Promise<SipEndpoint> {
  const { name, network, clock, ids, limits, annotate, edge } = options;
  const timers = { ...DEFAULT_TIMERS, ...options.timers };
  const users = createUsers(options.onHandlerError ?? warnOfHandler, ids);
  const { deliver, guard } = users;
  // Whoever looks on must not come between a message and its transaction.
  const { tap: look } = options;
  const tap: Tap | undefined = look === undefined ? undefined : (crossing) => guard(() => look(crossing));
  const runner = createTransactionRunner(clock, guard);
  const outbox = createOutbox({ name, clock, tap, annotate, edge });
  const gate = createGate(guard);
  const transport = await createSipTransport({
    network,
    limits,
    listen: options.listen,
    receive: gate.receive,
    clock,
    keepAlive: options.keepAlive,
    advertisedHost: options.advertisedHost,
  });
  const clients = createClientTransactions({ runner, outbox, timers });
  const channelTo = (hop: Hop, local?: Hop): Channel => transport.channelTo(hop, local);
  const servers = createServerTransactions({ runner, outbox, ids, timers, channelTo, deliver });
  gate.open(createInbox({ name, clock, ids, tap, annotate, outbox, clients, servers }));
  const udpLimitBytes = options.udpLimitBytes ?? UDP_LIMIT_BYTES;
  const { advertisedHost, locate } = options;
  const sending = { clients, outbox, transport, ids, advertisedHost, udpLimitBytes, guard };
  const send = createRequestSender({ ...sending, locate, isClosed: () => gate.closed });
  const forwarding = createForwarding({ clock, ids, send });
  return {
    hops: transport.hops,
    send,
    onRequest: (handler) => users.add(handler),
    forward: (incoming, request, how) => forwarding.forward(incoming, request, how),
    sendBytes: (bytes, to, annotation) => {
      const onError = (): void => undefined;
      outbox.postBytes(bytes, { channel: channelTo(to), annotation, retransmission: false, onError });
    },
    isConnected: (hop) => transport.isConnected(hop),
    hangUp: (hop) => transport.hangUp(hop),
    close: async () => {
      gate.close();
      runner.stop();
      forwarding.stop();
      await transport.close();
    },
  };
}

/** Keeps what arrives while the endpoint is being put together. */
function createGate(guard: (call: () => void) => void): {
  readonly receive: (arrival: Arrival) => void;
  readonly open: (inbox: (arrival: Arrival) => void) => void;
  readonly closed: boolean;
  readonly close: () => void;
} {
  const early: Arrival[] = [];
  let closed = false;
  let through: ((arrival: Arrival) => void) | undefined;
  return {
    get closed() {
      return closed;
    },
    close: () => (closed = true),
    receive: (arrival) => {
      const take = through;
      if (take === undefined) early.push(arrival);
      else guard(() => take(arrival));
    },
    open: (inbox) => {
      through = inbox;
      for (const arrival of early.splice(0)) guard(() => inbox(arrival));
    },
  };
}
