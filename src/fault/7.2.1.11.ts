/** The session timer of the focus (clauses 7.2.1.1-3, 7.2.1.11). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { inAnswer } from "./7.2.1.1.ts";
import { decide, onRequest, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.11-1a",
    "answers a refresh without Session-Expires",
    inAnswer((answer) => withoutHeader(answer, "Session-Expires"), "within"),
  ),
  serverFault(
    "7.2.1.11-1a",
    "wants to refresh itself from now on",
    inAnswer((answer) => withHeader(answer, "Session-Expires", "1800;refresher=uas"), "within"),
  ),
  serverFault(
    "7.2.1.11-1b",
    "ends sessions by the time of the first answer, refreshed or not",
    decide({ sessionRelease: { maximumLengthS: () => 80 } }),
  ),
  serverFault(
    ["7.2.1.11-2", "7.2.1.1-3b"],
    "does not end what is not refreshed",
    // What the timer sends, no request has caused.
    onRequest(
      "BYE",
      () => undefined,
      (_bye, cause) => cause === undefined,
    ),
  ),
];
