/** INVITE client transaction: RFC 3261 17.1.1.2 as amended by RFC 6026 8.4 (Figure 5 there). */
import { LEAST_TIMER_D_MS, transactionTimeout } from "./timers.ts";
import type { Machine } from "./transaction.ts";

const givesUp = { to: "terminated", does: ["report transport error"] } as const;

export const inviteClient: Machine = {
  name: "INVITE client transaction",
  initial: "calling",
  table: {
    calling: {
      start: { to: "calling", does: ["send request"], starts: ["A", "B"] },
      "timer A": { to: "calling", does: ["repeat request"], starts: ["A"] },
      "timer B": { to: "terminated", does: ["report timeout"] },
      "1xx": { to: "proceeding", does: ["pass response"] },
      "2xx": { to: "accepted", does: ["pass response"], starts: ["M"] },
      "3xx-6xx": { to: "completed", does: ["send ACK", "pass response"], starts: ["D"] },
      "transport error": givesUp,
    },
    proceeding: {
      "1xx": { to: "proceeding", does: ["pass response"] },
      "2xx": { to: "accepted", does: ["pass response"], starts: ["M"] },
      "3xx-6xx": { to: "completed", does: ["send ACK", "pass response"], starts: ["D"] },
    },
    accepted: {
      "2xx": { to: "accepted", does: ["pass response"] },
      "timer M": { to: "terminated" },
    },
    completed: {
      "3xx-6xx": { to: "completed", does: ["repeat ACK"] },
      "timer D": { to: "terminated" },
      "transport error": givesUp,
    },
  },
  timers: {
    A: ({ t1 }, { reliable, runs }) => (reliable ? undefined : t1 * 2 ** runs),
    B: transactionTimeout,
    D: (values, { reliable }) => (reliable ? 0 : Math.max(LEAST_TIMER_D_MS, transactionTimeout(values))),
    M: transactionTimeout,
  },
};
