/** BYE at the terminating participating function (clause 6.1.2.2.5). */
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.2.5-1",
    "answers BYE with 202",
    onResponse("BYE", ({ received: _received, ...response }) => ({
      ...response,
      status: 202,
      reason: "Accepted",
    })),
  ),
  serverFault(
    "6.1.2.2.5-3",
    "leaves its user in a session that is over",
    decide({ terminatingSession: { passesBye: () => false } }),
  ),
  serverFault(
    "6.1.2.2.5-2",
    "takes what who has left says, for its user has media still",
    decide({ terminatingSession: { releasesMedia: () => false } }),
  ),
  serverFault(
    "6.1.2.2.5-4",
    "takes what its user says, for who has left has media still",
    decide({ terminatingSession: { releasesMedia: () => false } }),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.2.2.5-prx",
      "a proxy keeps BYE to itself",
      onRequest("BYE", () => undefined),
    ),
  ),
];
