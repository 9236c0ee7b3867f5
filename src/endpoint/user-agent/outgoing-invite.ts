/** An INVITE that makes sessions, at its sender: forks, CANCEL and its races, further attempts (RFC 3261 9.1, 13.2, RFC 4028 7.3). */
import { dialogOfResponse } from "../../machine/dialog/dialog.ts";
import {
  CALLING,
  type Calling,
  type CallingAction,
  type CallingEvent,
  callingEventOf,
  stepCalling,
} from "../../machine/invite-session/calling.ts";
import { transactionTimeout } from "../../machine/timers.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { expiresOf, toOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { minSeOf } from "../../wire/sip/session-fields.ts";
import type { FailureReason, OutgoingRequest } from "../request-sender.ts";
import { endIfRefused, takeAcceptance, takeProvisional } from "./acknowledging.ts";
import type { Agent, Alarm } from "./agent.ts";
import { annotationIn, editedCancel, mergeHeaders, sendOptionsIn } from "./composition.ts";
import { describe } from "./describing.ts";
import { endSession, sendBye } from "./ending.ts";
import { composeInvite, type InviteParts } from "./invite-request.ts";
import { sendWaiting } from "./modifying.ts";
import type { InviteOptions, MessageOptions } from "./options.ts";
import { confirmSession, createSession } from "./session.ts";
import type { InviteEvent, InviteHandler, OutgoingInvite } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";
import { learnPeer, timeReceived } from "./timing.ts";

/** One call: perhaps several attempts, perhaps several dialogs. */
interface Call extends InviteParts {
  readonly agent: Agent;
  readonly options: InviteOptions;
  readonly outgoing: OutgoingInvite;
  readonly handlers: InviteHandler[];
  readonly sessions: Map<string, SessionState>;
  readonly alarm: Alarm;
  /** Rings when Expires of the INVITE has passed. */
  readonly expiry: Alarm;
  calling: Calling;
  attempt: number;
  learntMinSe: number | undefined;
  extra: readonly HeaderPair[];
  /** As composed, and as sent. */
  invite: SipRequest | undefined;
  sent: OutgoingRequest | undefined;
  /** The session that is kept, where only one is. */
  first: SessionState | undefined;
  cancelOptions: MessageOptions;
}

/** Attempts with the same Call-ID; a peer that wants more of them will never be content. */
const MOST_ATTEMPTS = 5;

export function sendInvite(agent: Agent, options: InviteOptions): OutgoingInvite {
  const { ids } = agent.options;
  const call: Call = {
    agent,
    options,
    policy: options.sessionTimer ?? agent.options.sessionTimer ?? {},
    callId: options.callId ?? ids.token(),
    fromTag: options.fromTag ?? ids.token(),
    contact: options.contact ?? agent.contactFor(options.to),
    outgoing: outgoingFor(() => call),
    handlers: options.on === undefined ? [] : [options.on],
    sessions: new Map(),
    alarm: { ring: () => step(call, "time") },
    expiry: { ring: () => step(call, "cancel") },
    calling: CALLING,
    attempt: 1,
    learntMinSe: undefined,
    extra: [],
    invite: undefined,
    sent: undefined,
    first: undefined,
    cancelOptions: {},
  };
  attempt(call);
  return call.outgoing;
}

function outgoingFor(get: () => Call): OutgoingInvite {
  return {
    get request() {
      const { sent, invite } = get();
      const request = sent?.request ?? invite;
      if (request === undefined) throw new Error("the INVITE was kept back by `edit`: there is no request");
      return request;
    },
    get callId() {
      return get().callId;
    },
    get sessions() {
      return [...get().sessions.values()].map(({ session }) => session);
    },
    get pending() {
      return !["accepted", "abandoned", "ended"].includes(get().calling.state);
    },
    on: (handler) => void get().handlers.push(handler),
    cancel: (options = {}) => {
      get().cancelOptions = options;
      step(get(), "cancel");
    },
  };
}

function tell(call: Call, event: InviteEvent): void {
  for (const handler of call.handlers) call.agent.guard(() => handler(event, call.outgoing));
}

function attempt(call: Call): void {
  const { agent, options } = call;
  const { edit } = agent.options;
  const composed = composeInvite(agent, options, call);
  const invite = edit === undefined ? composed : edit(composed, "INVITE");
  call.invite = invite;
  if (invite === undefined) return;
  call.calling = CALLING;
  // RFC 3261 13.2.1
  const lastsS = agent.does("expiry") ? expiresOf(invite) : undefined;
  agent.alarms.set(call.expiry, lastsS === undefined ? undefined : agent.now() + lastsS * 1000);
  const number = call.attempt;
  // What comes for an attempt that was given up for the next is repetition.
  const current = (): boolean => call.attempt === number;
  call.sent = agent.options.endpoint.send(invite, {
    ...sendOptionsIn(options),
    to: options.to,
    onResponse: (response) => {
      if (current()) takeResponse(call, invite, response);
    },
    onFailure: (reason) => {
      if (current()) step(call, "failure", undefined, reason);
    },
  });
}

function takeResponse(call: Call, invite: SipRequest, response: SipResponse): void {
  const known = call.sessions.get(toOf(response)?.tag ?? "");
  // RFC 3261 13.2.2.4: a 2xx that comes again gets its ACK again.
  if (response.status >= 200 && response.status < 300 && known?.latest2xx !== undefined)
    return void takeAcceptance(known, invite, response);
  step(call, callingEventOf(response.status), response);
}

interface Occurrence {
  readonly response: SipResponse | undefined;
  readonly reason: FailureReason | undefined;
}

