/**
 * Session mode as checks see it: INVITE sessions, the MSRP sessions that their SDP made with the messages in them, subscriptions, REFERs.
 * What a SUT sent may be anything: what cannot be read is `Unreadable`, or absent where the field says so.
 */
import type { TraceEvent } from "../event.ts";
import type { Exchange } from "../scenario-trace.ts";
import { readInviteSessions, type InviteSession } from "./invite-sessions.ts";
import { readJourneys, type Journey } from "./journeys.ts";
import { readMediaSessions, type MediaSession } from "./media-sessions.ts";
import { readMsrpRecords, type MsrpRecord, type MsrpRecords } from "./msrp-records.ts";
import { once } from "./readable.ts";
import { readSessionMessages, type SessionMessage } from "./session-messages.ts";
import { readSubscriptions, type Subscription } from "./subscriptions.ts";

export interface SessionView {
  /** Every SIP request, with the hops on which it was seen. */
  readonly journeys: readonly Journey[];
  readonly invites: readonly InviteSession[];
  readonly media: readonly MediaSession[];
  /** In the order of their first chunks. */
  readonly messages: readonly SessionMessage[];
  readonly subscriptions: readonly Subscription[];
  readonly msrp: readonly MsrpRecord[];
  readonly malformedMsrp: MsrpRecords["malformed"];
  /** The MSRP session that a message was sent in. */
  mediaOf(message: SessionMessage): MediaSession | undefined;
  /** What was sent in the MSRP sessions of an INVITE session. */
  messagesIn(session: InviteSession): readonly SessionMessage[];
}

/** Each part is read when it is first asked for: most scenarios have no sessions, and most checks do not look at them. */
export function readSessionView(events: readonly TraceEvent[], exchanges: readonly Exchange[]): SessionView {
  const journeys = once(() => readJourneys(exchanges));
  const invites = once(() => readInviteSessions(journeys()));
  const msrp = once(() => readMsrpRecords(events));
  const messages = once(() => readSessionMessages(msrp().records));
  const media = once(() => readMediaSessions(invites(), msrp().records, messages()));
  const subscriptions = once(() => readSubscriptions(journeys()));
  const byMessage = once(
    () => new Map(media().flatMap((one) => one.messages.map((message) => [message, one] as const))),
  );
  return {
    get journeys() {
      return journeys();
    },
    get invites() {
      return invites();
    },
    get media() {
      return media();
    },
    get messages() {
      return messages();
    },
    get subscriptions() {
      return subscriptions();
    },
    get msrp() {
      return msrp().records;
    },
    get malformedMsrp() {
      return msrp().malformed;
    },
    mediaOf: (message) => byMessage().get(message),
    messagesIn: (session) =>
      media()
        .filter(({ sessions }) => sessions.includes(session))
        .flatMap((one) => one.messages),
  };
}
