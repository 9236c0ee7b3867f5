/** Sessions that the client starts, joins, extends, and gives up again (clauses 7.1.1.1 to 7.1.1.4, 7.1.1.6, 7.1.1.9, 7.1.1.10, 7.1.1.13, 7.1.1.15). */
import type { InviteEvent } from "../../../endpoint/user-agent/session-events.ts";
import type { InviteOptions } from "../../../endpoint/user-agent/options.ts";
import type {
  ActionAnswer,
  ExtendSessionAction,
  RejoinSessionAction,
  StartSessionAction,
} from "../../../spec/actions.ts";
import { assertedUri, fromUri, uriOf } from "../../im/address.ts";
import type { ClientParts } from "../parts.ts";
import type { RequestChanges } from "../requesting.ts";
import { createAnswer, done, failed, statusLine } from "./answers.ts";
import { subscribe } from "./conferring.ts";
import { bareRequest, given, stimulusOf } from "./fields.ts";
import { offerOf, openMedia } from "./media.ts";
import { addSession, endMedia, learn, watch } from "./running.ts";
import { sessionNamed, setEdit } from "./session.ts";
import type { ClientSession, Invitation } from "./session.ts";

export function startSession(
  client: ClientParts,
  action: StartSessionAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const { to, toKind, anonymous = false, alias, acceptTypes, maxSize } = action;
  const kind = toKind === "user" && to.length === 1 ? "one-to-one" : toKind === "group" ? "group" : "ad-hoc";
  const more = { anonymous, alias, acceptTypes, maxSize };
  const recipients = kind === "ad-hoc" ? to : [];
  return invite(client, { kind, target: to[0] ?? "", recipients, ...more }, action.session, changes);
}

export function rejoinSession(
  client: ClientParts,
  action: RejoinSessionAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const left = sessionNamed(client.sessions, action.session);
  const target = action.identity ?? client.decisions.inviting.storedIdentity(client, left);
  if (target === undefined) return Promise.resolve(failed("the session is not known any more"));
  const anonymous = action.anonymous ?? left?.anonymous ?? false;
  const alias = action.alias ?? left?.invitation?.alias;
  const name = action.session ?? left?.name;
  const { acceptTypes } = action;
  const invitation = { kind: "rejoined", target, recipients: [], anonymous, alias, acceptTypes } as const;
  return invite(client, invitation, name, changes);
}

export function extendSession(
  client: ClientParts,
  action: ExtendSessionAction,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, action.session);
  const user = session && otherUser(session);
  if (session?.state !== "open" || user === undefined)
    return Promise.resolve(failed("there is no one-to-one session to extend"));
  const extended = { session, user };
  const { anonymous } = session;
  return invite(
    client,
    { kind: "ad-hoc", target: "", recipients: action.to, extended, anonymous },
    action.as,
    changes,
  );
}

/** Who takes part in a one-to-one session. */
function otherUser({ invitation, dialog }: ClientSession): string | undefined {
  if (invitation !== undefined) return invitation.target;
  const invite = dialog?.invite;
  return invite && (assertedUri(invite) ?? fromUri(invite) ?? uriOf(dialog.dialog.remote));
}

export function cancelSession(
  client: ClientParts,
  name: string | undefined,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, name);
  const { call } = session ?? {};
  if (session?.state !== "inviting" || call === undefined)
    return Promise.resolve(failed("there is no invitation without an answer"));
  const answer = createAnswer();
  call.on((event) => {
    const says = endOf(event);
    if (says !== undefined) answer.settle(says);
  });
  setEdit(client.sessions, call.callId, "CANCEL", changes.edit);
  call.cancel(stimulusOf(changes));
  return answer.promise;
}

/** 7.1.1.3-4: a list with too many users is not sent; the user is told. */
function invite(
  client: ClientParts,
  invitation: Invitation,
  name: string | undefined,
  changes: RequestChanges,
): Promise<ActionAnswer> {
  const { inviting } = client.decisions;
  const users =
    invitation.extended === undefined ? invitation.recipients : inviting.entries(client, invitation);
  if (invitation.kind === "ad-hoc" && inviting.tooMany(client, users))
    return Promise.resolve(failed("more users than an ad-hoc conference may have"));
  const session = addSession(client, {
    name,
    kind: invitation.kind,
    invitation,
    anonymous: invitation.anonymous,
  });
  const maxSize = inviting.maxSize(client, invitation);
  const media = openMedia(client, session, {
    acceptTypes: inviting.acceptTypes(client, invitation),
    ...(maxSize === undefined ? {} : { maxSize }),
  });
  const answer = createAnswer();
  const callId = `${client.ids.token(20)}@${client.config.homeDomain}`;
  setEdit(client.sessions, callId, "INVITE", changes.edit);
  session.call = client.sessions.userAgent.invite({
    ...optionsOf(client, invitation, offerOf(media)),
    ...stimulusOf(changes),
    callId,
    on: (event) => {
      take(client, session, event);
      const says = endOf(event);
      if (says !== undefined) answer.settle(says);
    },
  });
  return answer.promise;
}

function optionsOf(
  client: ClientParts,
  invitation: Invitation,
  offer: ReturnType<typeof offerOf>,
): InviteOptions {
  const { inviting, routing } = client.decisions;
  const uri = inviting.requestUri(client, invitation);
  const interval = inviting.sessionExpiresS(client, invitation);
  return {
    to: routing.nextHop(client, bareRequest("INVITE", uri)),
    uri,
    from: inviting.from(client, invitation),
    toField: inviting.to(client, invitation),
    route: client.registration.serviceRoutes,
    sessionTimer: { interval, refresher: inviting.refresher(client, invitation) },
    body: inviting.body(client, invitation, offer),
    headers: given([
      ["Accept-Contact", inviting.acceptContact(client, invitation)],
      ["P-Preferred-Identity", inviting.preferredIdentity(client, invitation)],
      ["Privacy", inviting.privacy(client, invitation)],
      ["Require", inviting.require(client, invitation)],
      ["User-Agent", inviting.userAgent(client, invitation)],
    ]),
  };
}

function take(client: ClientParts, session: ClientSession, event: InviteEvent): void {
  if ("response" in event && event.response !== undefined) learn(session, event.response);
  switch (event.type) {
    case "session":
      return watch(client, session, event.session);
    case "accepted":
      if (!event.kept) return;
      session.dialog = event.session;
      session.state = "open";
      if (
        session.invitation !== undefined &&
        client.decisions.inviting.subscribes(client, session.invitation)
      )
        void subscribe(client, session);
      return;
    case "rejected":
    case "cancelled":
    case "failed":
      session.state = "ended";
      endMedia(session);
      return;
    case "provisional":
      break;
  }
}

function endOf(event: InviteEvent): ActionAnswer | undefined {
  if (event.type === "failed") return failed(event.reason);
  if (event.type === "accepted" || event.type === "rejected") return done(statusLine(event.response));
  if (event.type !== "cancelled") return undefined;
  return done(event.response === undefined ? "cancelled" : statusLine(event.response));
}
