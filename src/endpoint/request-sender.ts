/** Requests on their way out: Via, Max-Forwards, the choice between UDP and TCP, CANCEL (RFC 3261 8.1.1, 9.1, 18.1.1). */
import { cancelFor } from "../machine/hop-by-hop.ts";
import { MAGIC_COOKIE } from "../machine/matching.ts";
import { formatVia } from "../machine/via.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop } from "../net/network.ts";
import { prependHeader, withHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { serializeSip } from "../wire/sip/serialize.ts";
import type { ClientTransactions } from "./client-transactions.ts";
import { type Annotation, mergeAnnotations } from "./crossing.ts";
import type { Outbox } from "./outbox.ts";
import type { SipTransport } from "./sip-transport.ts";

export type FailureReason = "timeout" | "transport";

export interface SendOptions {
  readonly to: Hop;
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

export interface RequestSenderOptions {
  readonly clients: ClientTransactions;
  readonly outbox: Outbox;
  readonly transport: SipTransport;
  readonly ids: Ids;
  readonly advertisedHost: string | undefined;
  readonly udpLimitBytes: number;
  /** Calls a user's callback. */
  readonly guard: (call: () => void) => void;
}

/** A request that is ready to go. */
interface Prepared {
  readonly request: SipRequest;
  readonly to: Hop;
}

export function createRequestSender(options: RequestSenderOptions): RequestSender {
  return (request, sendOptions) => {
    const complete = withDefaults(request);
    const prepared = prepare(complete, sendOptions.to, options);
    const state: SendingState = { prepared, finished: false, ringing: false, cancelling: false };
    if (request.method === "ACK") sendOnce(prepared, sendOptions, options, false);
    else sendInTransaction(complete, state, sendOptions, options);
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
        if (request.method === "ACK") sendOnce(prepared, sendOptions, options, true);
      },
    };
  };
}

interface SendingState {
  prepared: Prepared;
  finished: boolean;
  /** A provisional response came. */
  ringing: boolean;
  /** The user wants it cancelled. */
  cancelling: boolean;
  /** What the user makes of the CANCEL. */
  edit?: EditCancel;
}

type EditCancel = ((cancel: SipRequest) => SipRequest | undefined) | undefined;
type CancelOptions = SendOptions & { readonly edit: EditCancel };

/** RFC 3261 8.1.1.6, 20.14 */
function withDefaults(request: SipRequest): SipRequest {
  const counted =
    header(request, "Max-Forwards") === undefined ? withHeader(request, "Max-Forwards", "70") : request;
  return header(counted, "Content-Length") === undefined
    ? withHeader(counted, "Content-Length", String(counted.body.length))
    : counted;
}

function prepare(request: SipRequest, to: Hop, options: RequestSenderOptions): Prepared {
  const branch = MAGIC_COOKIE + options.ids.token();
  const asked = withVia(request, branch, to, options);
  if (to.transport !== "udp" || !isTooLarge(asked, options)) return { request: asked, to };
  const overTcp: Hop = { ...to, transport: "tcp" };
  return { request: withVia(request, branch, overTcp, options), to: overTcp };
}

/** RFC 3261 18.1.1. An endpoint that does not listen on TCP could not be answered there. */
function isTooLarge(request: SipRequest, { udpLimitBytes, transport }: RequestSenderOptions): boolean {
  if (!transport.hops.some((hop) => hop.transport === "tcp")) return false;
  return serializeSip(request).length > udpLimitBytes;
}

function withVia(request: SipRequest, branch: string, to: Hop, options: RequestSenderOptions): SipRequest {
  const own = options.transport.hopFor(to);
  const sentBy = { host: options.advertisedHost ?? own.host, port: own.port };
  return prependHeader(request, "Via", formatVia(to.transport, sentBy, branch));
}

function annotationOf({ annotation, stimulus }: SendOptions): Annotation | undefined {
  return mergeAnnotations(annotation, stimulus === undefined ? undefined : { stimulus });
}

/** An ACK to a 2xx has no transaction (RFC 3261 17.1). */
function sendOnce(
  prepared: Prepared,
  sendOptions: SendOptions,
  { outbox, transport, guard }: RequestSenderOptions,
  retransmission: boolean,
): void {
  outbox.post(prepared.request, {
    channel: transport.channelTo(prepared.to),
    cause: sendOptions.cause,
    annotation: annotationOf(sendOptions),
    retransmission,
    onError: () => guard(() => sendOptions.onFailure?.("transport")),
  });
}

function sendInTransaction(
  original: SipRequest,
  state: SendingState,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): void {
  const { clients, transport, guard } = options;
  const { prepared } = state;
  const fail = (reason: FailureReason): void => {
    const movedToTcp = prepared.to.transport !== sendOptions.to.transport;
    if (reason === "transport" && movedToTcp && !state.ringing)
      return retryOverUdp(original, state, sendOptions, options);
    state.finished = true;
    guard(() => sendOptions.onFailure?.(reason));
  };
  clients.send({
    request: prepared.request,
    channel: transport.channelTo(prepared.to),
    cause: sendOptions.cause,
    annotation: annotationOf(sendOptions),
    onFailure: fail,
    onResponse: (response) => {
      noteProgress(state, response, sendOptions, options);
      guard(() => sendOptions.onResponse?.(response));
    },
  });
}

/** RFC 3261 18.1.1: a peer that refuses the TCP connection may know UDP only. */
function retryOverUdp(
  original: SipRequest,
  state: SendingState,
  sendOptions: SendOptions,
  options: RequestSenderOptions,
): void {
  state.prepared = prepare(original, sendOptions.to, { ...options, udpLimitBytes: Infinity });
  sendInTransaction(original, state, sendOptions, options);
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
