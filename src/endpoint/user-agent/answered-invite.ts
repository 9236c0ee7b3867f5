/** An INVITE or re-INVITE of the peer while it is answered: runs the machine of `answering.ts`, and makes the messages that it asks for. */
import {
  type Answering,
  type AnsweringAction,
  answeringDeadline,
  type AnsweringEvent,
  startAnswering,
  stepAnswering,
} from "../../machine/invite-session/answering.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { cseqOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { rackOf, requires, understands } from "../../wire/sip/session-fields.ts";
import type { IncomingRequest } from "../incoming.ts";
import { annotationIn, capabilities, composeResponse, type ResponseMaking } from "./composition.ts";
import { decide, describe, dropOffer, missAnswer, withDecision } from "./describing.ts";
import type { MessageOptions } from "./options.ts";
import type { OfferDecision } from "./session-events.ts";
import { emit, type SessionState } from "./session-state.ts";
import { answerTimerOf, timerAnswerHeaders, timeSent } from "./timing.ts";

export interface AnsweredInvite {
  readonly incoming: IncomingRequest;
  readonly answering: Answering;
  provisional(options: MessageOptions & { readonly status: number; readonly reliable?: boolean }): void;
  accept(options: Acceptance): void;
  reject(status: number, options?: MessageOptions & { readonly reason?: string }): void;
  acknowledge(ack: SipRequest): void;
  prack(incoming: IncomingRequest): void;
  /** Stops repeating: the session is over. */
  stop(): void;
}

/** What the session does about it. */
export interface AnsweredInviteDeeds {
  readonly accepted: (response: SipResponse) => void;
  readonly rejected: (response: SipResponse, why: "rejected" | "no PRACK") => void;
  /** CANCEL came in time; 487 went. */
  readonly cancelled: () => void;
  readonly acknowledged: (ack: SipRequest) => void;
  readonly unacknowledged: () => void;
}

type Acceptance = MessageOptions & { readonly status?: number };
type Provisional = MessageOptions & { readonly status: number };

/** The messages of one INVITE, in the making. */
interface Drafts {
  provisional: Provisional | undefined;
  readonly reliable: Provisional[];
  acceptance: Acceptance | undefined;
  rejection: (MessageOptions & { readonly reason?: string; readonly status: number }) | undefined;
  /** What is repeated. */
  sentReliable: SipResponse | undefined;
  sent2xx: SipResponse | undefined;
  prack: IncomingRequest | undefined;
  noPrack: boolean;
  ack: SipRequest | undefined;
}

interface Answer {
  readonly state: SessionState;
  readonly incoming: IncomingRequest;
  readonly deeds: AnsweredInviteDeeds;
  readonly drafts: Drafts;
  /** Feeds the machine. */
  readonly feed: (event: AnsweringEvent) => void;
}

const MOST_FIRST_NUMBER = 2 ** 31 - 1;

export function createAnsweredInvite(
  state: SessionState,
  incoming: IncomingRequest,
  deeds: AnsweredInviteDeeds,
): AnsweredInvite {
  const { agent } = state;
  const drafts: Drafts = {
    provisional: undefined,
    reliable: [],
    acceptance: undefined,
    rejection: undefined,
    sentReliable: undefined,
    sent2xx: undefined,
    prack: undefined,
    noPrack: false,
    ack: undefined,
  };
  let answering = startAnswering(agent.timers, 1 + Math.floor(agent.random() * MOST_FIRST_NUMBER));
  let stopped = false;
  const alarm = { ring: (): void => feed({ type: "time" }) };
  const feed = (event: AnsweringEvent): void => {
    const step = stepAnswering(answering, event, agent.now());
    answering = step.answering;
    agent.alarms.set(alarm, stopped ? undefined : answeringDeadline(answering));
    for (const action of step.actions) PERFORM[action.type](answer, action);
  };
  const answer: Answer = { state, incoming, deeds, drafts, feed };
  incoming.onCancel(() => feed({ type: "cancel" }), state.handle.dialog.localTag);
  return {
    incoming,
    get answering() {
      return answering;
    },
    provisional: (options) => ring(answer, options),
    accept: (options) => accept(answer, options),
    reject: (status, options = {}) => {
      drafts.rejection = { ...options, status };
      feed({ type: "reject" });
    },
    acknowledge: (ack) => {
      drafts.ack = ack;
      feed({ type: "ack" });
    },
    prack: (request) => {
      drafts.prack = request;
      feed({ type: "prack", number: matchingNumber(request.message, incoming.message) });
    },
    stop: () => {
      stopped = true;
      agent.alarms.set(alarm, undefined);
    },
  };
}

