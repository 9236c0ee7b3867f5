/**
 * Who may offer when, and which session description is an offer and which an answer (RFC 3261 13.2.1, RFC 3262 5, RFC 3264 4, RFC 3311 5.1). What
 * the descriptions say is not looked at.
 */

/** What carries a session description. `1xx` is unreliable. */
export type Carrier =
  "INVITE" | "1xx" | "reliable 1xx" | "2xx INVITE" | "ACK" | "PRACK" | "2xx PRACK" | "UPDATE" | "2xx UPDATE";

export type Side = "local" | "remote";

export interface Exchange<Description> {
  /** `none`: nothing was agreed on yet. `complete`: something was, and no offer is open. Else: whose offer waits for an answer. */
  readonly state: "none" | "complete" | "local offer" | "remote offer";
  readonly local: Description | undefined;
  readonly remote: Description | undefined;
  /** The offer that waits. */
  readonly offer: Description | undefined;
  /** What carried it. */
  readonly offeredIn: Carrier | undefined;
  /** Within the INVITE transaction that is in progress, an exchange was completed: what follows in its responses says nothing new. */
  readonly inviteDone: boolean;
}

export type Meaning =
  | "offer"
  | "answer"
  /** In an unreliable 1xx, or again after the answer: to be ignored (RFC 3261 13.2.1). */
  | "preview"
  /** Neither is allowed here. */
  | "violation";

export function noExchange<Description>(): Exchange<Description> {
  return {
    state: "none",
    local: undefined,
    remote: undefined,
    offer: undefined,
    offeredIn: undefined,
    inviteDone: false,
  };
}

/** Whether the own end may offer, in an INVITE or UPDATE. */
export function mayOffer(exchange: Exchange<unknown>): boolean {
  return exchange.state === "none" || exchange.state === "complete";
}

/** A new INVITE transaction begins, with or without an offer. */
export function inviteBegins<Description>(exchange: Exchange<Description>): Exchange<Description> {
  return exchange.inviteDone ? { ...exchange, inviteDone: false } : exchange;
}

/** What a description from `side` in `carrier` means, and what is so after it. */
export function exchanged<Description>(
  exchange: Exchange<Description>,
  side: Side,
  carrier: Carrier,
  description: Description,
): { readonly exchange: Exchange<Description>; readonly meaning: Meaning } {
  const meaning = meaningOf(exchange, side, carrier);
  if (meaning === "offer") return { exchange: offered(exchange, side, carrier, description), meaning };
  return {
    exchange: meaning === "answer" ? answered(exchange, side, carrier, description) : exchange,
    meaning,
  };
}

const other = (side: Side): Side => (side === "local" ? "remote" : "local");

function meaningOf(exchange: Exchange<unknown>, side: Side, carrier: Carrier): Meaning {
  const answers = exchange.state === `${other(side)} offer`;
  const offers = mayOffer(exchange) ? "offer" : "violation";
  if (carrier === "INVITE" || carrier === "UPDATE") return offers;
  if (carrier === "1xx") return "preview";
  const answersWell = answers && ANSWERS[carrier] === exchange.offeredIn;
  if (carrier === "PRACK") return answersWell ? "answer" : offers;
  const respondsToInvite = carrier === "reliable 1xx" || carrier === "2xx INVITE";
  if (!respondsToInvite || answers) return answersWell ? "answer" : "violation";
  return exchange.inviteDone ? "preview" : offers;
}

/** Where the offer was that a description in this place answers. */
const ANSWERS: Readonly<Record<Exclude<Carrier, "INVITE" | "UPDATE" | "1xx">, Carrier>> = {
  "reliable 1xx": "INVITE",
  "2xx INVITE": "INVITE",
  ACK: "2xx INVITE",
  PRACK: "reliable 1xx",
  "2xx PRACK": "PRACK",
  "2xx UPDATE": "UPDATE",
};

function offered<Description>(
  exchange: Exchange<Description>,
  side: Side,
  carrier: Carrier,
  offer: Description,
): Exchange<Description> {
  return { ...exchange, state: side === "local" ? "local offer" : "remote offer", offer, offeredIn: carrier };
}

function answered<Description>(
  exchange: Exchange<Description>,
  side: Side,
  carrier: Carrier,
  answer: Description,
): Exchange<Description> {
  const local = side === "local" ? answer : exchange.offer;
  const remote = side === "remote" ? answer : exchange.offer;
  const ofInvite = carrier !== "2xx PRACK" && carrier !== "2xx UPDATE";
  return {
    state: "complete",
    local,
    remote,
    offer: undefined,
    offeredIn: undefined,
    inviteDone: exchange.inviteDone || ofInvite,
  };
}

/** The offer was refused, or the answer never came: as if it had not been made (RFC 3264 4, RFC 3261 14.1). */
export function offerDropped<Description>(exchange: Exchange<Description>): Exchange<Description> {
  if (mayOffer(exchange)) return exchange;
  const state = exchange.local === undefined && exchange.remote === undefined ? "none" : "complete";
  return { ...exchange, state, offer: undefined, offeredIn: undefined };
}
