/** Registration (clause 5.2.1). */
import { withoutHeader } from "../wire/sip/edit.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  clientFault(
    "5.2.1-2",
    "the Contact lacks the IM feature tag",
    decide({ registering: { featureTag: () => undefined } }),
  ),
  clientFault(
    "5.2.1-4",
    "REGISTER lacks User-Agent",
    onRequest("REGISTER", (request) => withoutHeader(request, "User-Agent")),
  ),
];
