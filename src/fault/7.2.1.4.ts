/** Sessions of Pre-defined Groups that are joined (clause 7.2.1.4). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.4-2a", "7.2.1.4-2b"],
    "lets anybody join",
    decide({ sessionAdmission: { mayJoinGroup: () => true } }),
  ),
  serverFault("7.2.1.4-2a", "lets nobody join", decide({ sessionAdmission: { mayJoinGroup: () => false } })),
  serverFault(
    "7.2.1.4-2b",
    "does not find the session for who may not join",
    decide({
      refusals: { joiningNotAuthorised: () => ({ status: 404, warning: "127 Service not authorised" }) },
    }),
  ),
  serverFault(
    "7.2.1.4-2c",
    "tells who may not join nothing of the reason",
    decide({ refusals: { joiningNotAuthorised: () => ({ status: 403 }) } }),
  ),
  serverFault(
    ["7.2.1.4-3", "7.2.1.4-3b-1"],
    "lets more users in than the group may have",
    decide({ sessionAdmission: { groupFull: () => false } }),
  ),
  serverFault(
    "7.2.1.4-3",
    "finds the session full when one more may come",
    decide({
      sessionAdmission: {
        groupFull: (...[conference]: Parameters<typeof sessionAdmission.groupFull>) =>
          conference.participants.size + 1 >= (conference.group?.maxParticipantCount ?? Infinity),
      },
    }),
  ),
  serverFault(
    "7.2.1.4-3b-1",
    "declines for everybody when the session is full",
    decide({ refusals: { sessionFull: () => ({ status: 600, warning: "102 Too many participants" }) } }),
  ),
  serverFault(
    "7.2.1.4-3b-2",
    "is busy without a word when the session is full",
    decide({ refusals: { sessionFull: () => ({ status: 486 }) } }),
  ),
];
