/** Requests that came in: each is handed on once, and answered by its transaction as often as it comes (RFC 3261 17.2, 18.2). */
import { acknowledges, serverKeyOf } from "../machine/matching.ts";
import { withSource } from "../machine/via.ts";
import { sipResponse } from "../wire/sip/build.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { IncomingRequest } from "./incoming.ts";
import {
  type ArrivedRequest,
  incomingAck,
  incomingRequest,
  ServerTransaction,
  type ServerTransactionsOptions,
} from "./server-transaction.ts";

/** Where a request belongs, found before it is taken. */
export interface MatchedRequest {
  /** Undefined where Via is missing or cannot be read: then nobody can be answered (RFC 3261 8.1.1). */
  readonly key: string | undefined;
  readonly found: ServerTransaction | undefined;
  /** The same request came before; an ACK counts once its first has been taken. */
  readonly retransmission: boolean;
}

export interface ServerTransactions {
  match(request: SipRequest): MatchedRequest;
  receive(arrived: ArrivedRequest, matched: MatchedRequest): void;
}

export function createServerTransactions(options: ServerTransactionsOptions): ServerTransactions {
  const { runner, ids, deliver } = options;
  const transactions = new Map<string, ServerTransaction>();
  const own = { ...options, forget: (key: string) => void transactions.delete(key) };

  const open = (key: string, arrived: ArrivedRequest): IncomingRequest => {
    const transaction = new ServerTransaction(key, arrived, own);
    transactions.set(key, transaction);
    runner.feed(transaction, { type: "start" });
    return incomingRequest(arrived, transaction);
  };

  /** RFC 3261 9.2 */
  const cancel = (cancelling: IncomingRequest, asItCame: SipRequest): void => {
    const key = serverKeyOf(asItCame, "INVITE");
    const target = key === undefined ? undefined : transactions.get(key);
    const status = target === undefined ? 481 : 200;
    const toTag = target?.localTag ?? ids.token();
    cancelling.respond(sipResponse(cancelling.message, status, undefined, { toTag }));
    if (target?.answered === false) target.cancelled();
  };

  // Keys are made of requests as they came: what is noted in the Via would make them differ.
  return {
    match: (request) => {
      const key = serverKeyOf(request);
      const candidate = key === undefined ? undefined : transactions.get(key);
      if (request.method !== "ACK" || candidate === undefined)
        return { key, found: candidate, retransmission: candidate !== undefined };
      const found = acknowledges(request, candidate.transaction.response) ? candidate : undefined;
      return { key, found, retransmission: found?.transaction.state === "confirmed" };
    },
    receive: (arrived, { key, found }) => {
      if (key === undefined) return;
      const request = withSource(arrived.request, arrived.channel.remote);
      if (found !== undefined) return runner.feed(found, { type: "request", request });
      if (request.method === "ACK") return deliver(incomingAck(request, arrived));
      const incoming = open(key, { ...arrived, request });
      if (request.method === "CANCEL") cancel(incoming, arrived.request);
      else deliver(incoming);
    },
  };
}
