/** ACK to 2xx (RFC 3261 13.2.2.4) and PRACK to reliable provisional responses (RFC 3262 4). */
import { takeReliable } from "../../machine/invite-session/reliable-receipt.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { cseqOf, headerFields } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { requires, rseqOf } from "../../wire/sip/session-fields.ts";
import { composeRequest, sendOptionsIn } from "./composition.ts";
import { decide, describe, dropOffer, missAnswer, withDecision } from "./describing.ts";
import { sendBye } from "./ending.ts";
import type { MessageOptions } from "./options.ts";
import { emit, type SessionState } from "./session-state.ts";

/** A 2xx to an INVITE of the own end: its description is noted, and ACK goes. True if it came before. */
export function takeAcceptance(state: SessionState, invite: SipRequest, response: SipResponse): boolean {
  const sequence = cseqOf(invite)?.number ?? 0;
  const repeated = state.latest2xx !== undefined && cseqOf(state.latest2xx.invite)?.number === sequence;
  if (repeated) {
    state.acks.get(sequence)?.again();
    emit(state, { type: "accepted again", response });
    return true;
  }
  state.latest2xx = { invite, response };
  describe(state, "remote", "2xx INVITE", response);
  if (state.exchange.offeredIn === "INVITE") missAnswer(state, response);
  if (state.agent.does("ACK")) acknowledge(state);
  return false;
}

/** ACK to the 2xx that came last, with the answer if it offered. */
export function acknowledge(state: SessionState, options: MessageOptions = {}): void {
  const { latest2xx } = state;
  if (latest2xx === undefined) return;
  const sequence = cseqOf(latest2xx.invite)?.number ?? 0;
  const complete = withAnswer(state, "2xx INVITE", latest2xx.response, options);
  if (complete === "later") return;
  const headers = credentialsIn(latest2xx.invite);
  const ack = composeRequest(state, { method: "ACK", occasion: "ACK", sequence, headers }, complete);
  if (ack === undefined) return;
  describe(state, "local", "ACK", ack);
  state.acks.set(sequence, state.handle.send(ack, sendOptionsIn(options)));
}

/** RFC 3261 13.2.2.4: the ACK has the credentials of the INVITE. */
function credentialsIn(invite: SipRequest): HeaderPair[] {
  return ["Authorization", "Proxy-Authorization"].flatMap((name) =>
    headerFields(invite, name).map((field): HeaderPair => [name, field.value]),
  );
}

/** Adds the user's answer to an offer of the peer, unless there is a body already. */
function withAnswer(
  state: SessionState,
  carrier: "2xx INVITE" | "reliable 1xx",
  response: SipResponse,
  options: MessageOptions,
): MessageOptions | "later" {
  const { offer, offeredIn, state: exchange } = state.exchange;
  if (options.body !== undefined || exchange !== "remote offer" || offeredIn !== carrier) return options;
  const decision = decide(state, carrier, response, offer);
  if (decision === "later") return decision;
  if ("status" in decision && carrier === "2xx INVITE") state.offerRefused = true;
  return withDecision(options, decision);
}

/** Whoever does not want the offer of a 2xx acknowledges, and hangs up (RFC 3261 13.2.2.4). */
export function endIfRefused(state: SessionState): void {
  if (!state.offerRefused) return;
  dropOffer(state);
  sendBye(state, { by: "local", why: "rejected" });
}

export interface ProvisionalVerdict {
  readonly reliable: boolean;
  /** A repetition, or out of order: nothing new. */
  readonly discarded: boolean;
}

/** A provisional response in a dialog, to an INVITE of the own end; PRACK goes if it is due. */
export function takeProvisional(state: SessionState, response: SipResponse): ProvisionalVerdict {
  const number = requires(response, "100rel") ? rseqOf(response) : undefined;
  if (number === undefined) {
    if (requires(response, "100rel"))
      emit(state, { type: "irregular", code: "unexpected-100rel", message: response });
    describe(state, "remote", "1xx", response);
    return { reliable: false, discarded: false };
  }
  const { receipt, verdict } = takeReliable(state.receipt, number);
  state.receipt = receipt;
  if (verdict !== "new") return { reliable: true, discarded: true };
  if (!state.agent.supported.includes("100rel"))
    emit(state, { type: "irregular", code: "unexpected-100rel", message: response });
  describe(state, "remote", "reliable 1xx", response);
  if (state.agent.does("PRACK")) prack(state, response);
  return { reliable: true, discarded: false };
}

/** RFC 3262 4; a body beside the answer, or without an offer, is an offer of its own (5). */
export function prack(state: SessionState, response: SipResponse, options: MessageOptions = {}): void {
  const cseq = cseqOf(response);
  const complete = withAnswer(state, "reliable 1xx", response, options);
  if (complete === "later") return;
  const rack = `${rseqOf(response) ?? 0} ${cseq?.number ?? 0} ${cseq?.method ?? "INVITE"}`;
  const request = composeRequest(
    state,
    { method: "PRACK", occasion: "PRACK", headers: [["RAck", rack]] },
    complete,
  );
  if (request === undefined) return;
  describe(state, "local", "PRACK", request);
  state.handle.send(request, {
    ...sendOptionsIn(options),
    onResponse: (answer) => {
      if (answer.status < 200) return;
      if (answer.status < 300) describe(state, "remote", "2xx PRACK", answer);
      if (state.exchange.offeredIn === "PRACK") missAnswer(state, answer);
    },
  });
}
