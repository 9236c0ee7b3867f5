/** The session timer of a session (RFC 4028): its fields in requests and responses, and its alarm. */
import {
  agreedTimer,
  answerTimer,
  askTimer,
  startTimer,
  stepTimer,
  type TimerAnswer,
  timerDeadline,
} from "../../machine/invite-session/session-timer.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { tokensOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import {
  formatSessionExpires,
  minSeOf,
  type Refresher,
  type SessionExpires,
  sessionExpiresOf,
  understands,
} from "../../wire/sip/session-fields.ts";
import type { SessionState } from "./session-state.ts";

const OPTION = "timer";

/** Session-Expires and Min-SE of a re-INVITE or UPDATE (RFC 4028 7.4). */
export function timerAskHeaders(state: SessionState): HeaderPair[] {
  if (!state.agent.supported.includes(OPTION)) return [];
  return formatAsk(askTimer(state.policy, { learntMinSe: state.learntMinSe, current: state.timer }));
}

export function formatAsk({
  expires,
  minSe,
}: {
  readonly expires: SessionExpires | undefined;
  readonly minSe: number | undefined;
}): HeaderPair[] {
  return [
    ...(expires === undefined ? [] : [["Session-Expires", formatSessionExpires(expires)] as const]),
    ...(minSe === undefined ? [] : [["Min-SE", String(minSe)] as const]),
  ];
}

/** What a session refresh request of the peer gets (RFC 4028 9). */
export function answerTimerOf(state: SessionState, request: SipRequest): TimerAnswer {
  if (!state.agent.supported.includes(OPTION)) return undefined;
  const asked = {
    supported: understands(request, OPTION),
    expires: sessionExpiresOf(request),
    minSe: minSeOf(request),
  };
  const policy =
    state.timer === undefined ? state.policy : { ...state.policy, interval: state.timer.interval };
  return answerTimer(asked, policy);
}

export function timerAnswerHeaders(answer: TimerAnswer): HeaderPair[] {
  if (answer === undefined || "minSe" in answer) return [];
  const expires: HeaderPair = ["Session-Expires", formatSessionExpires(answer.expires)];
  return answer.require ? [["Require", OPTION], expires] : [expires];
}

/** A 2xx of the own end went: what it said of the timer is so. */
export function timeSent(state: SessionState, response: SipResponse): void {
  const said = sessionExpiresOf(response);
  start(state, said === undefined ? undefined : { ...said, refresher: said.refresher ?? "uas" }, "uas");
}

/** A 2xx came to a session refresh request of the own end. */
export function timeReceived(state: SessionState, request: SipRequest, response: SipResponse): void {
  if (!state.agent.supported.includes(OPTION)) return;
  start(state, agreedTimer(sessionExpiresOf(request), sessionExpiresOf(response)), "uac");
}

function start(
  state: SessionState,
  agreed: { readonly interval: number; readonly refresher: Refresher } | undefined,
  own: Refresher,
): void {
  state.timer =
    agreed === undefined
      ? undefined
      : startTimer(agreed.interval, agreed.refresher === own, state.agent.now());
  arm(state);
}

function arm({ agent, timer, timerAlarm, phase }: SessionState): void {
  agent.alarms.set(timerAlarm, timer === undefined || phase === "ended" ? undefined : timerDeadline(timer));
}

/** The alarm rang. */
export function ringTimer(
  state: SessionState,
  now: number,
  deeds: { readonly refresh: () => void; readonly expire: () => void },
): void {
  if (state.timer === undefined || state.phase === "ended") return;
  const { timer, action } = stepTimer(state.timer, now);
  state.timer = timer;
  if (action === "refresh") {
    arm(state);
    if (state.agent.does("refresh")) deeds.refresh();
  } else if (action === "wait") arm(state);
  else if (state.agent.does("expiry")) deeds.expire();
}

/** What can be learnt of the peer from any message that makes or changes a session. */
export function learnPeer(state: SessionState, message: SipMessage): void {
  if (tokensOf(message, "Allow").includes("UPDATE")) state.peerTakesUpdate = true;
  const isRequest = message.kind === "request";
  const minSe = isRequest || message.status === 422 ? minSeOf(message) : undefined;
  if (minSe !== undefined) state.learntMinSe = Math.max(minSe, state.learntMinSe ?? 0);
}
