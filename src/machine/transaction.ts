/**
 * What the four transaction machines have in common. A machine is a table: in this state, on this input, go there, do that, start these timers.
 * A transaction is a value; `step` takes it, an event and the time, and gives the next value, what to do, and when to come again.
 */
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { TimerName, TimerValues } from "./timers.ts";

export type TransactionState =
  "calling" | "trying" | "proceeding" | "accepted" | "completed" | "confirmed" | "terminated";

/** What happens to a transaction. */
export type TransactionEvent =
  /** Client: the user wants the request sent. Server: the request came that made the transaction. */
  | { readonly type: "start" }
  /** Client: a response came. Server: the user responds. */
  | { readonly type: "response"; readonly response: SipResponse }
  /** Server: the request came again, or the ACK of it came. */
  | { readonly type: "request"; readonly request: SipRequest }
  | { readonly type: "transport-error" }
  /** Time went by; timers whose time has come fire. */
  | { readonly type: "time" };

/** The rows of a table: what an event comes down to. */
export type Input =
  "start" | "request" | "ACK" | "1xx" | "2xx" | "3xx-6xx" | "transport error" | `timer ${TimerName}`;

/** What a transaction can want done. Words, so that a table reads like the figures of the RFC. */
export type Deed =
  | "send request"
  | "repeat request"
  | "send response"
  | "repeat response"
  | "want 100"
  | "send ACK"
  | "repeat ACK"
  | "pass response"
  | "pass ACK"
  | "report timeout"
  | "report transport error";

export type TransactionAction =
  | { readonly type: "send-request"; readonly retransmission: boolean }
  | { readonly type: "send-response"; readonly response: SipResponse; readonly retransmission: boolean }
  /** The user is silent: respond with 100 in its place. */
  | { readonly type: "want-100" }
  /** Acknowledge the response (RFC 3261 17.1.1.3). */
  | { readonly type: "send-ack"; readonly response: SipResponse; readonly retransmission: boolean }
  | { readonly type: "pass-response"; readonly response: SipResponse }
  | { readonly type: "pass-ack"; readonly request: SipRequest }
  | { readonly type: "report"; readonly reason: "timeout" | "transport" };

export interface Transition {
  readonly to: TransactionState;
  readonly does?: readonly Deed[];
  readonly starts?: readonly TimerName[];
  /** Timers that outlive a change of state; the others stop with it. */
  readonly keeps?: readonly TimerName[];
  /** Timers that stop although the state stays. */
  readonly stops?: readonly TimerName[];
}

export type TransitionTable = Readonly<
  Partial<Record<TransactionState, Readonly<Partial<Record<Input, Transition>>>>>
>;

/** How long a timer runs. `runs` counts how often it ran before, 0 at first; undefined: it is not used on this transport. */
export type TimerLength = (
  values: TimerValues,
  context: { readonly reliable: boolean; readonly runs: number; readonly state: TransactionState },
) => number | undefined;

export interface Machine {
  readonly name: string;
  readonly initial: TransactionState;
  readonly table: TransitionTable;
  readonly timers: Readonly<Partial<Record<TimerName, TimerLength>>>;
}

interface RunningTimer {
  readonly name: TimerName;
  readonly at: number;
}

/** A transaction at one moment. */
export interface Transaction {
  readonly machine: Machine;
  readonly state: TransactionState;
  readonly values: TimerValues;
  /** TCP and TLS: nothing is repeated, nothing is waited for. */
  readonly reliable: boolean;
  readonly timers: readonly RunningTimer[];
  readonly runs: Readonly<Partial<Record<TimerName, number>>>;
  /** The response that a server transaction sent last. */
  readonly response?: SipResponse;
}

export interface Step {
  readonly transaction: Transaction;
  readonly actions: readonly TransactionAction[];
  /** When a `time` event is due, in the unit of `now`; undefined: none is. */
  readonly deadline: number | undefined;
}

/** All values must be above 0: a repeating timer of no length would never let go. Throws RangeError. */
export function createTransaction(machine: Machine, values: TimerValues, reliable: boolean): Transaction {
  if (!(values.t1 > 0 && values.t2 > 0 && values.t4 > 0)) {
    throw new RangeError(`timer values must be above 0, not T1=${values.t1} T2=${values.t2} T4=${values.t4}`);
  }
  return { machine, state: machine.initial, values, reliable, timers: [], runs: {} };
}

