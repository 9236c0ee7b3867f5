/** Messages on their way to the served user (clause 6.1.2.3.1). */
import { withBody } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import { decide, onRequest, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { isAdvertisement, isToClient } from "./terminating-side.ts";

export const faults: readonly Fault[] = [
  serverFault(
    ["6.1.2.3.1-1", "6.1.2.1-3", "6.1.2.1-3a-2"],
    "content is not checked on the terminating side",
    skip("check-incoming-content"),
  ),
  serverFault(
    "6.1.2.3.1-2",
    "forwarded messages do not tell the release",
    decide({ termination: { serverHeader: () => undefined } }),
  ),
  serverFault(
    "6.1.2.3.1-3",
    "messages to clients lose the end of their body",
    onRequest(
      "MESSAGE",
      (request) =>
        withBody(request, header(request, "Content-Type") ?? "text/plain", request.body.slice(0, -1)),
      (request, cause) => isToClient(cause) && !isAdvertisement(request),
    ),
  ),
  serverFault(
    "6.1.2.3.1-3",
    "messages to clients do not leave the server",
    onRequest(
      "MESSAGE",
      () => undefined,
      (request, cause) => isToClient(cause) && !isAdvertisement(request),
    ),
  ),
];
