/** CANCEL at the terminating participating function (clause 6.1.2.2.4). */
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";
import { isToClient } from "./terminating-side.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.2.4-1",
    "answers CANCEL with 481",
    onResponse("CANCEL", ({ received: _received, ...response }) => ({
      ...response,
      status: 481,
      reason: "Call/Transaction Does Not Exist",
    })),
  ),
  serverFault(
    "6.1.2.2.4-1",
    "answers an INVITE that was given up with 480",
    onResponse(
      "INVITE",
      ({ received: _received, ...response }) => ({ ...response, status: 480, reason: "Gone" }),
      ({ status }, request) => status === 487 && isToClient(request),
    ),
  ),
  serverFault(
    "6.1.2.2.4-2",
    "lets the client ring though the inviting side has given up",
    decide({ terminatingSession: { passesCancel: () => false } }),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.2.2.4-prx",
      "a proxy keeps CANCEL to itself",
      onRequest("CANCEL", () => undefined),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.2.2.4-prx",
      "a proxy answers CANCEL with 481",
      onResponse("CANCEL", ({ received: _received, ...response }) => ({
        ...response,
        status: 481,
        reason: "Call/Transaction Does Not Exist",
      })),
    ),
  ),
];
