/** Terminating participating function (clause 6.1.2.1). */
import { decide, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(["6.1.2.1-1a", "6.1.2.1-1b"], "barring by the settings is not asked", skip("check-barring")),
  serverFault(
    "6.1.2.1-1c",
    "the refusal of barred messages has no warning",
    decide({ refusals: { barred: () => ({ status: 403 }) } }),
  ),
];
