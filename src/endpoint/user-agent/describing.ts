/** Session descriptions on their way through a session: what each means is noted, and told when both sides have agreed. */
import {
  type Carrier,
  type Exchange,
  exchanged,
  type Meaning,
  mayOffer,
  offerDropped,
  type Side,
} from "../../machine/invite-session/offer-answer.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { type Body, sameDescription, sessionDescriptionOf } from "../../wire/sip/session-description.ts";
import { mergeHeaders } from "./composition.ts";
import type { MessageOptions } from "./options.ts";
import type { OfferDecision } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";

/** Notes the description that a message carries, if it has one. */
export function describe(
  state: SessionState,
  side: Side,
  carrier: Carrier,
  message: SipMessage,
): Meaning | undefined {
  const description = sessionDescriptionOf(message);
  if (description === undefined) return undefined;
  const before = state.exchange;
  const { exchange, meaning } = exchanged(before, side, carrier, description);
  state.exchange = exchange;
  if (meaning === "answer") tellAgreed(state, before, exchange);
  if (meaning === "violation" && side === "remote")
    emit(state, { type: "irregular", code: "unexpected-description", message });
  return meaning;
}

function tellAgreed(state: SessionState, before: Exchange<Body>, { local, remote }: Exchange<Body>): void {
  if (local === undefined || remote === undefined) return;
  emit(state, {
    type: "agreed",
    local,
    remote,
    offerer: before.state === "local offer" ? "local" : "remote",
  });
}

/** The offer that is open is as if it had not been made. */
export function dropOffer(state: SessionState): void {
  state.exchange = offerDropped(state.exchange);
}

/** The peer's last chance to answer has passed. */
export function missAnswer(state: SessionState, message: SipMessage): void {
  if (state.exchange.state !== "local offer") return;
  emit(state, { type: "irregular", code: "no-answer", message });
  dropOffer(state);
}

/** What the user says to an offer, or to the request for one; without a user: only what changes nothing is accepted. */
export function decide(
  state: SessionState,
  carrier: Carrier,
  message: SipMessage,
  offer: Body | undefined,
): OfferDecision {
  const onOffer = state.session.onOffer ?? state.agent.options.onOffer;
  if (onOffer !== undefined) return onOffer({ session: state.session, carrier, offer, message });
  const { local, remote } = state.exchange;
  const unchanged = offer === undefined ? carrier === "INVITE" : sameDescription(offer, remote);
  if (unchanged) return local === undefined ? {} : { body: local };
  return offer === undefined ? {} : { status: 488 };
}

export function offerIsOpen(state: SessionState): boolean {
  return !mayOffer(state.exchange);
}

/** What `decision` has, beneath what is there already. */
export function withDecision<Options extends MessageOptions>(
  options: Options,
  decision: OfferDecision,
): Options {
  if (decision === "later" || "status" in decision) return options;
  return {
    ...options,
    ...(decision.body === undefined ? {} : { body: decision.body }),
    headers: mergeHeaders(decision.headers ?? [], options.headers),
  };
}
