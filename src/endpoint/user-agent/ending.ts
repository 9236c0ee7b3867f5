/** How sessions end: BYE of either end, and what is cleaned up (RFC 3261 15, RFC 5057 4.1). */
import { dialogKey } from "../../machine/dialog/dialog-id.ts";
import type { Side } from "../../machine/invite-session/offer-answer.ts";
import { transactionTimeout } from "../../machine/timers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import { annotationIn, composeRequest, composeResponse, sendOptionsIn } from "./composition.ts";
import type { EndReason } from "./session-events.ts";
import { emit, type Goodbye, type SessionState } from "./session-state.ts";

export interface Ending {
  readonly by: Side;
  readonly why: EndReason;
  readonly message?: SipMessage;
}

/** The session is over; a second end of it comes to nothing. `lingers`: a BYE is on its way, the dialog stays for its response. */
export function endSession(state: SessionState, ending: Ending, lingers = false): void {
  const { agent, answered, waiting } = state;
  if (state.phase === "ended") return;
  state.phase = "ended";
  state.goodbye = undefined;
  agent.alarms.set(state.timerAlarm, undefined);
  // The agenda knows the alarm until its time has come: it must not keep the session until then.
  state.timerAlarm.ring = () => undefined;
  // RFC 3261 15.1.2: requests of the peer that have no final response yet get 487.
  if (answered?.answering.state === "proceeding") answered.reject(487);
  answered?.stop();
  for (const modification of waiting.splice(0)) modification.drop();
  forgetLater(state);
  emit(state, { type: "ended", ...ending });
  if (!lingers) state.detach();
}

/** RFC 3891 3: that a dialog has just ended has to be known for a while. */
function forgetLater({ agent, handle }: SessionState): void {
  const key = dialogKey(handle.dialog);
  const forget = { ring: (): void => void agent.sessions.delete(key) };
  agent.alarms.set(forget, agent.now() + transactionTimeout(agent.timers));
}

/** Ends the session as the user asks: by CANCEL, a refusal or BYE, as its phase wants it. */
export function hangUp(state: SessionState, options: Goodbye & { readonly force?: boolean }): void {
  const { answered, phase, role } = state;
  if (phase === "ended") return;
  if (phase === "early" && options.force !== true) {
    // RFC 3261 15: the callee must not send BYE in an early dialog; the caller had better cancel.
    if (role === "uas") answered?.reject(480, options);
    else state.cancel?.(options);
    return;
  }
  // RFC 3261 15: not before ACK, or the end of waiting for it.
  if (answered?.answering.state === "accepted" && options.force !== true) state.goodbye = options;
  else sendBye(state, { by: "local", why: "bye" }, options);
}

/** BYE, and the session is over as soon as it goes (RFC 3261 15.1.1). */
export function sendBye(state: SessionState, ending: Ending, options: Goodbye = {}): void {
  if (state.phase === "ended") return;
  const bye = composeRequest(state, { method: "BYE", occasion: "BYE" }, options);
  if (bye === undefined) return endSession(state, ending);
  const { onDone } = options;
  endSession(state, ending, true);
  state.handle.send(bye, {
    ...sendOptionsIn(options),
    onResponse: (response) => {
      if (response.status < 200) return;
      state.detach();
      onDone?.(response);
    },
    onFailure: () => {
      state.detach();
      onDone?.();
    },
  });
}

/** Two BYEs may cross: the second is answered like the first. */
export function receiveBye(state: SessionState, incoming: IncomingRequest): void {
  const response = composeResponse(state.agent, incoming.message, { status: 200, occasion: "2xx" });
  if (response !== undefined) incoming.respond(response, annotationIn({}));
  endSession(state, { by: "remote", why: "bye", message: incoming.message });
}
