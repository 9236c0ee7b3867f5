/** Re-INVITE and UPDATE of the own end: when they may go, what comes back, and when they are tried again (RFC 3261 14.1, RFC 3311, RFC 4028 10). */
import { glareDelay, maySend } from "../../machine/invite-session/glare.ts";
import { inviteBegins } from "../../machine/invite-session/offer-answer.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { minSeOf, retryAfterOf } from "../../wire/sip/session-fields.ts";
import { endIfRefused, takeAcceptance, takeProvisional } from "./acknowledging.ts";
import type { OutgoingRequest } from "../request-sender.ts";
import type { Alarm } from "./agent.ts";
import { composeRequest, editedCancel, sendOptionsIn } from "./composition.ts";
import { describe, dropOffer, missAnswer } from "./describing.ts";
import { sendBye } from "./ending.ts";
import type { MessageOptions, ModificationOptions, ModificationOutcome, Occasion } from "./options.ts";
import type { Modification } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";
import { learnPeer, timeReceived, timerAskHeaders } from "./timing.ts";

export type ModifyingMethod = "INVITE" | "UPDATE";

/** How far a modification has come, over all its attempts. */
interface Progress {
  state: Modification["state"];
  sent: OutgoingRequest | undefined;
}

/** A modification that has not gone yet. */
export interface WaitingModification extends Alarm {
  readonly method: ModifyingMethod;
  readonly occasion: Occasion;
  readonly options: ModificationOptions;
  readonly attempt: number;
  /** In the time of the clock. */
  readonly notBefore: number;
  readonly progress: Progress;
  /** The session has ended. */
  drop(): void;
}

/** A peer that refuses for glare this often is not in glare. */
const MOST_ATTEMPTS = 5;

export function modify(
  state: SessionState,
  method: ModifyingMethod,
  occasion: Occasion,
  options: ModificationOptions,
): Modification {
  const progress: Progress = { state: "waiting", sent: undefined };
  const plan = { method, occasion, options, attempt: 1, notBefore: state.agent.now(), progress };
  if (state.phase === "ended") finish(plan, { outcome: "dropped" });
  else wait(state, plan);
  return {
    get state() {
      return progress.state;
    },
    cancel: (cancelOptions = {}) => cancel(state, progress, cancelOptions),
  };
}

function cancel(state: SessionState, progress: Progress, options: MessageOptions): void {
  const waiting = state.waiting.find((one) => one.progress === progress);
  if (waiting === undefined) return progress.sent?.cancel((made) => editedCancel(state.agent, made, options));
  state.waiting.splice(state.waiting.indexOf(waiting), 1);
  waiting.drop();
}

function finish(
  { options, progress }: Pick<Plan, "options" | "progress">,
  outcome: ModificationOutcome,
): void {
  progress.state = "done";
  options.onDone?.(outcome);
}

type Plan = Omit<WaitingModification, "drop" | "ring">;

function wait(state: SessionState, plan: Plan): void {
  const waiting: WaitingModification = {
    ...plan,
    ring: () => sendWaiting(state),
    drop: () => {
      state.agent.alarms.set(waiting, undefined);
      state.agent.guard(() => finish(plan, { outcome: "dropped" }));
    },
  };
  state.waiting.push(waiting);
  if (plan.notBefore > state.agent.now()) state.agent.alarms.set(waiting, plan.notBefore);
  else sendWaiting(state);
}

/** Sends what may go by now. To be called whenever something that blocked it is over. */
export function sendWaiting(state: SessionState): void {
  for (const modification of state.waiting.slice()) {
    if (!state.waiting.includes(modification) || !mayGo(state, modification)) continue;
    state.waiting.splice(state.waiting.indexOf(modification), 1);
    send(state, modification);
  }
}

function mayGo(state: SessionState, { method, options, notBefore }: WaitingModification): boolean {
  if (state.phase === "ended" || notBefore > state.agent.now()) return false;
  if (options.force === true) return true;
  return (
    isReachable(state, method) &&
    maySend(method, options.body !== undefined, state.inProgress, state.exchange)
  );
}

