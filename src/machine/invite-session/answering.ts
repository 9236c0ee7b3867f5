/**
 * An INVITE (or re-INVITE) as its receiver sees it: what may be said when, until the ACK of a 2xx (RFC 3261 13.3.1, 9.2), with reliable
 * provisional responses in between (RFC 3262 3).
 */
import type { TimerValues } from "../timers.ts";
import { type Repetition, startRepetition, stepRepetition } from "./repetition.ts";

export type AnsweringState =
  | "proceeding"
  /** 2xx was sent, ACK is awaited. */
  | "accepted"
  /** ACK came. */
  | "acknowledged"
  /** No ACK within 64 * T1. */
  | "unacknowledged"
  /** A final response above 299 was sent; its ACK is the transaction's business. */
  | "rejected"
  /** CANCEL came before a final response. */
  | "cancelled";

/** A reliable provisional response that was sent and has no PRACK yet. */
export interface Unacknowledged {
  /** RSeq */
  readonly number: number;
  /** It has a session description: no 2xx before its PRACK. */
  readonly described: boolean;
  readonly repetition: Repetition;
}

export interface Answering {
  readonly state: AnsweringState;
  readonly values: TimerValues;
  /** RSeq of the next reliable provisional response. */
  readonly nextNumber: number;
  readonly pending: Unacknowledged | undefined;
  /** Reliable responses that wait for the PRACK of the one before; an entry says whether it has a session description. */
  readonly waiting: readonly boolean[];
  /** A 2xx waits for a PRACK. */
  readonly acceptWaits: boolean;
  /** Of the 2xx. */
  readonly repetition: Repetition | undefined;
  /** RSeq of the responses whose PRACK came. */
  readonly acknowledged: readonly number[];
}

export type AnsweringEvent =
  | { readonly type: "provisional"; readonly reliable: boolean; readonly described?: boolean }
  | { readonly type: "accept" }
  | { readonly type: "reject" }
  | { readonly type: "cancel" }
  | { readonly type: "ack" }
  /** PRACK for the response with this RSeq. */
  | { readonly type: "prack"; readonly number: number }
  | { readonly type: "time" };

export type AnsweringAction =
  | { readonly type: "send provisional" }
  /** Of those that were asked for, the first that waits. */
  | { readonly type: "send reliable"; readonly number: number }
  | { readonly type: "repeat reliable" }
  | { readonly type: "send 2xx" }
  | { readonly type: "repeat 2xx" }
  | { readonly type: "send rejection" }
  | { readonly type: "send 487" }
  | { readonly type: "answer PRACK" }
  /** RFC 3262 3: 481 */
  | { readonly type: "refuse PRACK" }
  | { readonly type: "report acknowledged" }
  /** RFC 3261 13.3.1.4: BYE is due. */
  | { readonly type: "report no ACK" }
  /** RFC 3262 3: a 5xx is due. */
  | { readonly type: "report no PRACK" };

/** `firstNumber`: RSeq of the first reliable response, 1 to 2**31 - 1 (RFC 3262 3). */
export function startAnswering(values: TimerValues, firstNumber: number): Answering {
  return {
    state: "proceeding",
    values,
    nextNumber: firstNumber,
    pending: undefined,
    waiting: [],
    acceptWaits: false,
    repetition: undefined,
    acknowledged: [],
  };
}

export interface AnsweringStep {
  readonly answering: Answering;
  readonly actions: readonly AnsweringAction[];
}

export function stepAnswering(answering: Answering, event: AnsweringEvent, now: number): AnsweringStep {
  switch (event.type) {
    case "provisional":
      return provisional(answering, event.reliable, event.described ?? false, now);
    case "accept":
      return accept(answering, now);
    case "reject":
      return finish(answering, "rejected", { type: "send rejection" });
    case "cancel":
      return finish(answering, "cancelled", { type: "send 487" });
    case "ack":
      return acknowledge(answering);
    case "prack":
      return prack(answering, event.number, now);
    case "time":
      break;
  }
  return time(answering, now);
}

/** When a `time` event is due; undefined: none is. */
export function answeringDeadline({ pending, repetition, state }: Answering): number | undefined {
  if (state === "accepted") return repetition?.deadline;
  return state === "proceeding" ? pending?.repetition.deadline : undefined;
}

