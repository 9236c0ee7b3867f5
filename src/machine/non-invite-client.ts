/** Non-INVITE client transaction: RFC 3261 17.1.2.2, Figure 6. */
import { transactionTimeout } from "./timers.ts";
import type { Machine, Transition } from "./transaction.ts";

const finalResponse: Transition = { to: "completed", does: ["pass response"], starts: ["K"] };
const timeout: Transition = { to: "terminated", does: ["report timeout"] };
const transportError: Transition = { to: "terminated", does: ["report transport error"] };

export const nonInviteClient: Machine = {
  name: "non-INVITE client transaction",
  initial: "trying",
  table: {
    trying: {
      start: { to: "trying", does: ["send request"], starts: ["E", "F"] },
      "timer E": { to: "trying", does: ["repeat request"], starts: ["E"] },
      "timer F": timeout,
      "1xx": { to: "proceeding", does: ["pass response"], keeps: ["E", "F"] },
      "2xx": finalResponse,
      "3xx-6xx": finalResponse,
      "transport error": transportError,
    },
    proceeding: {
      "timer E": { to: "proceeding", does: ["repeat request"], starts: ["E"] },
      "timer F": timeout,
      "1xx": { to: "proceeding", does: ["pass response"] },
      "2xx": finalResponse,
      "3xx-6xx": finalResponse,
      "transport error": transportError,
    },
    completed: {
      "timer K": { to: "terminated" },
    },
  },
  timers: {
    E: ({ t1, t2 }, { reliable, runs, state }) => {
      if (reliable) return undefined;
      return state === "proceeding" ? t2 : Math.min(t1 * 2 ** runs, t2);
    },
    F: transactionTimeout,
    K: ({ t4 }, { reliable }) => (reliable ? 0 : t4),
  },
};
