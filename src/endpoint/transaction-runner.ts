/** Runs transactions: feeds them events, has their actions done, and arms one timer for all of them. */
import {
  step,
  type Transaction,
  type TransactionAction,
  type TransactionEvent,
} from "../machine/transaction.ts";
import { createAgenda } from "../net/agenda.ts";
import type { Clock } from "../net/clock.ts";

export interface RunningTransaction {
  transaction: Transaction;
  perform(action: TransactionAction): void;
  /** Called when the transaction has terminated. */
  ended(): void;
}

export interface TransactionRunner {
  feed(running: RunningTransaction, event: TransactionEvent): void;
  /** Stops all timers. */
  stop(): void;
}

/** `guard` calls what a timer sets off: a user's mistake must not end the process. */
export function createTransactionRunner(clock: Clock, guard: (call: () => void) => void): TransactionRunner {
  let stopped = false;
  const agenda = createAgenda<RunningTransaction>(clock, (running) =>
    guard(() => feed(running, { type: "time" })),
  );

  const feed = (running: RunningTransaction, event: TransactionEvent): void => {
    if (stopped || running.transaction.state === "terminated") return;
    const { transaction, actions, deadline } = step(running.transaction, event, clock.now());
    running.transaction = transaction;
    agenda.set(running, deadline);
    for (const action of actions) running.perform(action);
    if (transaction.state === "terminated") running.ended();
  };

  return {
    feed,
    stop: () => {
      stopped = true;
      agenda.close();
    },
  };
}
