/** What is not allocated (clauses 11.1, 11.2). */
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "11.1-p1",
    "an unallocated factory is answered 480",
    decide({ refusals: { factoryUnallocated: () => ({ status: 480 }) } }),
  ),
  serverFault(
    "11.2-p1",
    "an unallocated group is answered 403",
    decide({ refusals: { conferenceUnallocated: () => ({ status: 403 }) } }),
  ),
];