/** Whoever refuses the offer refuses the INVITE. */
function accept({ state, incoming, drafts, feed }: Answer, options: Acceptance): void {
  const decision = options.body === undefined ? decisionFor(state, incoming) : {};
  if (decision !== "later" && "status" in decision) {
    const { status, ...rejection } = decision;
    drafts.rejection ??= { ...options, ...rejection, status };
    return feed({ type: "reject" });
  }
  drafts.acceptance ??= withDecision(options, decision);
  feed({ type: "accept" });
}

function ring(answer: Answer, options: Provisional & { readonly reliable?: boolean }): void {
  const { incoming, drafts, feed } = answer;
  const wanted = options.reliable ?? requires(incoming.message, "100rel");
  const reliable = wanted && options.status > 100 && understands(incoming.message, "100rel");
  if (reliable) drafts.reliable.push(options);
  else drafts.provisional = options;
  feed({ type: "provisional", reliable, described: options.body !== undefined });
}

/** RFC 3262 3: what a PRACK has to match; 0 is no number of a response. */
function matchingNumber(prack: SipRequest, invite: SipRequest): number {
  const rack = rackOf(prack);
  const matches = rack?.method === "INVITE" && rack.sequence === cseqOf(invite)?.number;
  return matches ? rack.response : 0;
}

type Perform = (answer: Answer, action: AnsweringAction) => void;

const PERFORM: Readonly<Record<AnsweringAction["type"], Perform>> = {
  "send provisional": ({ state, incoming, drafts }) => {
    const options = drafts.provisional;
    if (options === undefined) return;
    const headers = options.status > 100 ? contactOf(state) : [];
    respond(state, incoming, { status: options.status, occasion: "provisional", headers }, options);
  },
  "send reliable": (answer, action) => {
    if (action.type === "send reliable") sendReliable(answer, action.number);
  },
  "repeat reliable": ({ state, incoming, drafts }) => repeat(state, incoming, drafts.sentReliable),
  "send 2xx": (answer) => send2xx(answer),
  "repeat 2xx": ({ state, incoming, drafts }) => repeat(state, incoming, drafts.sent2xx),
  "send rejection": ({ state, incoming, drafts, deeds }) => {
    const { status, reason, ...options } = drafts.rejection ?? { status: 500, reason: undefined };
    const response = respond(state, incoming, { status, reason, occasion: "rejection" }, options);
    if (response !== undefined) deeds.rejected(response, drafts.noPrack ? "no PRACK" : "rejected");
  },
  "send 487": ({ state, incoming, deeds }) => {
    respond(state, incoming, { status: 487, occasion: "rejection" });
    deeds.cancelled();
  },
  "answer PRACK": ({ state, drafts }) => answerPrack(state, drafts.prack),
  "refuse PRACK": ({ state, drafts }) => {
    if (drafts.prack !== undefined) respond(state, drafts.prack, { status: 481, occasion: "rejection" });
  },
  "report acknowledged": ({ state, drafts, deeds }) => {
    if (drafts.ack === undefined) return;
    describe(state, "remote", "ACK", drafts.ack);
    if (state.exchange.offeredIn === "2xx INVITE") missAnswer(state, drafts.ack);
    deeds.acknowledged(drafts.ack);
  },
  "report no ACK": ({ deeds }) => deeds.unacknowledged(),
  // RFC 3262 3
  "report no PRACK": ({ state, drafts, feed }) => {
    if (!state.agent.does("giving up")) return;
    drafts.rejection = { status: 504 };
    drafts.noPrack = true;
    feed({ type: "reject" });
  },
};

