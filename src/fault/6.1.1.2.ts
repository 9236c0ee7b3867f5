/** Sessions at the originating participating function (clauses 6.1.1.2.2, 6.1.1.2.8). */
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.1.2.2-1a",
    "asks for another service than its user",
    decide({ originatingSession: { requestUri: (_turn, usual: string) => usual.replace("@", "-2@") } }),
  ),
  serverFault(
    "6.1.1.2.8-1",
    "answers the BYE of its user with 202",
    onResponse(
      "BYE",
      ({ received: _received, ...response }) => ({ ...response, status: 202, reason: "Accepted" }),
      (_response, request) => request?.uri.includes("im-session-") === false,
    ),
  ),
];