const nothing = (answering: Answering): AnsweringStep => ({ answering, actions: [] });

function provisional(
  answering: Answering,
  reliable: boolean,
  described: boolean,
  now: number,
): AnsweringStep {
  if (answering.state !== "proceeding") return nothing(answering);
  if (!reliable) return { answering, actions: [{ type: "send provisional" }] };
  const waiting = [...answering.waiting, described];
  return sendNext({ ...answering, waiting }, now);
}

/** RFC 3262 3: one at a time. */
function sendNext(answering: Answering, now: number): AnsweringStep {
  const [described, ...waiting] = answering.waiting;
  if (answering.pending !== undefined || described === undefined) return nothing(answering);
  const number = answering.nextNumber;
  const repetition = startRepetition("reliable 1xx", answering.values, now);
  const pending = { number, described, repetition };
  return {
    answering: { ...answering, waiting, pending, nextNumber: number + 1 },
    actions: [{ type: "send reliable", number }],
  };
}

function accept(answering: Answering, now: number): AnsweringStep {
  if (answering.state !== "proceeding" || answering.acceptWaits) return nothing(answering);
  // RFC 3262 3: a description sent reliably must have arrived first.
  if (answering.pending?.described === true || answering.waiting.includes(true))
    return nothing({ ...answering, acceptWaits: true });
  return sendAccept(answering, now);
}

function sendAccept(answering: Answering, now: number): AnsweringStep {
  const repetition = startRepetition("2xx", answering.values, now);
  return {
    // RFC 3262 3: nothing new and nothing again is sent reliably after the final response.
    answering: { ...answering, state: "accepted", acceptWaits: false, waiting: [], repetition },
    actions: [{ type: "send 2xx" }],
  };
}

function finish(answering: Answering, state: AnsweringState, action: AnsweringAction): AnsweringStep {
  if (answering.state !== "proceeding") return nothing(answering);
  return { answering: { ...answering, state, waiting: [], acceptWaits: false }, actions: [action] };
}

function acknowledge(answering: Answering): AnsweringStep {
  if (answering.state !== "accepted") return nothing(answering);
  return {
    answering: { ...answering, state: "acknowledged", repetition: undefined },
    actions: [{ type: "report acknowledged" }],
  };
}

function prack(answering: Answering, number: number, now: number): AnsweringStep {
  if (answering.pending?.number !== number) return { answering, actions: [{ type: "refuse PRACK" }] };
  const acknowledged = [...answering.acknowledged, number];
  const free: Answering = { ...answering, pending: undefined, acknowledged };
  const next = free.state === "proceeding" ? afterPrack(free, now) : nothing(free);
  return { answering: next.answering, actions: [{ type: "answer PRACK" }, ...next.actions] };
}

function afterPrack(answering: Answering, now: number): AnsweringStep {
  const next = sendNext(answering, now);
  const mayAccept = answering.acceptWaits && next.answering.pending?.described !== true;
  if (!mayAccept || next.answering.waiting.includes(true)) return next;
  const accepted = sendAccept(next.answering, now);
  return { answering: accepted.answering, actions: [...next.actions, ...accepted.actions] };
}

function time(answering: Answering, now: number): AnsweringStep {
  if (answering.state === "accepted" && answering.repetition !== undefined) {
    const step = stepRepetition(answering.repetition, now);
    if (step.action === "give up")
      return {
        answering: { ...answering, state: "unacknowledged", repetition: undefined },
        actions: [{ type: "report no ACK" }],
      };
    return {
      answering: { ...answering, repetition: step.repetition },
      actions: step.action === "repeat" ? [{ type: "repeat 2xx" }] : [],
    };
  }
  if (answering.state !== "proceeding" || answering.pending === undefined) return nothing(answering);
  const step = stepRepetition(answering.pending.repetition, now);
  if (step.action === "give up")
    return {
      answering: { ...answering, pending: undefined, waiting: [] },
      actions: [{ type: "report no PRACK" }],
    };
  return {
    answering: { ...answering, pending: { ...answering.pending, repetition: step.repetition } },
    actions: step.action === "repeat" ? [{ type: "repeat reliable" }] : [],
  };
}
