/** An INVITE session put together: its inside, what its user sees, and its place in the dialog. */
import { type Dialog } from "../../machine/dialog/dialog.ts";
import { dialogKey } from "../../machine/dialog/dialog-id.ts";
import { noExchange } from "../../machine/invite-session/offer-answer.ts";
import type { SessionTimerPolicy } from "../../machine/invite-session/session-timer.ts";
import { cseqOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { IncomingRequest } from "../incoming.ts";
import { acknowledge, prack } from "./acknowledging.ts";
import type { Agent } from "./agent.ts";
import { composeRequest, composeResponse } from "./composition.ts";
import type { DialogHandle, DialogUsage } from "./dialogs.ts";
import { endSession, hangUp, receiveBye, sendBye } from "./ending.ts";
import { receiveModification } from "./modified.ts";
import { modify, sendWaiting } from "./modifying.ts";
import type { ModificationOptions } from "./options.ts";
import { refusalOf } from "./refusal.ts";
import type { InviteSession, Modification } from "./session-events.ts";
import { intervalOf, type SessionState } from "./session-state.ts";
import { ringTimer } from "./timing.ts";

export interface SessionBeginning {
  readonly role: "uac" | "uas";
  readonly handle: DialogHandle;
  readonly invite: SipRequest;
  readonly contact: string;
  readonly policy: SessionTimerPolicy;
}

/** The session is early, and attached to its dialog. */
export function createSession(
  agent: Agent,
  { role, handle, invite, contact, policy }: SessionBeginning,
): SessionState {
  const state: SessionState = {
    agent,
    role,
    handle,
    invite,
    policy,
    session: sessionFor((): SessionState => state, contact),
    handlers: [],
    phase: "early",
    exchange: noExchange<Body>(),
    inProgress: { invite: role === "uac" ? "local" : "remote", update: undefined },
    timer: undefined,
    timerAlarm: { ring: (now) => ringTimer(state, now, timerDeeds(state)) },
    learntMinSe: undefined,
    peerTakesUpdate: false,
    receipt: undefined,
    acks: new Map(),
    latest2xx: undefined,
    answered: undefined,
    waiting: [],
    offerRefused: false,
    goodbye: undefined,
    cancel: undefined,
    detach: () => undefined,
  };
  state.detach = handle.attach(usageOf(state));
  agent.sessions.set(dialogKey(handle.dialog), state);
  return state;
}

/** The dialog is confirmed: the INVITE has its 2xx. */
export function confirmSession(state: SessionState): void {
  state.phase = "confirmed";
  state.inProgress.invite = undefined;
}

const timerDeeds = (state: SessionState): { refresh: () => void; expire: () => void } => ({
  refresh: () => void refresh(state, {}),
  expire: () =>
    sendBye(state, { by: "local", why: "expired" }, { onDone: () => state.session.onExpired?.() }),
});

/** RFC 4028 7.4: UPDATE is recommended where the peer is known to take it. */
function refresh(
  state: SessionState,
  { method, ...options }: ModificationOptions & { readonly method?: "INVITE" | "UPDATE" },
): Modification {
  return modify(state, method ?? (state.peerTakesUpdate ? "UPDATE" : "INVITE"), "refresh", options);
}

function sessionFor(get: () => SessionState, contact: string): InviteSession {
  return {
    get role() {
      return get().role;
    },
    get phase() {
      return get().phase;
    },
    get dialog(): Dialog {
      return get().handle.dialog;
    },
    get handle() {
      return get().handle;
    },
    get invite() {
      return get().invite;
    },
    get local() {
      return get().exchange.local;
    },
    get remote() {
      return get().exchange.remote;
    },
    get timer() {
      return intervalOf(get());
    },
    contact,
    onOffer: undefined,
    onRequest: undefined,
    onExpired: undefined,
    on: (handler) => void get().handlers.push(handler),
    reinvite: (options = {}) => modify(get(), "INVITE", "re-INVITE", options),
    update: (options = {}) => modify(get(), "UPDATE", "UPDATE", options),
    refresh: (options = {}) => refresh(get(), options),
    bye: (options = {}) => hangUp(get(), options),
    acknowledge: (options) => acknowledge(get(), options),
    prack: (response, options) => prack(get(), response, options),
    request: (method, options = {}) => {
      const request = composeRequest(get(), { method, occasion: "other request" }, options);
      return request === undefined ? undefined : get().handle.send(request, options);
    },
  };
}

function usageOf(state: SessionState): DialogUsage {
  return {
    name: "INVITE",
    receive: (incoming) => receive(state, incoming),
    dialogFailed: () => endSession(state, { by: "remote", why: "failed" }),
  };
}

type Receive = (state: SessionState, incoming: IncomingRequest) => void;

const RECEIVE: ReadonlyMap<string, Receive> = new Map<string, Receive>([
  ["ACK", receiveAck],
  ["BYE", receiveBye],
  ["INVITE", receiveModification],
  ["UPDATE", receiveModification],
  ["PRACK", receivePrack],
]);

function receive(state: SessionState, incoming: IncomingRequest): boolean {
  const { method } = incoming.message;
  const known = RECEIVE.get(method);
  if (known === undefined) return state.session.onRequest?.(incoming) ?? false;
  const refusal = state.phase === "ended" && method !== "ACK" && method !== "BYE" ? 481 : undefined;
  if (refusal !== undefined) refuse(state, incoming, refusal);
  else known(state, incoming);
  return true;
}

function refuse({ agent }: SessionState, incoming: IncomingRequest, status: number): void {
  const response = composeResponse(agent, incoming.message, { status, occasion: "rejection" });
  if (response !== undefined) incoming.respond(response);
}

/** An ACK is for the INVITE with its number; one for an older INVITE has come before. */
function receiveAck({ answered }: SessionState, { message }: IncomingRequest): void {
  const sequence = answered === undefined ? undefined : cseqOf(answered.incoming.message)?.number;
  if (sequence === cseqOf(message)?.number) answered?.acknowledge(message);
}

function receivePrack(state: SessionState, incoming: IncomingRequest): void {
  const refusal = refusalOf(state.agent, incoming.message);
  const response =
    refusal === undefined ? undefined : composeResponse(state.agent, incoming.message, refusal);
  if (response !== undefined) return incoming.respond(response);
  if (state.answered === undefined) refuse(state, incoming, 481);
  else state.answered.prack(incoming);
  sendWaiting(state);
}