function contactOf(state: SessionState): HeaderPair[] {
  return [["Contact", state.session.contact], ...capabilities(state.agent)];
}

/** Sends what can be sent; gives what went. */
function respond(
  state: SessionState,
  incoming: IncomingRequest,
  making: Omit<ResponseMaking, "toTag">,
  options: MessageOptions = {},
): SipResponse | undefined {
  const toTag = state.handle.dialog.localTag;
  const response = composeResponse(state.agent, incoming.message, { ...making, toTag }, options);
  if (response !== undefined) incoming.respond(response, annotationIn(options));
  return response;
}

function repeat(state: SessionState, incoming: IncomingRequest, response: SipResponse | undefined): void {
  if (response !== undefined && state.agent.does("repetition")) incoming.respond(response);
}

function sendReliable({ state, incoming, drafts }: Answer, number: number): void {
  const options = drafts.reliable.shift();
  if (options === undefined) return;
  const headers: HeaderPair[] = [...contactOf(state), ["Require", "100rel"], ["RSeq", String(number)]];
  const making = { status: options.status, occasion: "reliable provisional", headers } as const;
  drafts.sentReliable = respond(state, incoming, making, options);
  if (drafts.sentReliable !== undefined) describe(state, "local", "reliable 1xx", drafts.sentReliable);
}

function send2xx({ state, incoming, drafts, deeds }: Answer): void {
  const options = drafts.acceptance ?? {};
  const timer = timerAnswerHeaders(answerTimerOf(state, incoming.message));
  const making = {
    status: drafts.acceptance?.status ?? 200,
    occasion: "2xx to INVITE",
    headers: [...contactOf(state), ...timer],
  } as const;
  const response = respond(state, incoming, making, options);
  if (response === undefined) return;
  drafts.sent2xx = response;
  describe(state, "local", "2xx INVITE", response);
  // An INVITE whose offer has no answer even here leaves nothing open.
  if (state.exchange.offeredIn === "INVITE") dropOffer(state);
  timeSent(state, response);
  deeds.accepted(response);
}

/** The user gave no body: it is asked for the answer, or for the offer that an INVITE without one asks for. */
function decisionFor(state: SessionState, incoming: IncomingRequest): OfferDecision {
  const { exchange } = state;
  const open = exchange.state === "remote offer" && exchange.offeredIn === "INVITE";
  if ((!open && exchange.inviteDone) || exchange.state === "local offer") return {};
  return decide(state, "INVITE", incoming.message, exchange.offer);
}

/** RFC 3262 3, 5: an offer in PRACK is answered in its 2xx. */
function answerPrack(state: SessionState, prack: IncomingRequest | undefined): void {
  if (prack === undefined) return;
  const meaning = describe(state, "remote", "PRACK", prack.message);
  if (state.exchange.offeredIn === "reliable 1xx") missAnswer(state, prack.message);
  const decision: OfferDecision =
    meaning === "offer" ? decide(state, "PRACK", prack.message, state.exchange.offer) : {};
  const refused = decision !== "later" && "status" in decision ? decision.status : undefined;
  const making: Omit<ResponseMaking, "toTag"> =
    refused === undefined ? { status: 200, occasion: "2xx" } : { status: refused, occasion: "rejection" };
  const response = respond(state, prack, making, withDecision({}, decision));
  if (response !== undefined) describe(state, "local", "2xx PRACK", response);
  if (state.exchange.offeredIn === "PRACK") dropOffer(state);
  emit(state, { type: "pracked", request: prack.message });
}