function step(call: Call, event: CallingEvent, response?: SipResponse, reason?: FailureReason): void {
  const { agent } = call;
  const { calling, actions } = stepCalling(call.calling, event, agent.now(), agent.timers);
  call.calling = calling;
  agent.alarms.set(call.alarm, calling.deadline);
  if (!call.outgoing.pending) agent.alarms.set(call.expiry, undefined);
  for (const action of actions) PERFORM[action](call, { response, reason });
}

function sendCancel({ sent, agent, cancelOptions }: Call): void {
  sent?.cancel((cancel) => editedCancel(agent, cancel, cancelOptions));
}

const PERFORM: Readonly<Record<CallingAction, (call: Call, occurrence: Occurrence) => void>> = {
  "send CANCEL": sendCancel,
  "report provisional": (call, { response }) => {
    if (response !== undefined) takeProgress(call, response);
  },
  "report accepted": (call, { response }) => {
    if (response !== undefined) takeSuccess(call, response);
  },
  "hang up": (call, { response }) => {
    if (response !== undefined) takeUnwanted(call, response);
  },
  "report rejected": (call, { response }) => {
    if (response !== undefined) takeRefusal(call, response);
  },
  "report cancelled": (call, { response }) => {
    endEarly(call, {
      by: "local",
      why: "cancelled",
      ...(response === undefined ? {} : { message: response }),
    });
    tell(call, { type: "cancelled", ...(response === undefined ? {} : { response }) });
  },
  "report failure": (call, { reason = "timeout" }) => {
    endEarly(call, { by: "remote", why: "failed" });
    tell(call, { type: "failed", reason });
  },
};

/** The session of a response's dialog, made if there is none yet; undefined: the response is in no dialog. */
function sessionOf(call: Call, response: SipResponse): SessionState | undefined {
  const { agent, invite, options, sessions } = call;
  const tag = toOf(response)?.tag ?? "";
  const known = sessions.get(tag);
  const dialog = invite === undefined ? undefined : dialogOfResponse(invite, response);
  if (known !== undefined || dialog === undefined || invite === undefined) return known;
  const handle = agent.dialogs.open(dialog, call.sent?.to ?? options.to, annotationIn(options));
  const state = createSession(agent, {
    role: "uac",
    handle,
    invite,
    contact: call.contact,
    policy: call.policy,
  });
  state.session.onOffer = options.onOffer;
  state.cancel = (cancelOptions) => call.outgoing.cancel(cancelOptions);
  sessions.set(tag, state);
  tell(call, { type: "session", session: state.session });
  describe(state, "local", "INVITE", invite);
  return state;
}

function takeProgress(call: Call, response: SipResponse): void {
  const state = response.status > 100 ? sessionOf(call, response) : undefined;
  if (state === undefined) return tell(call, { type: "provisional", response, reliable: false });
  learnPeer(state, response);
  const { reliable, discarded } = takeProvisional(state, response);
  if (discarded) return;
  tell(call, { type: "provisional", response, reliable, session: state.session });
  emit(state, { type: "provisional", response, reliable });
  sendWaiting(state);
}

/** The dialog is confirmed and its 2xx acknowledged. */
function confirm(call: Call, response: SipResponse): SessionState | undefined {
  const state = sessionOf(call, response);
  if (state === undefined || call.invite === undefined) return undefined;
  state.handle.confirm(response);
  learnPeer(state, response);
  confirmSession(state);
  takeAcceptance(state, call.invite, response);
  return state;
}

function takeSuccess(call: Call, response: SipResponse): void {
  const state = confirm(call, response);
  if (state === undefined) return;
  if (call.first === undefined) endOtherForksLater(call);
  call.first ??= state;
  const kept = call.first === state || call.options.forks === "all";
  if (kept && call.invite !== undefined) timeReceived(state, call.invite, response);
  tell(call, { type: "accepted", response, session: state.session, kept });
  emit(state, { type: "accepted", response });
  endIfRefused(state);
  if (kept) sendWaiting(state);
  else if (call.agent.does("hanging up")) sendBye(state, { by: "local", why: "forked" });
}

/** A 2xx after CANCEL. */
function takeUnwanted(call: Call, response: SipResponse): void {
  const state = confirm(call, response);
  if (state !== undefined && call.agent.does("hanging up")) sendBye(state, { by: "local", why: "cancelled" });
}

/** RFC 3261 13.2.2.4: 64 * T1 after the first 2xx the forks that were not answered are over. */
function endOtherForksLater(call: Call): void {
  const { agent } = call;
  const others = [...call.sessions.values()].some(({ phase }) => phase === "early");
  if (!others) return;
  const alarm = { ring: (): void => endEarly(call, { by: "remote", why: "forked" }) };
  agent.alarms.set(alarm, agent.now() + transactionTimeout(agent.timers));
}

function endEarly(call: Call, ending: Parameters<typeof endSession>[1]): void {
  for (const state of call.sessions.values()) if (state.phase === "early") endSession(state, ending);
}

function takeRefusal(call: Call, response: SipResponse): void {
  endEarly(call, { by: "remote", why: "rejected", message: response });
  const extra = call.attempt < MOST_ATTEMPTS ? headersForRetry(call, response) : undefined;
  if (extra === undefined) return tell(call, { type: "rejected", response });
  call.attempt += 1;
  call.extra = mergeHeaders(call.extra, extra);
  call.sessions.clear();
  attempt(call);
}

/** RFC 4028 7.3, and what the user knows. Undefined: the refusal stands. */
function headersForRetry(call: Call, response: SipResponse): readonly HeaderPair[] | undefined {
  const { agent, options } = call;
  const minSe = response.status === 422 && agent.does("422 retry") ? minSeOf(response) : undefined;
  if (minSe === undefined) return options.retry?.(response, call.attempt);
  call.learntMinSe = Math.max(minSe, call.learntMinSe ?? 0);
  return [];
}
