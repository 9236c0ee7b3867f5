/** Display names of participants (clause 5.5), and of those who hide (14.3). */
import { conferenceState } from "../peer/im-server/focus/decisions/conference-state.ts";
import { sessionAnswer, type Naming } from "../peer/im-server/focus/decisions/session-answer.ts";
import { alias } from "../peer/im-server/switch/decisions/alias.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "5.5-3",
    "shows no display names",
    decide({ conferenceState: { displayText: () => undefined } }),
  ),
  serverFault(
    ["5.5-6", "5.5-6-2a"],
    "overlooks the names in the document of the group",
    decide({
      sessionAnswer: {
        displayName: (naming: Naming) => sessionAnswer.displayName({ ...naming, group: undefined }),
      },
    }),
  ),
  serverFault(
    "5.5-6-2b",
    "prefers the name in From to the asserted one",
    decide({
      sessionAnswer: {
        displayName: (naming: Naming) =>
          naming.introduction.field.displayName ?? sessionAnswer.displayName(naming),
      },
    }),
  ),
  serverFault(
    "5.5-6-2c",
    "calls a guest whose name nobody asserts",
    decide({
      sessionAnswer: {
        displayName: (naming: Naming) => naming.introduction.assertedName ?? "Guest",
      },
    }),
  ),
  serverFault(
    "7.2.1.2-5",
    "calls the originator of an ad-hoc session by the address",
    decide({
      sessionAnswer: {
        displayName: (naming: Naming) =>
          naming.group === undefined ? naming.identities[0] : sessionAnswer.displayName(naming),
      },
    }),
  ),
  serverFault(
    "5.5-6-1a",
    "takes the name away from who hides",
    decide({
      alias: {
        wanted: ({ uri }, showsAddress) => alias.wanted({ uri }, showsAddress),
      },
    }),
  ),
  serverFault(
    "5.5-6-1b",
    "gives all who hide the name that they want",
    decide({
      alias: {
        unique: (wanted, taken) => ({
          ...alias.unique(wanted, taken),
          ...(wanted.displayName === undefined ? {} : { displayName: wanted.displayName }),
        }),
      },
    }),
  ),
  serverFault(
    "14.3-b3",
    "tells subscribers the address of who hides",
    decide({ conferenceState: { userEntity: (uri) => uri } }),
  ),
  serverFault(
    "14.3-b1",
    "tells the address of who hides when that one has left",
    decide({
      conferenceState: {
        endpointEntity: (entry) =>
          entry.present ? conferenceState.endpointEntity(entry) : entry.identities[0],
      },
    }),
  ),
];
