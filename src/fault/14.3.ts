/** Privacy (clause 14.3). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { fromOf } from "../wire/sip/headers.ts";
import { termination } from "../peer/im-server/decisions/termination.ts";
import { ANONYMOUS_FROM } from "../peer/im/identifiers.ts";
import { decide, inSet, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "14.3-p3",
    "every sender is hidden from the recipient",
    decide({
      termination: {
        forwarded: (turn, request) =>
          withHeader(
            withoutHeader(termination.forwarded(turn, request), "P-Asserted-Identity"),
            "From",
            `${ANONYMOUS_FROM};tag=${fromOf(request)?.tag ?? "none"}`,
          ),
      },
    }),
  ),
  serverFault(
    "14.3-p3",
    "hides users who invite and do not ask for it",
    decide({
      sessionInvitation: {
        from: () => ANONYMOUS_FROM,
        assertedIdentity: () => undefined,
        referredBy: () => undefined,
      },
    }),
  ),
  serverFault(
    "14.3-p4b",
    "lets users hide in the session of a group against its rules",
    decide({ sessionAdmission: { groupAnonymityAllowed: () => true } }),
  ),
  inSet(
    "no-anonymity",
    serverFault(
      ["14.3-p4a", "6.1.1.3.1-2a"],
      "privacy against the policy of the server is granted",
      skip("check-anonymity"),
    ),
  ),
  inSet(
    "no-ad-hoc-anonymity",
    serverFault(
      "14.3-p4a",
      "privacy in ad-hoc groups against the policy is granted",
      skip("check-ad-hoc-anonymity"),
    ),
  ),
  serverFault("14.3-p4b", "privacy against the rules of a group is granted", skip("check-group-anonymity")),
];
