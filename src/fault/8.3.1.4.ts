/** Failure responses to copies (clause 8.3.1.4). */
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault("8.3.1.4-1a", "failures are never told", decide({ notify: { reportsFailure: () => false } })),
  serverFault(
    "8.3.1.4-1b",
    "failures are told to whoever asked for any notification",
    decide({ notify: { reportsFailure: () => true } }),
  ),
  serverFault(
    "8.3.1.4-2",
    "a failure that comes after Ts2 is kept for nothing",
    decide({ notify: { keepsFailure: () => true } }),
  ),
  serverFault(
    "8.3.1.4-3",
    "a failure is told at once though Ts2 runs",
    decide({ notify: { keepsFailure: () => false } }),
  ),
];
