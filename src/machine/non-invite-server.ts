/** Non-INVITE server transaction: RFC 3261 17.2.2, Figure 8, with RFC 6026 8.8. */
import { transactionTimeout } from "./timers.ts";
import type { Machine, Transition } from "./transaction.ts";

const finalResponse: Transition = { to: "completed", does: ["send response"], starts: ["J"] };

export const nonInviteServer: Machine = {
  name: "non-INVITE server transaction",
  initial: "trying",
  table: {
    trying: {
      "1xx": { to: "proceeding", does: ["send response"] },
      "2xx": finalResponse,
      "3xx-6xx": finalResponse,
    },
    proceeding: {
      request: { to: "proceeding", does: ["repeat response"] },
      "1xx": { to: "proceeding", does: ["send response"] },
      "2xx": finalResponse,
      "3xx-6xx": finalResponse,
      "transport error": { to: "proceeding", does: ["report transport error"] },
    },
    completed: {
      request: { to: "completed", does: ["repeat response"] },
      "timer J": { to: "terminated" },
      "transport error": { to: "completed", does: ["report transport error"] },
    },
  },
  timers: {
    J: (values, { reliable }) => (reliable ? 0 : transactionTimeout(values)),
  },
};
