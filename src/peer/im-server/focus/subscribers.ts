/** Subscribers of the conference state: what each has been told, and what is next (clauses 7.2.1.12, 7.2.2.10, 7.2.2.11; RFC 4575). */
import type { EventAgent } from "../../../endpoint/events/event-agent.ts";
import type { ServedSubscription } from "../../../endpoint/events/served-subscription.ts";
import type { NotifyCause } from "../../../machine/subscription/notifier.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import {
  CONFERENCE_INFO_TYPE,
  type ConferenceUser,
  writeConferenceInfo,
} from "../../../wire/xml/conference-info.ts";
import { sameAddress } from "../../im/address.ts";
import type { ServerParts } from "../turn.ts";
import type { Conference, Participant } from "./conference.ts";
import { CONTROLLING } from "./media.ts";
import { isPerson } from "./person.ts";
import type { RosterEntry, Told } from "./roster.ts";

export const CONFERENCE_EVENT = "conference";

export interface Subscribers {
  /** A SUBSCRIBE that is allowed is for this conference. */
  expect(request: SipRequest, conference: Conference, watcher: readonly string[]): void;
  changed(conference: Conference): void;
  left(conference: Conference, participant: Participant): void;
  /** The session is released. */
  end(conference: Conference): void;
}

interface Watching {
  readonly conference: Conference;
  readonly watcher: readonly string[];
  readonly told: Told;
}

export function createSubscribers(server: ServerParts, events: EventAgent): Subscribers {
  const watching = new WeakMap<SipRequest, Watching>();
  const { conferenceState } = server.decisions;
  const of = (conference: Conference): readonly (readonly [ServedSubscription, Watching])[] =>
    events.notifier.subscriptions(CONFERENCE_EVENT).flatMap((subscription) => {
      const watch = watching.get(subscription.request);
      return watch?.conference === conference ? [[subscription, watch] as const] : [];
    });
  events.serve({
    name: CONFERENCE_EVENT,
    contentTypes: [CONFERENCE_INFO_TYPE],
    rules: { paceMs: conferenceState.paceMs(server.policy().conferencePaceMs) },
    content: (subscription, cause) => {
      const watch = watching.get(subscription.request);
      if (watch === undefined) return { annotation: CONTROLLING };
      const bytes = documentFor(server, watch, cause);
      return { annotation: CONTROLLING, body: { contentType: CONFERENCE_INFO_TYPE, bytes } };
    },
  });
  return {
    expect: (request, conference, watcher) =>
      void watching.set(request, {
        conference,
        watcher,
        told: { version: 0, change: 0, connected: new Set() },
      }),
    changed: (conference) => {
      if (!conferenceState.tellsChanges(conference)) return;
      for (const [subscription] of of(conference)) subscription.changed();
    },
    left: (conference, { person }) => {
      if (conference.over || !conferenceState.endsWhenSubscriberLeaves()) return;
      for (const [subscription, { watcher }] of of(conference))
        if (isPerson(person, ...watcher)) subscription.end(conferenceState.endReason());
    },
    end: (conference) => {
      if (!conferenceState.endsWithSession()) return;
      for (const [subscription] of of(conference)) subscription.end(conferenceState.endReason());
    },
  };
}

/** What a subscriber is told now; it is noted that it was. */
function documentFor(
  server: ServerParts,
  { conference, watcher, told }: Watching,
  cause: NotifyCause,
): Uint8Array {
  const { conferenceState } = server.decisions;
  const whole = cause === "subscribed" || cause === "refreshed" || cause === "allowed";
  const { roster } = conference;
  const entries = whole
    ? roster.present()
    : roster.since(told.change).filter((entry) => conferenceState.tells(entry, told));
  told.version = conferenceState.nextVersion(told);
  told.change = roster.change;
  if (whole) told.connected.clear();
  for (const { entity, present } of entries)
    if (present) told.connected.add(entity);
    else told.connected.delete(entity);
  const state = conferenceState.documentState(whole);
  const draft = {
    entity: conferenceState.entity(conference),
    state,
    version: told.version,
    users: { state, list: entries.map((entry) => userOf(server, entry, watcher)) },
  };
  return writeConferenceInfo(conferenceState.document(draft));
}

function userOf(server: ServerParts, entry: RosterEntry, watcher: readonly string[]): ConferenceUser {
  const { conferenceState } = server.decisions;
  const own = entry.identities.some((identity) => watcher.some((uri) => sameAddress(uri, identity)));
  const yourOwn = conferenceState.yourOwn(own);
  const displayText = conferenceState.displayText(entry);
  const entity = conferenceState.endpointEntity(entry);
  return {
    entity: entry.entity,
    state: "full",
    ...(displayText === undefined ? {} : { displayText }),
    ...(yourOwn === undefined ? {} : { yourOwn }),
    endpoints: [
      {
        ...(entity === undefined ? {} : { entity }),
        state: "full",
        status: conferenceState.status(entry),
      },
    ],
  };
}
