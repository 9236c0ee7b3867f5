/** Who is added to the session of a group, and by whom (clause 7.2.2.7). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type MayAdd = Parameters<typeof sessionAdmission.mayAdd>;

const { mayAdd } = sessionAdmission;

/** The ages of users whom the predicate holds of are taken for granted. */
function agesAssumed(holds: (uri: string) => boolean) {
  const { addedAgeOf } = sessionAdmission;
  return decide({
    sessionAdmission: {
      addedAgeOf: (...[turn, uri]: Parameters<typeof addedAgeOf>) =>
        holds(uri) ? Promise.resolve(30) : addedAgeOf(turn, uri),
    },
  });
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.7-1",
    "lets every participant of a group add users",
    decide({
      sessionAdmission: {
        mayAdd: (...[conference, sender]: MayAdd) => mayAdd({ ...conference, group: undefined }, sender),
      },
    }),
  ),
  serverFault(
    "7.2.2.7-1",
    "lets nobody add users to the session of a group",
    decide({
      sessionAdmission: {
        mayAdd: (...[conference, sender]: MayAdd) =>
          conference.group === undefined && mayAdd(conference, sender),
      },
    }),
  ),
  serverFault(
    "7.2.2.7-2",
    "adds whom the rules of the group do not let in",
    decide({ sessionAdmission: { mayBeAdded: () => true } }),
  ),
  serverFault(
    "7.2.2.7-2",
    "adds whom the group finds too young",
    agesAssumed(() => true),
  ),
  serverFault(
    "7.2.2.7-3",
    "asks nobody for the age of an added user",
    agesAssumed(() => true),
  ),
  serverFault(
    "7.2.2.7-4",
    "takes the age of users of other domains for granted",
    agesAssumed((uri) => !uri.endsWith("@home.example")),
  ),
];
