/** Group advertisements on their way to the served user (clause 6.1.2.6). */
import { addressee } from "../peer/im-server/decisions/termination.ts";
import { decide, onRequest, onResponse, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { isAdvertisement, isToClient } from "./terminating-side.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.6-1a",
    "any rule of the access policy rejects advertisements",
    decide({
      termination: {
        advertisementRejected: async (turn) =>
          ((await turn.server.xdm.accessRules(addressee(turn)))?.rules ?? []).length > 0,
      },
    }),
  ),
  serverFault(
    ["6.1.2.6-1a", "6.1.2.6-1b"],
    "rules for advertisements are not asked",
    decide({ termination: { advertisementRejected: () => Promise.resolve(false) } }),
  ),
  serverFault(
    "6.1.2.6-1b",
    "an advertisement that a rule rejects is answered 480",
    decide({ refusals: { advertisementRejected: () => ({ status: 480 }) } }),
  ),
  serverFault(
    "6.1.2.6-2",
    "advertisements do not leave the server",
    onRequest(
      "MESSAGE",
      () => undefined,
      (request, cause) => isToClient(cause) && isAdvertisement(request),
    ),
  ),
  serverFault(
    "6.1.2.6-fin",
    "what the client answers to an advertisement goes back as 202",
    onResponse(
      "MESSAGE",
      (response) => ({ ...response, status: 202, reason: "Accepted" }),
      (_, request) => isToClient(request) && isAdvertisement(request),
    ),
  ),
];
