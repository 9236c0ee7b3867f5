/** Requests on their way out: one transaction after the other until one is answered, CANCEL (RFC 3261 9.1, RFC 3263 4.3). */
import { cancelFor } from "../machine/hop-by-hop.ts";
import type { Hop } from "../net/network.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ClientTransactions } from "./client-transactions.ts";
import { type Annotation, mergeAnnotations } from "./crossing.ts";
import type { Outbox } from "./outbox.ts";
import { type PreparationOptions, prepare, type Prepared, withDefaults } from "./request-preparation.ts";

export type FailureReason = "timeout" | "transport";

export interface SendOptions {
  readonly to: Hop;
  /** Where else it may go, in order, when it cannot be sent, nothing at all answers, or the answer is 503 (RFC 3263 4.3). */
  readonly alternatives?: readonly Hop[];
  /** Every response that is not a repetition, provisional ones too; each 2xx to an INVITE. */
  readonly onResponse?: (response: SipResponse) => void;
  /** Timer B or F fired, or the request could not be sent; no response follows. */
  readonly onFailure?: (reason: FailureReason) => void;
  /** Id of the stimulus that the request carries out; short for `annotation.stimulus`. */
  readonly stimulus?: string;
  readonly annotation?: Annotation;
  /** The request that this one was made because of, for {@link Edge}: an exploder's copies name the original. */
  readonly cause?: SipRequest;
}

export interface OutgoingRequest {
  /** As given to the wire, before any edge: with Via. */
  readonly request: SipRequest;
  /** Where it went: over TCP where it was too large for UDP. */
  readonly to: Hop;
  /** A final response came, or the request failed. */
  readonly finished: boolean;
  /**
   * Cancels an INVITE (RFC 3261 9.1): at once if a provisional response came, else as soon as one does. Does nothing to other requests.
   * `edit` may change the CANCEL, or keep it back with undefined.
   */
  cancel(edit?: (cancel: SipRequest) => SipRequest | undefined): void;
  /** Sends an ACK to a 2xx again, for a 2xx that came again (RFC 3261 13.2.2.4). Does nothing to other requests. */
  again(): void;
}

export type RequestSender = (request: SipRequest, options: SendOptions) => OutgoingRequest;

export interface RequestSenderOptions extends PreparationOptions {
  readonly clients: ClientTransactions;
  readonly outbox: Outbox;
  /** Where a hop leads whose host is a name; undefined: it is no name. */
  readonly locate?: ((to: Hop) => Promise<readonly Hop[]> | undefined) | undefined;
  /** Whether the endpoint has been closed while it was asked where to send. */
  readonly isClosed: () => boolean;
  /** Calls a user's callback. */
  readonly guard: (call: () => void) => void;
}

export function createRequestSender(options: RequestSenderOptions): RequestSender {
  return (request, sendOptions) => {
    const original = withDefaults(request);
    const { to, alternatives = [] } = sendOptions;
    const state: SendingState = {
      original,
      wanted: to,
      rest: alternatives,
      prepared: prepare(original, to, options),
      finished: false,
      ringing: false,
      cancelling: false,
    };
    start(state, sendOptions, options);
    return {
      get request() {
        return state.prepared.request;
      },
      get to() {
        return state.prepared.to;
      },
      get finished() {
        return state.finished;
      },
      cancel: (edit) => cancel(state, { ...sendOptions, edit }, options),
      again: () => {
        if (request.method === "ACK") sendOnce(state, sendOptions, options, true);
      },
    };
  };
}

interface SendingState {
  /** Without Via. */
  readonly original: SipRequest;
  /** Where it is to go now; over TCP in place of UDP where it is large. */
  wanted: Hop;
  rest: readonly Hop[];
  prepared: Prepared;
  finished: boolean;
  /** A provisional response came. */
  ringing: boolean;
  /** The user wants it cancelled. */
  cancelling: boolean;
  /** What the user makes of the CANCEL. */
  edit?: EditCancel;
}

function start(state: SendingState, sendOptions: SendOptions, options: RequestSenderOptions): void {
  const go = (): void => {
    if (state.original.method === "ACK") sendOnce(state, sendOptions, options, false);
    else sendInTransaction(state, sendOptions, options);
  };
  const located = options.locate?.(state.wanted);
  if (located === undefined) return go();
  // Whoever cannot say where a name leads has said that it leads nowhere.
  void located
    .catch(() => [])
    .then((hops) => {
      if (options.isClosed()) return;
      state.rest = [...hops, ...state.rest];
      const first = takeNext(state, options);
      if (first === undefined || state.cancelling) return giveUp(state, sendOptions, options, "transport");
      turnTo(state, first, options);
      return go();
    });
}

