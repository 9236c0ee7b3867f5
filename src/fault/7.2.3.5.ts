/** Messages of the server into a session (clause 7.2.3.5). */
import { announcement } from "../peer/im-server/switch/decisions/announcement.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type Announcement = Parameters<typeof announcement.content>[0];

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.3.5-1",
    "sends a message of its own to all but the last participant",
    decide({
      announcement: { recipients: (people, ids) => announcement.recipients(people, ids).slice(0, -1) },
    }),
  ),
  serverFault(
    "7.2.3.5-1",
    "sends to everybody what is for one participant",
    decide({ announcement: { recipients: (people) => people } }),
  ),
  serverFault(
    "7.2.3.5-1a",
    "addresses its message to nobody in particular",
    decide({ announcement: { to: () => "sip:all@home.example" } }),
  ),
  serverFault(
    "7.2.3.5-1b",
    "sends its message under the address of the server",
    decide({ announcement: { from: () => "sip:im-server@home.example" } }),
  ),
  serverFault(
    "7.2.3.5-1c",
    "gives no name to its message",
    decide({ announcement: { displayName: () => "" } }),
  ),
  serverFault(
    "7.2.3.5-2",
    "writes the URL of external content into a text",
    decide({
      announcement: {
        content: (one: Announcement) =>
          announcement.content(
            one.externalContent === undefined ? one : { kind: one.kind, text: one.externalContent },
          ),
      },
    }),
  ),
];
