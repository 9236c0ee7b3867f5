/** INVITE server transaction: RFC 3261 17.2.1 as amended by RFC 6026 8.5 to 8.8 (Figure 7 there). */
import { TRYING_AFTER_MS, transactionTimeout } from "./timers.ts";
import type { Machine, Transition } from "./transaction.ts";

/** RFC 6026 8.8: the user is told, and the transaction stays as it is. */
const tells = (state: Transition["to"]): Transition => ({ to: state, does: ["report transport error"] });

export const inviteServer: Machine = {
  name: "INVITE server transaction",
  initial: "proceeding",
  table: {
    proceeding: {
      start: { to: "proceeding", starts: ["trying"] },
      "timer trying": { to: "proceeding", does: ["want 100"] },
      request: { to: "proceeding", does: ["repeat response"] },
      "1xx": { to: "proceeding", does: ["send response"], stops: ["trying"] },
      "2xx": { to: "accepted", does: ["send response"], starts: ["L"] },
      "3xx-6xx": { to: "completed", does: ["send response"], starts: ["G", "H"] },
      "transport error": tells("proceeding"),
    },
    accepted: {
      "2xx": { to: "accepted", does: ["send response"] },
      ACK: { to: "accepted", does: ["pass ACK"] },
      "timer L": { to: "terminated" },
      "transport error": tells("accepted"),
    },
    completed: {
      request: { to: "completed", does: ["repeat response"] },
      ACK: { to: "confirmed", starts: ["I"] },
      "timer G": { to: "completed", does: ["repeat response"], starts: ["G"] },
      "timer H": { to: "terminated", does: ["report timeout"] },
      "transport error": tells("completed"),
    },
    confirmed: {
      "timer I": { to: "terminated" },
    },
  },
  timers: {
    trying: () => TRYING_AFTER_MS,
    G: ({ t1, t2 }, { reliable, runs }) => (reliable ? undefined : Math.min(t1 * 2 ** runs, t2)),
    H: transactionTimeout,
    I: ({ t4 }, { reliable }) => (reliable ? 0 : t4),
    L: transactionTimeout,
  },
};