/** The next place of those that are left, without those that this end cannot send to. */
function takeNext(state: SendingState, options: RequestSenderOptions): Hop | undefined {
  const [next, ...others] = state.rest.filter((hop) => canReach(hop, options));
  state.rest = others;
  return next;
}

/** A connection can always be tried; UDP takes a socket. */
function canReach({ transport }: Hop, options: RequestSenderOptions): boolean {
  return transport !== "udp" || options.transport.hops.some((own) => own.transport === "udp");
}

function turnTo(state: SendingState, hop: Hop, options: RequestSenderOptions): void {
  state.wanted = hop;
  state.ringing = false;
  state.prepared = prepare(state.original, hop, options);
}

function giveUp(
  state: SendingState,
  sendOptions: SendOptions,
  { guard }: RequestSenderOptions,
  reason: FailureReason,
): void {
  state.finished = true;
  guard(() => sendOptions.onFailure?.(reason));
}

type EditCancel = ((cancel: SipRequest) => SipRequest | undefined) | undefined;
type CancelOptions = SendOptions & { readonly edit: EditCancel };

function annotationOf({ annotation, stimulus }: SendOptions): Annotation | undefined {
  return mergeAnnotations(annotation, stimulus === undefined ? undefined : { stimulus });
}

/** An ACK to a 2xx has no transaction (RFC 3261 17.1). */
function sendOnce(
  state: SendingState,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
  retransmission: boolean,
): void {
  const { prepared, wanted } = state;
  options.outbox.post(prepared.request, {
    channel: options.transport.channelTo(prepared.to),
    cause: sendOptions.cause,
    annotation: annotationOf(sendOptions),
    retransmission,
    onError: () => {
      if (!isOverTcpInstead(state) || !canReach(wanted, options))
        return options.guard(() => sendOptions.onFailure?.("transport"));
      turnTo(state, wanted, { ...options, udpLimitBytes: Infinity });
      sendOnce(state, sendOptions, options, retransmission);
    },
  });
}

function sendInTransaction(
  state: SendingState,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): void {
  const { clients, transport, guard } = options;
  const { prepared } = state;
  clients.send({
    request: prepared.request,
    channel: transport.channelTo(prepared.to),
    cause: sendOptions.cause,
    annotation: annotationOf(sendOptions),
    onFailure: (reason) => {
      if (!tryElsewhere(state, reason, sendOptions, options)) giveUp(state, sendOptions, options, reason);
    },
    onResponse: (response) => {
      if (response.status === 503 && tryElsewhere(state, "unavailable", sendOptions, options)) return;
      noteProgress(state, response, sendOptions, options);
      guard(() => sendOptions.onResponse?.(response));
    },
  });
}

/** It was too large for the transport that was asked for. */
function isOverTcpInstead({ prepared, wanted }: SendingState): boolean {
  return prepared.to.transport !== wanted.transport;
}

/** Whether there was another way, which was then taken with a new branch (RFC 3263 4.3). */
function tryElsewhere(
  state: SendingState,
  reason: FailureReason | "unavailable",
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): boolean {
  if (state.cancelling || (state.ringing && reason !== "unavailable")) return false;
  // RFC 3261 18.1.1: a peer that refuses the TCP connection may know UDP only.
  if (reason === "transport" && isOverTcpInstead(state) && canReach(state.wanted, options)) {
    turnTo(state, state.wanted, { ...options, udpLimitBytes: Infinity });
  } else {
    const next = takeNext(state, options);
    if (next === undefined) return false;
    turnTo(state, next, options);
  }
  sendInTransaction(state, sendOptions, options);
  return true;
}

function noteProgress(
  state: SendingState,
  response: SipResponse,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): void {
  if (response.status >= 200) {
    state.finished = true;
    return;
  }
  const first = !state.ringing;
  state.ringing = true;
  if (first && state.cancelling) sendCancel(state, sendOptions, options);
}

function cancel(
  state: SendingState,
  { edit, ...sendOptions }: CancelOptions,
  options: RequestSenderOptions,
): void {
  if (state.prepared.request.method !== "INVITE" || state.cancelling || state.finished) return;
  state.cancelling = true;
  state.edit = edit;
  if (state.ringing) sendCancel(state, sendOptions, options);
}

/** RFC 3261 9.1: a transaction of its own, with the branch of the INVITE, to where the INVITE went. */
function sendCancel(
  { prepared, edit }: SendingState,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): void {
  const made = cancelFor(prepared.request);
  const request = edit === undefined ? made : edit(made);
  if (request === undefined) return;
  options.clients.send({
    request,
    channel: options.transport.channelTo(prepared.to),
    cause: sendOptions.cause,
    annotation: annotationOf(sendOptions),
    onResponse: () => undefined,
    onFailure: () => undefined,
  });
}
