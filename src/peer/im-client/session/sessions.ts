/** Session mode of the client put together: its user agent, its MSRP endpoint, and the actions (clause 7.1). */
import { createEventAgent } from "../../../endpoint/events/event-agent.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { SipEndpoint } from "../../../endpoint/sip-endpoint.ts";
import { createUserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { SessionTimerPolicy } from "../../../machine/invite-session/session-timer.ts";
import type { Clock } from "../../../net/clock.ts";
import type { Ids } from "../../../net/ids.ts";
import type { ActionAnswer, ClientAction, SessionAction } from "../../../spec/actions.ts";
import { toOf } from "../../../wire/sip/headers.ts";
import type { ClientParts } from "../parts.ts";
import type { RequestChanges } from "../requesting.ts";
import { answerModification, answerRinging, receiveInvitation, refuseUnknownSession } from "./answering.ts";
import { done } from "./answers.ts";
import {
  addParticipants,
  removeParticipant,
  subscribeNamed,
  unsubscribe,
  unsubscribeNamed,
} from "./conferring.ts";
import { editOf } from "./edits.ts";
import { leaveSession, modifySession, refreshSession } from "./leaving.ts";
import { ACCEPTING } from "./session.ts";
import type { ClientSession, Sessions } from "./session.ts";
import { cancelSession, extendSession, rejoinSession, startSession } from "./starting.ts";
import { sendInSession, showComposing } from "./talking.ts";

export interface SessionSurroundings {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly msrp: MsrpEndpoint;
}

export function openSessions(
  { endpoint, clock, ids, msrp }: SessionSurroundings,
  client: () => ClientParts,
): Sessions {
  const edit = editOf(client);
  const contact = (): string => client().decisions.modifying.contact(client());
  const nextHop: Parameters<typeof createUserAgent>[0]["nextHop"] = (request) =>
    client().decisions.routing.nextHop(client(), request);
  const userAgent = createUserAgent({
    endpoint,
    clock,
    ids,
    contact,
    nextHop,
    edit,
    // Refreshing by re-INVITE is the client's own business (7.1.1.8).
    without: ["refresh"],
    allow: ALLOW,
    supported: ["timer", "replaces", "100rel"],
    sessionTimer: timerPolicy(client),
    onOffer: (offered) => {
      const session = client().sessions.list.find(({ dialog }) => dialog === offered.session);
      return session === undefined ? { status: 488 } : answerModification(client(), session, offered);
    },
  });
  userAgent.onInvite((incoming) => receiveInvitation(client(), incoming));
  const events = createEventAgent({
    endpoint,
    clock,
    ids,
    contact,
    dialogs: userAgent.dialogs,
    edit,
  });
  return {
    userAgent,
    events,
    msrp,
    list: [],
    edits: new Map(),
    script: {},
    behaviour: ACCEPTING,
    store: () => undefined,
  };
}

/** Of sessions that the client is invited to (7.1.2.2-5); asked for each. */
function timerPolicy(client: () => ClientParts): SessionTimerPolicy {
  return {
    get interval() {
      return client().decisions.invited.sessionExpiresS(client());
    },
    get refresher() {
      return client().decisions.invited.refresher(client());
    },
  };
}

/** 7.1.1.1-3: all that the client takes. */
export const ALLOW = ["INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE", "NOTIFY", "MESSAGE", "OPTIONS"];

/** True: it belongs to session mode, and is answered. */
export function receiveInSession(client: ClientParts, incoming: IncomingRequest): boolean {
  const { userAgent, events } = client.sessions;
  const { message } = incoming;
  if (userAgent.receive(incoming)) return true;
  if (EVENT_METHODS.has(message.method) && events.receiveOutside(incoming)) return true;
  const inDialog = toOf(message)?.tag !== undefined;
  if (!inDialog || message.method === "ACK" || message.method === "MESSAGE") return false;
  if (refuseUnknownSession(client, incoming)) return true;
  userAgent.refuse(incoming);
  return true;
}

const EVENT_METHODS: ReadonlySet<string> = new Set(["NOTIFY", "SUBSCRIBE"]);

type Deed<Action> = (
  client: ClientParts,
  action: Action,
  changes: RequestChanges,
) => Promise<ActionAnswer> | ActionAnswer;

const DEEDS: { readonly [Name in SessionAction["action"]]: Deed<Extract<SessionAction, { action: Name }>> } =
  {
    "start-session": startSession,
    "rejoin-session": rejoinSession,
    "extend-session": extendSession,
    "cancel-session": (client, { session }, changes) => cancelSession(client, session, changes),
    "leave-session": (client, { session }, changes) => leaveSession(client, session, changes),
    "modify-session": (client, action, changes) => modifySession(client, action.session, action, changes),
    "refresh-session": (client, { session }, changes) => refreshSession(client, session, changes),
    "answer-invitations": (client, action) => {
      client.sessions.behaviour = action;
      return done("invitations are answered so");
    },
    "accept-invitation": (client, { session }) => answerRinging(client, session, { refuse: false }),
    "refuse-invitation": (client, { session, status }) =>
      answerRinging(client, session, { refuse: true, status }),
    "add-participants": addParticipants,
    "remove-participant": removeParticipant,
    "subscribe-participants": subscribeNamed,
    "unsubscribe-participants": (client, { session }, changes) => unsubscribeNamed(client, session, changes),
    "send-in-session": sendInSession,
    "show-composing": (client, { session, state }, changes) => showComposing(client, session, state, changes),
  };

export async function performInSession(
  client: ClientParts,
  action: SessionAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entry of this very action
  return (DEEDS[action.action] as Deed<SessionAction>)(client, action, changes);
}

export function isSessionAction(action: ClientAction): action is SessionAction {
  return action.action in DEEDS;
}

/** Ends what is open, and forgets what was there. */
export function resetSessions({ sessions }: ClientParts): void {
  sessions.script = {};
  sessions.behaviour = ACCEPTING;
  for (const session of sessions.list.splice(0)) endQuietly(session);
}

function endQuietly(session: ClientSession): void {
  session.disarm();
  unsubscribe(session);
  session.call?.cancel();
  session.leaving = true;
  session.dialog?.bye();
  session.media?.msrp.close();
}

export async function closeSessions({ sessions }: ClientParts): Promise<void> {
  for (const { disarm } of sessions.list) disarm();
  sessions.userAgent.close();
  sessions.events.close();
  await sessions.msrp.close();
}
