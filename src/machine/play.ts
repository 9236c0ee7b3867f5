/** Plays transactions for the tests of this folder. */
import { requestWith, responseTo } from "./testdata.ts";
import { DEFAULT_TIMERS } from "./timers.ts";
import {
  createTransaction,
  type Machine,
  step,
  type TransactionAction,
  type TransactionEvent,
} from "./transaction.ts";

const invite = requestWith("INVITE", ["SIP/2.0/UDP a;branch=z9hG4bK1"]);

/** `start`, a status (a response), `request`, `ACK`, `error`, or `time`. */
export type Happening = "start" | "request" | "ACK" | "error" | "time" | number;

function eventOf(happening: Happening): TransactionEvent {
  if (typeof happening === "number") return { type: "response", response: responseTo(invite, happening) };
  if (happening === "request") return { type: "request", request: invite };
  if (happening === "ACK") return { type: "request", request: requestWith("ACK", []) };
  if (happening === "error") return { type: "transport-error" };
  return { type: happening };
}

export function shown(action: TransactionAction): string {
  const repeated = "retransmission" in action && action.retransmission ? " again" : "";
  const status = "response" in action ? ` ${action.response.status}` : "";
  const reason = action.type === "report" ? ` ${action.reason}` : "";
  return `${action.type}${status}${reason}${repeated}`;
}

/** One line for each thing that happens at its time: what is done, the state then, the next deadline. */
export function play(
  machine: Machine,
  reliable: boolean,
  script: readonly (readonly [at: number, happening: Happening])[],
): string[] {
  let transaction = createTransaction(machine, DEFAULT_TIMERS, reliable);
  return script.map(([at, happening]) => {
    const next = step(transaction, eventOf(happening), at);
    transaction = next.transaction;
    const deeds = next.actions.map(shown).join(", ") || "nothing";
    return `${at} ${happening}: ${deeds} -> ${transaction.state}, next ${next.deadline ?? "never"}`;
  });
}

/** Lets a transaction alone: each time it wants to be woken it is, until it wants no more. */
export function sleepThrough(
  machine: Machine,
  reliable: boolean,
  script: readonly (readonly [number, Happening])[],
): string[] {
  let transaction = createTransaction(machine, DEFAULT_TIMERS, reliable);
  const log: string[] = [];
  const happen = (at: number, event: TransactionEvent): number | undefined => {
    const next = step(transaction, event, at);
    transaction = next.transaction;
    log.push(...next.actions.map((action) => `${at} ${shown(action)}`));
    return next.deadline;
  };
  const wakeUntil = (deadline: number | undefined, end: number): void => {
    for (let at = deadline; at !== undefined && at <= end;) at = happen(at, { type: "time" });
  };
  script.forEach(([at, happening], index) => {
    wakeUntil(happen(at, eventOf(happening)), (script[index + 1]?.[0] ?? Infinity) - 1);
  });
  return [...log, transaction.state];
}
