/** Identity and privacy of a client (clauses 5.1, 14.3). */
import { withoutHeader } from "../wire/sip/edit.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  clientFault(
    "5.1-3a",
    "From of an anonymous message names the user",
    decide({ sending: { from: ({ config }) => `<${config.imAddress}>` } }),
  ),
  clientFault(
    "5.1-3c",
    "Privacy has a value that nobody registered",
    decide({ sending: { privacy: (_client, { anonymous }) => (anonymous ? "id;hidden" : undefined) } }),
  ),
  clientFault(
    ["14.3-p1c", "8.1.1-3"],
    "an anonymous message has no Privacy",
    onRequest("MESSAGE", (request) => withoutHeader(request, "Privacy")),
  ),
];
