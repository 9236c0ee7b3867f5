/** Copies of a group message (clause 8.3.2.1). */
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "8.3.2.1-2",
    "copies lack Accept-Contact",
    decide({ copy: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "8.3.2.1-6",
    "copies keep the URI of the exploder",
    decide({ copy: { requestUri: (turn) => turn.request.uri } }),
  ),
  serverFault(
    ["8.3.2.1-7a", "8.3.1.1-10"],
    "the last on the list gets no copy",
    decide({ control: { recipients: (turn) => turn.recipients.slice(0, -1) } }),
  ),
];