/** Whether the other end can be in the dialog by now, and no ACK is awaited that would come between. */
function isReachable({ phase, role, answered }: SessionState, method: ModifyingMethod): boolean {
  if (method === "INVITE") return phase === "confirmed" && answered?.answering.state !== "accepted";
  return phase === "confirmed" || role === "uac" || (answered?.answering.acknowledged.length ?? 0) > 0;
}

const progressOf = (method: ModifyingMethod): "invite" | "update" =>
  method === "INVITE" ? "invite" : "update";

function send(state: SessionState, plan: Plan): void {
  const { method, occasion, options } = plan;
  const body =
    options.body ?? (occasion === "refresh" && method === "INVITE" ? state.exchange.local : undefined);
  const complete = body === undefined ? options : { ...options, body };
  const request = composeRequest(state, { method, occasion, headers: timerAskHeaders(state) }, complete);
  if (request === undefined) return finish(plan, { outcome: "dropped" });
  state.inProgress[progressOf(method)] = "local";
  if (method === "INVITE") {
    state.exchange = inviteBegins(state.exchange);
    state.receipt = undefined;
  }
  describe(state, "local", method, request);
  plan.progress.state = "sent";
  plan.progress.sent = state.handle.send(request, {
    ...sendOptionsIn(options),
    onResponse: (response) => takeResponse(state, plan, request, response),
    onFailure: () => {
      settle(state, method);
      finish(plan, { outcome: "failed" });
      // RFC 3261 12.2.1.2: no response is as good as 408.
      sendBye(state, { by: "local", why: "failed" });
    },
  });
}

/** The transaction is over; the offer of a request that was refused with it. */
function settle(state: SessionState, method: ModifyingMethod): void {
  if (state.inProgress[progressOf(method)] === "local") state.inProgress[progressOf(method)] = undefined;
  if (state.exchange.state === "local offer" && state.exchange.offeredIn === method) dropOffer(state);
}

function takeResponse(state: SessionState, plan: Plan, request: SipRequest, response: SipResponse): void {
  if (response.status >= 300) return takeRefusal(state, plan, response);
  if (response.status >= 200) return takeSuccess(state, plan, request, response);
  if (plan.method !== "INVITE" || response.status === 100) return;
  const { reliable, discarded } = takeProvisional(state, response);
  if (!discarded) emit(state, { type: "provisional", response, reliable });
}

function takeSuccess(state: SessionState, plan: Plan, request: SipRequest, response: SipResponse): void {
  const { method } = plan;
  if (method === "INVITE" && takeAcceptance(state, request, response)) return;
  if (method === "UPDATE") {
    describe(state, "remote", "2xx UPDATE", response);
    if (state.exchange.offeredIn === "UPDATE") missAnswer(state, response);
  }
  state.inProgress[progressOf(method)] = undefined;
  learnPeer(state, response);
  if (state.phase !== "ended") timeReceived(state, request, response);
  emit(state, { type: "modified", by: "local", method, response });
  finish(plan, { outcome: "accepted", response });
  endIfRefused(state);
  sendWaiting(state);
}

function takeRefusal(state: SessionState, plan: Plan, response: SipResponse): void {
  settle(state, plan.method);
  learnPeer(state, response);
  const delay = plan.attempt < MOST_ATTEMPTS ? retryDelay(state, response) : undefined;
  if (delay !== undefined && state.phase !== "ended") {
    plan.progress.state = "waiting";
    wait(state, { ...plan, attempt: plan.attempt + 1, notBefore: state.agent.now() + delay });
  } else {
    emit(state, { type: "modification refused", method: plan.method, response });
    finish(plan, { outcome: "rejected", response });
    // RFC 3261 12.2.1.2, RFC 4028 10
    if (response.status === 481 || response.status === 408)
      sendBye(state, { by: "remote", why: "failed", message: response });
  }
  sendWaiting(state);
}

/** Milliseconds until another attempt; undefined: there is none. */
function retryDelay({ agent, role }: SessionState, response: SipResponse): number | undefined {
  const { status } = response;
  if (status === 422) return agent.does("422 retry") && minSeOf(response) !== undefined ? 0 : undefined;
  if (!agent.does("glare retry")) return undefined;
  // The end that sent the INVITE has made the Call-ID.
  if (status === 491) return glareDelay(role === "uac", agent.random());
  const after = status === 500 ? retryAfterOf(response)?.after : undefined;
  return after === undefined ? undefined : after * 1000;
}
