/** Delivery notifications at the controlling function, and the end of Ts2 (clauses 8.3.1.2, 8.3.1.3). */
import { notify } from "../peer/im-server/decisions/notify.ts";
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "8.3.1.2-1",
    "a notification that comes after Ts2 is kept for nothing",
    decide({ notify: { keeps: () => true } }),
  ),
  serverFault(
    "8.3.1.2-2",
    "of what was kept the first is lost",
    decide({
      notify: {
        aggregates: (server, aggregation, documents) =>
          notify.aggregates(server, aggregation, documents.slice(documents.length > 1 ? 1 : 0)),
      },
    }),
  ),
  serverFault(
    ["8.3.1.2-2", "8.3.1.1-9"],
    "a notification is forwarded though Ts2 runs",
    decide({ notify: { keeps: () => false } }),
  ),
  serverFault(
    "8.3.1.3-1a",
    "each notification that was kept goes out on its own",
    decide({ notify: { aggregates: (_server, _aggregation, documents) => documents.map((one) => [one]) } }),
  ),
  serverFault(
    "8.3.1.3-1b",
    "the aggregate goes to somebody else",
    decide({ notify: { requestUri: () => "sip:stranger@home.example" } }),
  ),
  serverFault("8.3.1.3-1b", "nothing is sent when Ts2 is over", decide({ notify: { aggregates: () => [] } })),
];
