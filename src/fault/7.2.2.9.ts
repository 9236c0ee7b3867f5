/** Who may join a session (clause 7.2.2.9). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { FocusTurn } from "../peer/im-server/focus/turn.ts";
import type { Conference } from "../peer/im-server/focus/conference.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { Group } from "../wire/xml/group.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

const isHome = (uri: string): boolean => uri.includes("@home.example");

/** Without a look at the profile of some users, whose age is guessed. */
const guessed = (whose: (uri: string) => boolean): ServerAlteration =>
  decide({
    sessionAdmission: {
      ageOf: (turn: FocusTurn, uri: string): Promise<number | undefined> =>
        whose(uri) ? Promise.resolve(17) : sessionAdmission.ageOf(turn, uri),
    },
  });

const joining: readonly Fault[] = [
  serverFault(
    "7.2.2.9-1",
    "lets everybody into an ad-hoc session who knows it",
    decide({ sessionAdmission: { mayRejoin: () => true } }),
  ),
  serverFault(
    "7.2.2.9-1a",
    "lets nobody back but the originator",
    decide({
      sessionAdmission: {
        mayRejoin: (conference: Conference, sender: readonly string[]) =>
          sessionAdmission.mayRejoin({ ...conference, admitted: [] }, sender),
      },
    }),
  ),
  serverFault(
    "7.2.2.9-1b",
    "forgets who was added",
    decide({
      sessionAdmission: {
        mayRejoin: (conference: Conference, sender: readonly string[]) =>
          sessionAdmission.mayRejoin({ ...conference, admitted: conference.admitted.slice(0, 2) }, sender),
      },
    }),
  ),
  serverFault(
    "7.2.2.9-2",
    "lets everybody into the session of a group",
    decide({ sessionAdmission: { mayJoinGroup: () => true } }),
  ),
  serverFault(
    "7.2.2.9-2",
    "lets nobody into the session of a group",
    decide({ sessionAdmission: { mayJoinGroup: () => false } }),
  ),
];

const ages: readonly Fault[] = [
  serverFault(
    ["7.2.2.9-3", "7.2.2.9-4c-1", "7.2.2.9-4c-3"],
    "lets in users of any age",
    decide({ sessionAdmission: { ageAllowed: () => true } }),
  ),
  serverFault(
    ["7.2.2.9-3", "7.2.2.9-4c-1", "7.2.2.9-4c-2"],
    "takes the bounds of an age range for outside",
    decide({
      sessionAdmission: {
        ageAllowed: (group: Group, age: number | undefined) =>
          age !== 18 && sessionAdmission.ageAllowed(group, age),
      },
    }),
  ),
  serverFault(["7.2.2.9-4", "7.2.2.9-4a"], "guesses the age of its own users", guessed(isHome)),
  serverFault(
    ["7.2.2.9-4", "7.2.2.9-4b"],
    "guesses the age of users of other domains",
    guessed((uri) => !isHome(uri)),
  ),
  serverFault(
    "7.2.2.9-4c-3",
    "answers 480 to who is not of the right age",
    decide({
      refusals: {
        ageLimit: () => ({ status: 480, warning: "124 Service not allowed due to the age limit" }),
      },
    }),
  ),
  serverFault(
    "7.2.2.9-4c-4",
    "gives who is not of the right age another reason",
    decide({ refusals: { ageLimit: () => ({ status: 403, warning: "127 Service not authorised" }) } }),
  ),
];

export const faults: readonly Fault[] = [...joining, ...ages];
