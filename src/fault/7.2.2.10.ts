/** What subscribers of the state of a conference are told (clause 7.2.2.10, Appendix M). */
import type { Participant } from "../peer/im-server/focus/conference.ts";
import { conferenceState } from "../peer/im-server/focus/decisions/conference-state.ts";
import type { RosterEntry } from "../peer/im-server/focus/roster.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { ConferenceInfoDraft, ConferenceUser } from "../wire/xml/conference-info.ts";
import { decide, onRequest, serverFault, type Fault } from "./fault.ts";

type Alias = Parameters<typeof conferenceState.userEntity>[1];

const isConference = (request: SipRequest): boolean => header(request, "Event") === "conference";

const notify = (rewrite: (request: SipRequest) => SipRequest): ServerAlteration =>
  onRequest("NOTIFY", rewrite, isConference);

const inBody = (rewrite: (body: string) => string): ServerAlteration =>
  notify((request) => {
    const body = Buffer.from(rewrite(Buffer.from(request.body).toString("utf8")));
    return withHeader({ ...request, body }, "Content-Length", String(body.length));
  });

function inUsers(rewrite: (list: readonly ConferenceUser[]) => readonly ConferenceUser[]): ServerAlteration {
  const document = ({ users, ...draft }: ConferenceInfoDraft): ConferenceInfoDraft =>
    users === undefined ? draft : { ...draft, users: { ...users, list: rewrite(users.list) } };
  return decide({ conferenceState: { document } });
}

const inEachUser = (rewrite: (user: ConferenceUser) => ConferenceUser): ServerAlteration =>
  inUsers((list) => list.map(rewrite));

/** Those who came in this way are known by an address that nobody has. */
const known = (how: Participant["how"], entity: (uri: string, alias: Alias) => string): ServerAlteration =>
  decide({
    conferenceState: {
      userEntity: (uri: string, alias: Alias, came: Participant["how"]) =>
        came === how ? entity(uri, alias) : conferenceState.userEntity(uri, alias, came),
    },
  });

const wholeFaults: readonly Fault[] = [
  serverFault(
    "7.2.2.10-1",
    "notifies of another event than was asked for",
    notify((request) => withHeader(request, "Event", "presence")),
  ),
  serverFault(
    "7.2.2.10-1",
    "notifies without Subscription-State",
    notify((request) => withoutHeader(request, "Subscription-State")),
  ),
  serverFault(
    "7.2.2.10-1",
    "notifies without Contact",
    notify((request) => withoutHeader(request, "Contact")),
  ),
  serverFault(
    "7.2.2.10-3",
    "calls documents full that tell changes alone",
    decide({ conferenceState: { documentState: () => "full" } }),
  ),
  serverFault(
    "7.2.2.10-2",
    "notifies of each change at once",
    decide({ conferenceState: { paceMs: () => 0 } }),
  ),
  serverFault(
    "7.2.2.10-4",
    "sends documents as plain XML",
    notify((request) => withHeader(request, "Content-Type", "application/xml")),
  ),
  serverFault(
    "7.2.2.10-4",
    "sends documents that are cut",
    inBody((body) => body.slice(0, -10)),
  ),
  serverFault(
    "7.2.2.10-b-1",
    "names another conference in the document",
    decide({ conferenceState: { entity: () => "sip:conference@home.example" } }),
  ),
  serverFault(
    "M-p1",
    "gives each document the version of the one before",
    decide({ conferenceState: { nextVersion: () => 1 } }),
  ),
  serverFault(
    "M-p1",
    "writes an element that RFC 4575 does not have",
    inBody((body) => body.replaceAll("display-text", "name").replace("<users", "<people/><users")),
  ),
];

