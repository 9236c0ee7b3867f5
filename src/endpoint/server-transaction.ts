/** One request that came in, and what is answered to it (RFC 3261 17.2, 18.2.2). */
import { inviteServer } from "../machine/invite-server.ts";
import { nonInviteServer } from "../machine/non-invite-server.ts";
import type { TimerValues } from "../machine/timers.ts";
import { createTransaction, type Transaction, type TransactionAction } from "../machine/transaction.ts";
import { responseTarget } from "../machine/via.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop } from "../net/network.ts";
import { sipResponse } from "../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Channel } from "./channel.ts";
import { type Annotation, mergeAnnotations } from "./crossing.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { Outbox, Posting } from "./outbox.ts";
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

interface ServerTransactionOptions extends ServerTransactionsOptions {
  /** The transaction has ended. */
  readonly forget: (key: string) => void;
}

/**
 * Tens of thousands of these are kept for the half minute of timer J where much comes in: so it lets go of the request once that is answered
 * for good, and has methods rather than functions of its own.
 */
export class ServerTransaction implements RunningTransaction {
  transaction: Transaction;
  /** Whether a final response was given. */
  answered = false;
  /** What To of the response to a CANCEL is to have as its tag. */
  localTag: string | undefined = undefined;
  /** What the user wants done in place of the 487. */
  onCancel: (() => void) | undefined = undefined;
  readonly #options: ServerTransactionOptions;
  readonly #key: string;
  #annotation: Annotation | undefined;
  /** Undefined once nothing but the response is needed any more. */
  #request: SipRequest | undefined;
  readonly #arrivedBy: Channel;
  /** Where responses go: the connection of the request while it is open, else where the Via leads. */
  #way: Channel;
  readonly #onError: () => void;
  #octets: Uint8Array | undefined = undefined;
  #latest: SipResponse | undefined = undefined;
  #notes: Map<SipResponse, Annotation> | undefined = undefined;

  constructor(key: string, arrived: ArrivedRequest, options: ServerTransactionOptions) {
    const { request, channel, annotation } = arrived;
    const machine = request.method === "INVITE" ? inviteServer : nonInviteServer;
    this.transaction = createTransaction(machine, options.timers, channel.reliable);
    this.#options = options;
    this.#key = key;
    this.#annotation = annotation;
    this.#request = request;
    this.#arrivedBy = channel;
    this.#way = channel;
    this.#onError = this.#fail.bind(this);
  }

  perform(action: TransactionAction): void {
    // The user repeats a 2xx and reliable provisional responses itself (RFC 3261 13.3.1.4, RFC 3262 3).
    if (action.type === "send-response")
      this.#send(action.response, action.retransmission || action.response === this.#latest);
    else if (action.type === "want-100") this.#respondInstead(100);
    else if (action.type === "pass-ack") this.#passAck(action.request);
    // A reported failure (no ACK, a response that could not be sent) has no user to tell yet: it shows in the trace as what is missing.
  }

  /** A CANCEL came (RFC 3261 9.2). */
  cancelled(): void {
    if (this.onCancel === undefined) this.#respondInstead(487, this.#options.ids.token());
    else this.onCancel();
  }

  ended(): void {
    this.#way.forget(this.#onError);
    this.#options.forget(this.#key);
  }

  respond(response: SipResponse, noted?: Annotation): void {
    if (response.status >= 200) this.answered = true;
    if (noted !== undefined) (this.#notes ??= new Map()).set(response, noted);
    this.#options.runner.feed(this, { type: "response", response });
  }

  /** In the place of a user who is silent. */
  #respondInstead(status: number, toTag?: string): void {
    if (this.#request === undefined) return;
    const parts = toTag === undefined ? {} : { toTag };
    this.respond(sipResponse(this.#request, status, undefined, parts));
  }

  #passAck(ack: SipRequest): void {
    const annotation = this.#annotation;
    this.#options.deliver(incomingAck(ack, { request: ack, channel: this.#arrivedBy, annotation }));
  }

  #send(response: SipResponse, retransmission: boolean): void {
    const { outbox } = this.#options;
    if (this.#octets !== undefined) return outbox.postBytes(this.#octets, this.#posting(response, true));
    this.#findWay();
    this.#latest = response;
    const octets = outbox.post(response, this.#posting(response, retransmission));
    if (octets !== undefined && isLast(this.transaction)) this.#keep(octets, response);
  }

  #posting(response: SipResponse, retransmission: boolean): Posting {
    const annotation = mergeAnnotations(this.#annotation, this.#notes?.get(response));
    return { channel: this.#way, cause: this.#request, annotation, retransmission, onError: this.#onError };
  }

  /** RFC 3261 18.2.2: the connection of the request while it is open, else where the Via leads. */
  #findWay(): void {
    if (this.#request === undefined || (this.#way.reliable && this.#way.open)) return;
    const { local, remote } = this.#arrivedBy;
    const target = responseTarget(this.#request, remote);
    const isSame = !this.#way.reliable && target.host === remote.host && target.port === remote.port;
    this.#way = isSame ? this.#arrivedBy : this.#options.channelTo(target, local);
  }

  /** Nothing is needed any more but what was sent, in case that the request comes again. */
  #keep(octets: Uint8Array, response: SipResponse): void {
    this.#annotation = mergeAnnotations(this.#annotation, this.#notes?.get(response));
    this.#octets = octets;
    this.#request = undefined;
    this.#notes = undefined;
    this.#latest = undefined;
    this.transaction = { ...this.transaction, response: IN_OCTETS };
  }

  #fail(): void {
    this.#options.runner.feed(this, { type: "transport-error" });
  }
}

/** The request for the user of the endpoint. */
export function incomingRequest(
  { request, channel, annotation }: ArrivedRequest,
  transaction: ServerTransaction,
): IncomingRequest {
  return {
    message: request,
    source: channel.remote,
    local: channel.local,
    annotation,
    get answered() {
      return transaction.answered;
    },
    respond: (response, noted) => transaction.respond(response, noted),
    onCancel: (handler, localTag) => {
      transaction.onCancel = handler;
      transaction.localTag = localTag;
    },
  };
}

/** Stands for a response of which the octets are kept. */
const IN_OCTETS: SipResponse = {
  kind: "response",
  version: "SIP/2.0",
  status: 200,
  reason: "",
  headers: [],
  body: new Uint8Array(0),
};

/** Whether nothing can follow but the same response again, on the same way: a connection may have to be opened anew for it. */
function isLast({ machine, state, reliable }: Transaction): boolean {
  return machine === nonInviteServer && state === "completed" && !reliable;
}

/** An ACK to a 2xx: a request without an answer (RFC 3261 17). */
export function incomingAck(message: SipRequest, { channel, annotation }: ArrivedRequest): IncomingRequest {
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
