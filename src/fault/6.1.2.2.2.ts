/** Sessions at the terminating participating function (clause 6.1.2.2.2). */
import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.2.2-5",
    "sends an INVITE to its user without the feature tag",
    decide({ terminatingSession: { acceptContact: () => undefined } }),
  ),
  serverFault(
    "6.1.2.2.2-10c",
    "hides from its user that a focus invites",
    decide({ terminatingSession: { inviteIsFocus: () => false } }),
  ),
];
