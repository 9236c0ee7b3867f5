/** An INVITE that makes a session, at its receiver (RFC 3261 8.2, 13.3; RFC 3891 3; RFC 4028 9). */
import { dialogOfRequest } from "../../machine/dialog/dialog.ts";
import { dialogKey } from "../../machine/dialog/dialog-id.ts";
import { judgeReplaces, type ReplacesTarget } from "../../machine/invite-session/replacement.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { expiresOf } from "../../wire/sip/headers.ts";
import { sessionDescriptionOf } from "../../wire/sip/session-description.ts";
import { type Replaces, replacesOf } from "../../wire/sip/session-fields.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { Agent } from "./agent.ts";
import { createAnsweredInvite, type AnsweredInvite } from "./answered-invite.ts";
import { composeResponse, type ResponseMaking } from "./composition.ts";
import { describe } from "./describing.ts";
import { endSession, sendBye } from "./ending.ts";
import { acknowledged, giveUp } from "./modified.ts";
import { refusalOf } from "./refusal.ts";
import { confirmSession, createSession } from "./session.ts";
import type { IncomingInvite } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";
import { answerTimerOf, learnPeer } from "./timing.ts";

/** The session that an INVITE outside a dialog will make, not answered yet; undefined: it was refused. */
export function openIncoming(agent: Agent, incoming: IncomingRequest): IncomingInvite | undefined {
  const replaces = replacesOf(incoming.message);
  const target = typeof replaces === "object" ? targetOf(agent, replaces) : undefined;
  const refusal =
    refusalOf(agent, incoming.message) ?? replacesRefusal(agent, incoming.message, replaces, target);
  if (refusal !== undefined) return refuse(agent, incoming, refusal);
  const state = createState(agent, incoming);
  const timer = answerTimerOf(state, incoming.message);
  if (timer !== undefined && "minSe" in timer && agent.does("422")) {
    endSession(state, { by: "local", why: "rejected" });
    const headers: HeaderPair[] = [["Min-SE", String(timer.minSe)]];
    return refuse(agent, incoming, { status: 422, occasion: "rejection", headers });
  }
  describe(state, "remote", "INVITE", incoming.message);
  return withActions(state, answer(state, incoming, target?.session), incoming, target?.session);
}

function refuse(agent: Agent, incoming: IncomingRequest, making: ResponseMaking): undefined {
  const toTag = agent.options.ids.token();
  const response = composeResponse(agent, incoming.message, { ...making, toTag });
  if (response !== undefined) incoming.respond(response);
}

interface Target {
  readonly is: ReplacesTarget;
  readonly session: SessionState | undefined;
}

/** RFC 3891 3: to-tag is compared to the local tag, from-tag to the remote one. */
function targetOf(agent: Agent, { callId, toTag, fromTag }: Replaces): Target {
  const id = { callId, localTag: toTag, remoteTag: fromTag };
  const session = agent.sessions.get(dialogKey(id));
  if (session === undefined) {
    const other = agent.dialogs.find(id) !== undefined;
    return { is: { state: other ? "other" : "none" }, session };
  }
  if (session.phase === "ended") return { is: { state: "terminated" }, session };
  return session.phase === "early"
    ? { is: { state: "early", role: session.role }, session }
    : { is: { state: "confirmed" }, session };
}

function replacesRefusal(
  agent: Agent,
  invite: SipRequest,
  replaces: ReturnType<typeof replacesOf>,
  target: Target | undefined,
): ResponseMaking | undefined {
  const refused = (status: number): ResponseMaking => ({ status, occasion: "rejection" });
  if (!agent.supported.includes("replaces") || replaces === undefined) return undefined;
  if (replaces === "malformed" || target === undefined) return refused(400);
  const verdict = judgeReplaces(target.is, replaces.earlyOnly);
  if ("refuse" in verdict) return refused(verdict.refuse);
  return (agent.options.mayReplace?.(invite) ?? true) ? undefined : refused(403);
}

function createState(agent: Agent, incoming: IncomingRequest): SessionState {
  const { message, source, annotation } = incoming;
  const dialog = dialogOfRequest(message, agent.options.ids.token(), "early");
  const handle = agent.dialogs.open(dialog, source, annotation);
  const state = createSession(agent, {
    role: "uas",
    handle,
    invite: message,
    contact: agent.contactFor(source),
    policy: agent.options.sessionTimer ?? {},
  });
  learnPeer(state, message);
  return state;
}

function answer(
  state: SessionState,
  incoming: IncomingRequest,
  replaced: SessionState | undefined,
): AnsweredInvite {
  const expiry = startExpiry(state.agent, incoming.message, () => answered.reject(487));
  const answered: AnsweredInvite = createAnsweredInvite(state, incoming, {
    accepted: (response) => {
      expiry.stop();
      const { handle } = state;
      handle.replace({ ...handle.dialog, state: "confirmed" });
      confirmSession(state);
      emit(state, { type: "accepted", response });
      if (replaced !== undefined) endReplaced(state, replaced);
    },
    rejected: (response, why) => {
      expiry.stop();
      endSession(state, { by: "local", why: expiry.expired ? "expired" : why, message: response });
    },
    cancelled: () => {
      expiry.stop();
      endSession(state, { by: "remote", why: "cancelled" });
    },
    acknowledged: (request) => acknowledged(state, request),
    unacknowledged: () => giveUp(state),
  });
  state.answered = answered;
  return answered;
}

/** RFC 3261 13.3.1: an invitation lasts as long as its Expires says, and is over after that without an answer. */
function startExpiry(
  { alarms, now, does }: Agent,
  invite: SipRequest,
  expire: () => void,
): { readonly expired: boolean; stop(): void } {
  let expired = false;
  const alarm = {
    ring: (): void => {
      expired = true;
      expire();
    },
  };
  const lastsS = does("expiry") ? expiresOf(invite) : undefined;
  if (lastsS !== undefined) alarms.set(alarm, now() + lastsS * 1000);
  return {
    get expired() {
      return expired;
    },
    stop: () => alarms.set(alarm, undefined),
  };
}

/** RFC 3891 3: once the new INVITE is accepted, the dialog that it replaces is shut down. */
function endReplaced({ session, agent }: SessionState, replaced: SessionState): void {
  emit(replaced, { type: "replaced", by: session });
  if (!agent.does("replacement")) return;
  if (replaced.phase === "early") replaced.cancel?.();
  else sendBye(replaced, { by: "local", why: "replaced" });
}

function withActions(
  state: SessionState,
  answered: AnsweredInvite,
  incoming: IncomingRequest,
  replaced: SessionState | undefined,
): IncomingInvite {
  return Object.assign(state.session, {
    incoming,
    offer: sessionDescriptionOf(incoming.message),
    replaces: replaced?.session,
    ring: ({ status = 180, ...options }: Parameters<IncomingInvite["ring"]>[0] = {}) =>
      answered.provisional({ ...options, status }),
    accept: (options: Parameters<IncomingInvite["accept"]>[0] = {}) => answered.accept(options),
    reject: (status: number, options?: Parameters<IncomingInvite["reject"]>[1]) =>
      answered.reject(status, options),
  });
}