const userFaults: readonly Fault[] = [
  serverFault(
    "7.2.2.10-b-2",
    "leaves the last participant out",
    inUsers((list) => list.slice(0, -1)),
  ),
  serverFault(
    "7.2.2.10-b-2",
    "tells a participant twice",
    inUsers((list) => [...list, ...list.slice(0, 1)]),
  ),
  serverFault(
    "7.2.2.10-b-2",
    "tells of somebody who takes no part",
    inUsers((list) => [
      ...list,
      ...list.slice(0, 1).map((user) => ({ ...user, entity: "sip:rut@home.example" })),
    ]),
  ),
  serverFault(
    "7.2.2.10-b-2",
    "tells of who came uninvited by an address that nobody has",
    known("joined", (uri, alias) => alias?.uri ?? uri.replace(":", ":im-")),
  ),
  serverFault(
    "7.2.2.10-b-2a",
    "leaves out who a user is",
    inEachUser(({ entity: _entity, ...user }) => user),
  ),
  serverFault(
    "7.2.2.10-b-2a-i",
    "tells of the originator by another address",
    known("originator", (uri, alias) => alias?.uri ?? uri.replace(":", ":im-")),
  ),
  serverFault(
    "7.2.2.10-b-2a-ii",
    "tells who the originator is that hides",
    known("originator", (uri) => uri),
  ),
  serverFault(
    "7.2.2.10-b-2a-iii",
    "tells of invited users by another address",
    known("invited", (uri, alias) => alias?.uri ?? uri.replace(":", ":im-")),
  ),
  serverFault(
    "7.2.2.10-b-2a-iv",
    "tells who an invited user is that hides",
    known("invited", (uri) => uri),
  ),
  serverFault(
    "7.2.2.10-b-2a-v",
    "marks nobody as the receiver",
    decide({ conferenceState: { yourOwn: () => undefined } }),
  ),
  serverFault(
    "7.2.2.10-b-2a-v",
    "marks nobody who hides",
    inEachUser((user) => {
      const { yourOwn: _yourOwn, ...unmarked } = user;
      return user.entity?.includes("anonymous") === true ? unmarked : user;
    }),
  ),
  serverFault(
    "7.2.2.10-b-2b-2",
    "gives users the name of somebody else",
    decide({ conferenceState: { displayText: ({ displayName }: RosterEntry) => displayName && "Somebody" } }),
  ),
  serverFault(
    "M.1-p1",
    "marks with another word than true",
    inBody((body) => body.replaceAll('yourown="true"', 'yourown="yes"')),
  ),
  serverFault(
    "M.1-p2",
    "marks endpoints too",
    inBody((body) =>
      body.replaceAll(/(yourown="true">)(.*?)<endpoint /gu, '$1$2<endpoint im:yourown="true" '),
    ),
  ),
  serverFault("M.1-p3", "marks everybody", decide({ conferenceState: { yourOwn: () => true } })),
];

const endpointFaults: readonly Fault[] = [
  serverFault(
    "7.2.2.10-b-2c",
    "tells two endpoints of a user",
    inEachUser((user) => ({
      ...user,
      endpoints: [
        ...user.endpoints,
        ...user.endpoints.map((one) => ({ ...one, entity: `${one.entity};other` })),
      ],
    })),
  ),
  serverFault(
    "7.2.2.10-b-2c",
    "tells no endpoint of a user",
    inEachUser((user) => ({ ...user, endpoints: [] })),
  ),
  serverFault(
    "7.2.2.10-b-2c-i",
    "leaves out which endpoint it is",
    decide({ conferenceState: { endpointEntity: () => undefined } }),
  ),
  serverFault(
    "7.2.2.10-b-2c-ii",
    "leaves out the status of endpoints",
    inEachUser((user) => ({ ...user, endpoints: user.endpoints.map(({ status: _status, ...one }) => one) })),
  ),
  serverFault(
    ["7.2.2.10-b-2c-iii", "7.2.2.10-b-2c-A"],
    "calls participants on hold",
    inEachUser((user) => ({
      ...user,
      endpoints: user.endpoints.map((one) => ({ ...one, status: "on-hold" })),
    })),
  ),
  serverFault(
    "7.2.2.10-b-2c-A",
    "calls participants disconnected",
    decide({ conferenceState: { status: () => "disconnected" } }),
  ),
  serverFault(
    "7.2.2.10-b-2c-B",
    "calls who has left connected",
    decide({ conferenceState: { status: () => "connected" } }),
  ),
];

export const faults: readonly Fault[] = [...wholeFaults, ...userFaults, ...endpointFaults];
