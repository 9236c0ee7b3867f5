/** Re-INVITE and UPDATE of the peer (RFC 3261 14.2, RFC 3311 5.2). */
import {
  type Admission,
  admitInvite,
  admitUpdate,
  retryAfterSeconds,
} from "../../machine/invite-session/glare.ts";
import { inviteBegins } from "../../machine/invite-session/offer-answer.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { sessionDescriptionOf } from "../../wire/sip/session-description.ts";
import type { IncomingRequest } from "../incoming.ts";
import { createAnsweredInvite } from "./answered-invite.ts";
import { annotationIn, capabilities, composeResponse, type ResponseMaking } from "./composition.ts";
import { decide, describe, dropOffer, withDecision } from "./describing.ts";
import { sendBye } from "./ending.ts";
import { sendWaiting } from "./modifying.ts";
import type { MessageOptions } from "./options.ts";
import { refusalOf } from "./refusal.ts";
import type { IncomingModification } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";
import { answerTimerOf, learnPeer, timerAnswerHeaders, timeSent } from "./timing.ts";

export function receiveModification(state: SessionState, incoming: IncomingRequest): void {
  const { message } = incoming;
  learnPeer(state, message);
  const refusal =
    refusalOf(state.agent, message) ?? glareRefusal(state, message) ?? timerRefusal(state, message);
  if (refusal !== undefined) return void respond(state, incoming, refusal);
  if (message.method === "INVITE") receiveInvite(state, incoming);
  else receiveUpdate(state, incoming);
}

function glareRefusal(state: SessionState, request: SipRequest): ResponseMaking | undefined {
  const admission = admit(state, request);
  if (admission.admitted || !state.agent.does("glare refusal")) return undefined;
  const wait: HeaderPair[] =
    admission.status === 500 ? [["Retry-After", String(retryAfterSeconds(state.agent.random()))]] : [];
  return { status: admission.status, occasion: "rejection", headers: wait };
}

function admit({ inProgress, exchange }: SessionState, request: SipRequest): Admission {
  if (request.method === "INVITE") return admitInvite(inProgress, exchange);
  return admitUpdate(inProgress, exchange, sessionDescriptionOf(request) !== undefined);
}

function timerRefusal(state: SessionState, request: SipRequest): ResponseMaking | undefined {
  const answer = state.agent.does("422") ? answerTimerOf(state, request) : undefined;
  if (answer === undefined || !("minSe" in answer)) return undefined;
  return { status: 422, occasion: "rejection", headers: [["Min-SE", String(answer.minSe)]] };
}

function respond(
  state: SessionState,
  incoming: IncomingRequest,
  making: ResponseMaking,
  options: MessageOptions = {},
): ReturnType<typeof composeResponse> {
  const response = composeResponse(state.agent, incoming.message, making, options);
  if (response !== undefined) incoming.respond(response, annotationIn(options));
  return response;
}

function receiveInvite(state: SessionState, incoming: IncomingRequest): void {
  const { message } = incoming;
  const over = (): void => {
    if (state.inProgress.invite === "remote") state.inProgress.invite = undefined;
    if (state.exchange.state === "remote offer" && state.exchange.offeredIn === "INVITE") dropOffer(state);
  };
  const answered = createAnsweredInvite(state, incoming, {
    accepted: (response) => {
      over();
      emit(state, { type: "modified", by: "remote", method: "INVITE", response });
    },
    rejected: () => {
      over();
      sendWaiting(state);
    },
    cancelled: () => {
      over();
      sendWaiting(state);
    },
    acknowledged: (request) => acknowledged(state, request),
    unacknowledged: () => giveUp(state),
  });
  state.answered?.stop();
  state.answered = answered;
  state.inProgress.invite = "remote";
  state.exchange = inviteBegins(state.exchange);
  describe(state, "remote", "INVITE", message);
  offerTo(state, "INVITE", {
    method: "INVITE",
    request: message,
    offer: state.exchange.offer,
    progress: ({ status = 183, ...options } = {}) => answered.provisional({ ...options, status }),
    accept: (options = {}) => answered.accept(options),
    reject: (status, options) => answered.reject(status, options),
  });
}

/** ACK came for an INVITE or re-INVITE of the peer: what had to wait for it may go. */
export function acknowledged(state: SessionState, request: SipRequest): void {
  emit(state, { type: "acknowledged", request });
  const { goodbye } = state;
  if (goodbye !== undefined) sendBye(state, { by: "local", why: "bye" }, goodbye);
  else sendWaiting(state);
}

/** RFC 3261 13.3.1.4: without ACK the session is over. */
export function giveUp(state: SessionState): void {
  const { goodbye } = state;
  if (goodbye === undefined && !state.agent.does("giving up")) return;
  const why = goodbye === undefined ? "no ACK" : "bye";
  sendBye(state, { by: "local", why }, goodbye);
}

function receiveUpdate(state: SessionState, incoming: IncomingRequest): void {
  const { message } = incoming;
  const offers = describe(state, "remote", "UPDATE", message) === "offer";
  state.inProgress.update = "remote";
  const over = (): void => {
    state.inProgress.update = undefined;
    if (state.exchange.offeredIn === "UPDATE" && state.exchange.state === "remote offer") dropOffer(state);
    sendWaiting(state);
  };
  offerTo(state, "UPDATE", {
    method: "UPDATE",
    request: message,
    offer: offers ? state.exchange.offer : undefined,
    // RFC 3311 5.2: to be answered at once; but whoever wants to say something first may.
    progress: ({ status = 183, ...options } = {}) =>
      void respond(state, incoming, { status, occasion: "provisional" }, options),
    accept: ({ status = 200, ...options } = {}) => {
      acceptUpdate(state, incoming, status, options);
      over();
    },
    reject: (status, options = {}) => {
      respond(state, incoming, { status, reason: options.reason, occasion: "rejection" }, options);
      over();
    },
  });
}

function acceptUpdate(
  state: SessionState,
  incoming: IncomingRequest,
  status: number,
  options: MessageOptions,
): void {
  const timer = timerAnswerHeaders(answerTimerOf(state, incoming.message));
  const contact: HeaderPair = ["Contact", state.session.contact];
  const headers = [contact, ...capabilities(state.agent), ...timer];
  const response = respond(state, incoming, { status, occasion: "2xx", headers }, options);
  if (response === undefined) return;
  describe(state, "local", "2xx UPDATE", response);
  if (state.phase === "confirmed") timeSent(state, response);
  emit(state, { type: "modified", by: "remote", method: "UPDATE", response });
}

/** Has the user decide, at once or later. */
function offerTo(
  state: SessionState,
  carrier: "INVITE" | "UPDATE",
  modification: IncomingModification,
): void {
  const decision = decide(state, carrier, modification.request, modification.offer);
  if (decision === "later") emit(state, { type: "offered", modification });
  else if ("status" in decision) {
    const { status, ...options } = decision;
    modification.reject(status, options);
  } else modification.accept(withDecision({}, decision));
}
