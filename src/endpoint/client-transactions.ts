/** Requests that go out: each is repeated, and its responses are handed on, by its transaction (RFC 3261 17.1, 18.1). */
import { ackFor } from "../machine/hop-by-hop.ts";
import { inviteClient } from "../machine/invite-client.ts";
import { clientKeyOf } from "../machine/matching.ts";
import { nonInviteClient } from "../machine/non-invite-client.ts";
import type { TimerValues } from "../machine/timers.ts";
import { createTransaction, type TransactionAction } from "../machine/transaction.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Channel } from "./channel.ts";
import type { Annotation } from "./crossing.ts";
import type { Outbox } from "./outbox.ts";
import type { RunningTransaction, TransactionRunner } from "./transaction-runner.ts";

export interface ClientRequest {
  /** With its Via. */
  readonly request: SipRequest;
  readonly channel: Channel;
  readonly cause?: SipRequest | undefined;
  readonly annotation: Annotation | undefined;
  readonly onResponse: (response: SipResponse) => void;
  readonly onFailure: (reason: "timeout" | "transport") => void;
}

export interface ClientTransactionsOptions {
  readonly runner: TransactionRunner;
  readonly outbox: Outbox;
  readonly timers: TimerValues;
}

interface ClientTransaction extends RunningTransaction {
  readonly annotation: Annotation | undefined;
  /** The response that came last, as it stood on the wire. */
  latest: Uint8Array | undefined;
}

/** What is known of the request that a response answers. */
export interface AnsweredRequest {
  readonly annotation: Annotation | undefined;
  readonly retransmission: boolean;
}

export interface ClientTransactions {
  send(request: ClientRequest): void;
  match(response: SipResponse): AnsweredRequest | undefined;
  receive(response: SipResponse): void;
}

export function createClientTransactions(options: ClientTransactionsOptions): ClientTransactions {
  const { runner } = options;
  const transactions = new Map<string, ClientTransaction>();

  const find = (response: SipResponse): ClientTransaction | undefined => {
    const key = clientKeyOf(response);
    return key === undefined ? undefined : transactions.get(key);
  };

  return {
    send: (sent) => {
      const key = clientKeyOf(sent.request);
      const transaction = createClientTransaction(sent, options, () => {
        if (key !== undefined) transactions.delete(key);
      });
      // Without CSeq no response can be matched: whoever sends such a request on purpose waits for the timer.
      if (key !== undefined) transactions.set(key, transaction);
      runner.feed(transaction, { type: "start" });
    },
    match: (response) => {
      const found = find(response);
      if (found === undefined) return undefined;
      const { annotation, latest } = found;
      return { annotation, retransmission: isRepeated(response, latest) };
    },
    receive: (response) => {
      const found = find(response);
      // RFC 6026 8.9: a response that no transaction waits for is dropped.
      if (found === undefined) return;
      found.latest = response.received;
      runner.feed(found, { type: "response", response });
    },
  };
}

function isRepeated(response: SipResponse, latest: Uint8Array | undefined): boolean {
  return (
    response.received !== undefined && latest !== undefined && Buffer.compare(response.received, latest) === 0
  );
}

function createClientTransaction(
  { request, channel, cause, annotation, onResponse, onFailure }: ClientRequest,
  { runner, outbox, timers }: ClientTransactionsOptions,
  ended: () => void,
): ClientTransaction {
  const machine = request.method === "INVITE" ? inviteClient : nonInviteClient;
  const onError = (): void => runner.feed(running, { type: "transport-error" });
  // One ACK for all repetitions of a response, so that they are the same to the byte.
  let ack: SipRequest | undefined;

  const post = (message: SipRequest, retransmission: boolean): void => {
    outbox.post(message, { channel, cause, annotation, retransmission, onError });
  };

  const perform = (action: TransactionAction): void => {
    switch (action.type) {
      case "send-request":
        return post(request, action.retransmission);
      case "send-ack":
        ack ??= ackFor(request, action.response);
        return post(ack, action.retransmission);
      case "pass-response":
        return onResponse(action.response);
      case "report":
        return onFailure(action.reason);
      case "send-response":
      case "want-100":
      case "pass-ack":
        return undefined;
    }
  };

  const running: ClientTransaction = {
    transaction: createTransaction(machine, timers, channel.reliable),
    annotation,
    latest: undefined,
    perform,
    ended: () => {
      channel.forget(onError);
      ended();
    },
  };
  return running;
}
