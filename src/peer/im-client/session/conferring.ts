/** The people of a conference: watched, added, removed (clauses 7.1.1.7, 7.1.1.11, 7.1.1.14). */
import type { SubscriptionHandler } from "../../../endpoint/events/subscription.ts";
import type { ActionAnswer, SessionAction } from "../../../spec/actions.ts";
import { ReadingError } from "../../../wire/reading-error.ts";
import { CONFERENCE_INFO_TYPE, readConferenceInfo } from "../../../wire/xml/conference-info.ts";
import type { ConferenceInfo } from "../../../wire/xml/conference-info.ts";
import type { ClientParts } from "../parts.ts";
import type { RequestChanges } from "../requesting.ts";
import { createAnswer, done, failed, statusLine } from "./answers.ts";
import { bareRequest, given, stimulusOf } from "./fields.ts";
import { addSession } from "./running.ts";
import { sessionNamed, setEdit } from "./session.ts";
import type { ClientSession } from "./session.ts";

type AddParticipantsAction = Extract<SessionAction, { action: "add-participants" }>;
type SubscribeParticipantsAction = Extract<SessionAction, { action: "subscribe-participants" }>;
type RemoveParticipantAction = Extract<SessionAction, { action: "remove-participant" }>;

/** In a dialog of its own (7.1.1.11-1). */
export function subscribe(
  client: ClientParts,
  session: ClientSession,
  changes: RequestChanges = {},
  identity?: string,
): Promise<ActionAnswer> {
  const { watching, routing } = client.decisions;
  const uri = identity ?? watching.requestUri(client, session);
  if (uri === undefined) return Promise.resolve(failed("the session has no identity"));
  const answer = createAnswer();
  const callId = `${client.ids.token(20)}@${client.config.homeDomain}`;
  setEdit(client.sessions, callId, "SUBSCRIBE", changes.edit);
  const subscribing = client.sessions.events.subscribe({
    ...stimulusOf(changes),
    to: routing.nextHop(client, bareRequest("SUBSCRIBE", uri)),
    uri,
    from: watching.from(client, session),
    callId,
    route: client.registration.serviceRoutes,
    event: "conference",
    accept: [CONFERENCE_INFO_TYPE],
    expiresS: watching.expiresS(client),
    headers: given([
      ["Accept-Contact", watching.acceptContact(client)],
      ["P-Preferred-Identity", watching.preferredIdentity(client)],
      ["Privacy", watching.privacy(client, session)],
      ["User-Agent", watching.userAgent(client)],
    ]),
    on: {
      ...answering(answer.settle),
      onNotify: ({ body, contentType }) => {
        if (contentType?.toLowerCase().startsWith(CONFERENCE_INFO_TYPE) === true) see(session, body);
      },
    },
  });
  session.watching.push(subscribing);
  return answer.promise;
}

function answering(settle: (answer: ActionAnswer) => void): SubscriptionHandler {
  return {
    onResponse: (response) => {
      if (response.status >= 200) settle(done(statusLine(response)));
    },
    onEnd: () => settle(failed("no answer")),
  };
}

/** RFC 4575 5: what the document says of users takes the place of what was known, or adds to it. */
function see(session: ClientSession, body: Uint8Array): void {
  const info = readable(body);
  const { participants } = session;
  if (info?.users === undefined) return;
  if (info.users.state === "full" && info.state === "full") participants.clear();
  for (const user of info.users.list) {
    if (user.entity === undefined) continue;
    const gone = user.state === "deleted" || user.endpoints.some(({ status }) => status === "disconnected");
    if (gone) participants.delete(user.entity);
    else participants.set(user.entity, user);
    if (user.yourOwn === true) session.ownEntity = user.entity;
  }
}

function readable(body: Uint8Array): ConferenceInfo | undefined {
  try {
    return readConferenceInfo(body);
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}

/** False: there is nothing to end. */
export function unsubscribe({ watching }: ClientSession): boolean {
  const active = watching
    .flatMap(({ subscriptions }) => subscriptions)
    .filter(({ handle }) => handle !== undefined);
  return active.map((one) => one.end()).some(Boolean);
}

export function subscribeNamed(
  client: ClientParts,
  { session: name, identity }: SubscribeParticipantsAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session =
    sessionNamed(client.sessions, name) ?? (identity === undefined ? undefined : outside(client));
  return session === undefined ? noSession() : subscribe(client, session, changes, identity);
}

/** Stands for a session that the client is not in, and only watches. */
function outside(client: ClientParts): ClientSession {
  const session = addSession(client, {
    name: undefined,
    kind: "rejoined",
    invitation: undefined,
    anonymous: false,
  });
  session.state = "ended";
  return session;
}

export function unsubscribeNamed(
  client: ClientParts,
  name: string | undefined,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, name);
  const callId = session?.watching.at(-1)?.subscriptions[0]?.handle?.dialog.callId;
  if (session === undefined || callId === undefined)
    return Promise.resolve(failed("nothing is subscribed to"));
  setEdit(client.sessions, callId, "SUBSCRIBE", changes.edit);
  return Promise.resolve(unsubscribe(session) ? done("unsubscribed") : failed("nothing is subscribed to"));
}

export function addParticipants(
  client: ClientParts,
  action: AddParticipantsAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const { session: name, to: users, anonymous = false } = action;
  const session = sessionNamed(client.sessions, name);
  if (session === undefined) return noSession();
  const { referring } = client.decisions;
  if (referring.tooMany(client, session, users))
    return Promise.resolve(failed("more users than an ad-hoc conference may have"));
  const targets = users.map((user) => referring.added(client, user));
  return refer(client, session, { targets, anonymous }, changes);
}

export function removeParticipant(
  client: ClientParts,
  { session: name, user }: RemoveParticipantAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, name);
  if (session === undefined) return noSession();
  const targets = [client.decisions.referring.removed(client, user)];
  return refer(client, session, { targets, anonymous: session.anonymous }, changes);
}

function refer(
  client: ClientParts,
  session: ClientSession,
  { targets, anonymous }: { readonly targets: readonly string[]; readonly anonymous: boolean },
  changes: RequestChanges,
): Promise<ActionAnswer> {
  const { referring, routing } = client.decisions;
  const uri = referring.requestUri(client, session);
  if (uri === undefined) return Promise.resolve(failed("the session has no identity"));
  const answer = createAnswer();
  const callId = `${client.ids.token(20)}@${client.config.homeDomain}`;
  setEdit(client.sessions, callId, "REFER", changes.edit);
  const [first] = targets;
  const target =
    targets.length === 1 && first !== undefined
      ? { referTo: first }
      : { recipients: targets.map((one) => ({ uri: one })) };
  const subscription = referring.wantsSubscription(client);
  client.sessions.events.refer({
    ...target,
    ...stimulusOf(changes),
    to: routing.nextHop(client, bareRequest("REFER", uri)),
    uri,
    from: referring.from(client, session, anonymous),
    callId,
    route: client.registration.serviceRoutes,
    ...(subscription === undefined ? {} : { subscription }),
    requireNorefersub: referring.requiresNorefersub(client, targets.length),
    headers: given([
      ["Accept-Contact", referring.acceptContact(client)],
      ["P-Preferred-Identity", referring.preferredIdentity(client)],
      ["Privacy", referring.privacy(client, anonymous)],
      ["Supported", referring.supported(client)],
      ["User-Agent", referring.userAgent(client)],
    ]),
    on: answering(answer.settle),
  });
  return answer.promise;
}

const noSession = (): Promise<ActionAnswer> => Promise.resolve(failed("there is no such session"));