/** An input that the table does not know in the state that the transaction is in changes nothing. */
export function step(transaction: Transaction, event: TransactionEvent, now: number): Step {
  const actions: TransactionAction[] = [];
  let current = event.type === "time" ? transaction : take(transaction, inputOf(event), event, now, actions);
  for (let due = earliest(current); due !== undefined && due.at <= now; due = earliest(current)) {
    const fired = due;
    const stopped = { ...current, timers: current.timers.filter((timer) => timer !== fired) };
    current = take(stopped, `timer ${due.name}`, event, now, actions);
  }
  return { transaction: current, actions, deadline: earliest(current)?.at };
}

function earliest({ timers }: Transaction): RunningTimer | undefined {
  let best: RunningTimer | undefined;
  for (const timer of timers) if (best === undefined || timer.at < best.at) best = timer;
  return best;
}

function take(
  transaction: Transaction,
  input: Input,
  event: TransactionEvent,
  now: number,
  actions: TransactionAction[],
): Transaction {
  const transition = transaction.machine.table[transaction.state]?.[input];
  if (transition === undefined) return transaction;
  const deeds = transition.does ?? NOTHING;
  for (const deed of deeds) {
    const action = DEEDS[deed](transaction, event);
    if (action !== undefined) actions.push(action);
  }
  const moved = move(transaction, transition, now);
  return event.type === "response" && deeds.includes("send response")
    ? { ...moved, response: event.response }
    : moved;
}

const NOTHING: readonly never[] = [];

function move(transaction: Transaction, transition: Transition, now: number): Transaction {
  const { to, starts = NOTHING } = transition;
  const kept = transaction.timers.filter(({ name }) => outlives(name, transition, transaction.state));
  if (starts.length === 0) return { ...transaction, state: to, timers: kept };
  const runs = { ...transaction.runs };
  for (const name of starts) {
    const context = { reliable: transaction.reliable, runs: runs[name] ?? 0, state: to };
    const length = transaction.machine.timers[name]?.(transaction.values, context);
    runs[name] = context.runs + 1;
    if (length !== undefined) kept.push({ name, at: now + length });
  }
  return { ...transaction, state: to, timers: kept, runs };
}

/** Whether a timer that runs goes on running. */
function outlives(name: TimerName, transition: Transition, state: TransactionState): boolean {
  const { to, starts = NOTHING, keeps = NOTHING, stops = NOTHING } = transition;
  return to === state ? !starts.includes(name) && !stops.includes(name) : keeps.includes(name);
}

function inputOf(event: Exclude<TransactionEvent, { type: "time" }>): Input {
  if (event.type === "start") return "start";
  if (event.type === "transport-error") return "transport error";
  if (event.type === "request") return event.request.method === "ACK" ? "ACK" : "request";
  return responseInput(event.response.status);
}

function responseInput(status: number): Input {
  if (status < 200) return "1xx";
  return status < 300 ? "2xx" : "3xx-6xx";
}

/** A deed that speaks of a response where none is known comes to nothing: a request repeated before it was ever answered. */
const DEEDS: Readonly<
  Record<Deed, (transaction: Transaction, event: TransactionEvent) => TransactionAction | undefined>
> = {
  "send request": () => ({ type: "send-request", retransmission: false }),
  "repeat request": () => ({ type: "send-request", retransmission: true }),
  "send response": (_, event) =>
    event.type === "response"
      ? { type: "send-response", response: event.response, retransmission: false }
      : undefined,
  "repeat response": ({ response }) =>
    response === undefined ? undefined : { type: "send-response", response, retransmission: true },
  "want 100": () => ({ type: "want-100" }),
  "send ACK": (_, event) => acknowledgement(event, false),
  "repeat ACK": (_, event) => acknowledgement(event, true),
  "pass response": (_, event) =>
    event.type === "response" ? { type: "pass-response", response: event.response } : undefined,
  "pass ACK": (_, event) =>
    event.type === "request" ? { type: "pass-ack", request: event.request } : undefined,
  "report timeout": () => ({ type: "report", reason: "timeout" }),
  "report transport error": () => ({ type: "report", reason: "transport" }),
};

function acknowledgement(event: TransactionEvent, retransmission: boolean): TransactionAction | undefined {
  return event.type === "response"
    ? { type: "send-ack", response: event.response, retransmission }
    : undefined;
}
