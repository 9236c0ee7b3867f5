/** Requests that came in: each is handed on once, and answered by its transaction as often as it comes (RFC 3261 17.2, 18.2). */
import { inviteServer } from "../machine/invite-server.ts";
import { acknowledges, serverKeyOf } from "../machine/matching.ts";
import { nonInviteServer } from "../machine/non-invite-server.ts";
import type { TimerValues } from "../machine/timers.ts";
import { createTransaction, type TransactionAction } from "../machine/transaction.ts";
import { responseTarget, withSource } from "../machine/via.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop } from "../net/network.ts";
import { sipResponse } from "../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Channel } from "./channel.ts";
import { type Annotation, mergeAnnotations } from "./crossing.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { Outbox } from "./outbox.ts";
import type { RunningTransaction, TransactionRunner } from "./transaction-runner.ts";

/** A request on its way in, read but not yet matched. */
export interface ArrivedRequest {
  readonly request: SipRequest;
  readonly channel: Channel;
  readonly annotation: Annotation | undefined;
}

export interface ServerTransactionsOptions {
  readonly runner: TransactionRunner;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly timers: TimerValues;
  readonly channelTo: (hop: Hop, local: Hop) => Channel;
  /** A new request, or an ACK that no transaction waits for. */
  readonly deliver: (incoming: IncomingRequest) => void;
}

interface ServerTransaction extends RunningTransaction {
  readonly incoming: IncomingRequest;
  /** What To of the response to a CANCEL is to have as its tag. */
  readonly localTag: string | undefined;
  cancelled(): void;
}

export interface ServerTransactions {
  /** Whether the same request came before; an ACK counts once its first has been taken. */
  isRetransmission(request: SipRequest): boolean;
  receive(arrived: ArrivedRequest): void;
}

export function createServerTransactions(options: ServerTransactionsOptions): ServerTransactions {
  const { runner, ids, deliver } = options;
  const transactions = new Map<string, ServerTransaction>();

  const find = (request: SipRequest, method?: string): ServerTransaction | undefined => {
    const key = serverKeyOf(request, method);
    const found = key === undefined ? undefined : transactions.get(key);
    const matches =
      request.method !== "ACK" || (found !== undefined && acknowledges(request, found.transaction.response));
    return matches ? found : undefined;
  };

  const open = (key: string, arrived: ArrivedRequest): ServerTransaction => {
    const transaction = createServerTransaction(arrived, options, () => transactions.delete(key));
    transactions.set(key, transaction);
    runner.feed(transaction, { type: "start" });
    return transaction;
  };

  /** RFC 3261 9.2 */
  const cancel = (cancelling: IncomingRequest, target: ServerTransaction | undefined): void => {
    const status = target === undefined ? 481 : 200;
    const toTag = target?.localTag ?? ids.token();
    cancelling.respond(sipResponse(cancelling.message, status, undefined, { toTag }));
    if (target?.incoming.answered === false) target.cancelled();
  };

  // Keys are made of requests as they came: what is noted in the Via would make them differ.
  return {
    isRetransmission: (request) => {
      const found = find(request);
      return found !== undefined && (request.method !== "ACK" || found.transaction.state === "confirmed");
    },
    receive: (arrived) => {
      const key = serverKeyOf(arrived.request);
      // RFC 3261 8.1.1: Via is mandatory; where it is missing or cannot be read nobody can be answered.
      if (key === undefined) return;
      const request = withSource(arrived.request, arrived.channel.remote);
      const found = find(arrived.request);
      if (found !== undefined) return runner.feed(found, { type: "request", request });
      if (request.method === "ACK") return deliver(incomingAck(request, arrived));
      const { incoming } = open(key, { ...arrived, request });
      if (request.method === "CANCEL") cancel(incoming, find(arrived.request, "INVITE"));
      else deliver(incoming);
    },
  };
}

/** An ACK to a 2xx: a request without an answer (RFC 3261 17). */
function incomingAck(message: SipRequest, { channel, annotation }: ArrivedRequest): IncomingRequest {
  return {
    message,
    source: channel.remote,
    local: channel.local,
    answered: true,
    annotation,
    respond: () => undefined,
    onCancel: () => undefined,
  };
}

function createServerTransaction(
  { request, channel, annotation }: ArrivedRequest,
  options: ServerTransactionsOptions,
  ended: () => void,
): ServerTransaction {
  const { runner, outbox, ids, timers } = options;
  const machine = request.method === "INVITE" ? inviteServer : nonInviteServer;
  const annotations = new WeakMap<SipResponse, Annotation>();
  let answered = false;
  let onCancel: (() => void) | undefined;
  let localTag: string | undefined;
  let latest: SipResponse | undefined;
  let way = channel;

  const respond = (response: SipResponse, noted?: Annotation): void => {
    if (response.status >= 200) answered = true;
    if (noted !== undefined) annotations.set(response, noted);
    runner.feed(running, { type: "response", response });
  };
  const onError = (): void => runner.feed(running, { type: "transport-error" });

  const send = (response: SipResponse, retransmission: boolean): void => {
    // RFC 3261 18.2.2: the connection of the request while it is open; else where the Via leads.
    if (!way.reliable || !way.open)
      way = options.channelTo(responseTarget(request, channel.remote), channel.local);
    const noted = mergeAnnotations(annotation, annotations.get(response));
    latest = response;
    outbox.post(response, { channel: way, cause: request, annotation: noted, retransmission, onError });
  };

  const perform = (action: TransactionAction): void => {
    // The user repeats a 2xx and reliable provisional responses itself (RFC 3261 13.3.1.4, RFC 3262 3).
    if (action.type === "send-response")
      send(action.response, action.retransmission || action.response === latest);
    else if (action.type === "want-100") respond(sipResponse(request, 100));
    else if (action.type === "pass-ack")
      options.deliver(incomingAck(action.request, { request, channel, annotation }));
    // A reported failure (no ACK, a response that could not be sent) has no user to tell yet: it shows in the trace as what is missing.
  };

  const incoming: IncomingRequest = {
    message: request,
    source: channel.remote,
    local: channel.local,
    annotation,
    get answered() {
      return answered;
    },
    respond,
    onCancel: (handler, tag) => {
      onCancel = handler;
      localTag = tag;
    },
  };
  const running: ServerTransaction = {
    incoming,
    get localTag() {
      return localTag;
    },
    transaction: createTransaction(machine, timers, channel.reliable),
    perform,
    ended: () => {
      way.forget(onError);
      ended();
    },
    cancelled: () => {
      if (onCancel === undefined) respond(sipResponse(request, 487, undefined, { toTag: ids.token() }));
      else onCancel();
    },
  };
  return running;
}
