/** Invitations that come, and changes of the sessions that they make (clause 7.1.2). */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { IncomingInvite, OfferDecision, Offered } from "../../../endpoint/user-agent/session-events.ts";
import type { ActionAnswer, AnswerInvitationsAction } from "../../../spec/actions.ts";
import { sipResponse } from "../../../wire/sip/build.ts";
import { sessionExpiresOf } from "../../../wire/sip/session-fields.ts";
import { assertedUri, fromUri } from "../../im/address.ts";
import type { ClientParts } from "../parts.ts";
import { done, failed } from "./answers.ts";
import { given } from "./fields.ts";
import { answerOffer, descriptionIn, messageMediaIn, offerOf, openMedia } from "./media.ts";
import { addSession, endMedia, learn, watch } from "./running.ts";
import { sessionNamed } from "./session.ts";
import type { ClientSession } from "./session.ts";

export function receiveInvitation(client: ClientParts, incoming: IncomingInvite): void {
  const { behaviour } = client.sessions;
  const { invited } = client.decisions;
  const { invite } = incoming;
  const purpose = invited.purpose(client, invite, messageMediaIn(descriptionIn(incoming.offer)));
  if (purpose !== "session") return incoming.reject(invited.otherPurposeStatus(client, purpose));
  const session = addSession(client, {
    name: behaviour.session,
    kind: "invited",
    invitation: undefined,
    anonymous: false,
  });
  session.incoming = incoming;
  session.state = "ringing";
  learn(session, invite);
  watch(client, session, incoming);
  const from = assertedUri(invite) ?? fromUri(invite) ?? "";
  client.sessions.store({ from, kind: "invitation", text: session.peer.identity ?? "" });
  const { maxSize } = behaviour;
  openMedia(client, session, {
    acceptTypes: invited.acceptTypes(client, behaviour),
    ...(maxSize === undefined ? {} : { maxSize }),
  });
  incoming.onOffer = (offered) => answerModification(client, session, offered);
  answer(client, session, behaviour);
}

function answer(client: ClientParts, session: ClientSession, behaviour: AnswerInvitationsAction): void {
  const { incoming } = session;
  if (incoming === undefined) return;
  const { invited } = client.decisions;
  const how = invited.answer(client, incoming.invite, behaviour);
  if (how === "silence") return;
  const act = (): void => {
    if (session.state !== "ringing") return;
    if (how === "refuse") refuse(client, session, behaviour.status);
    else if (how === "accept") accept(client, session);
    else refuse(client, session, invited.timeoutStatus(client));
  };
  const ringMs = behaviour.ringMs ?? (how === "ring" ? invited.ringMs(client) : 0);
  if (ringMs === 0) return act();
  const { ringsReliably = false } = client.sessions.script;
  incoming.ring({ headers: identityFields(client, incoming), ...(ringsReliably ? { reliable: true } : {}) });
  session.disarm = client.clock.callAt(client.clock.now() + ringMs, act);
}

function identityFields(client: ClientParts, { invite }: IncomingInvite): ReturnType<typeof given> {
  return given([["P-Preferred-Identity", client.decisions.invited.preferredIdentity(client, invite)]]);
}

/** 7.1.2.1-5 to 8. An INVITE without an offer gets one. */
function accept(client: ClientParts, session: ClientSession): void {
  const { incoming, media } = session;
  if (incoming === undefined || media === undefined) return;
  session.disarm();
  const headers = identityFields(client, incoming);
  if (incoming.offer === undefined) return incoming.accept({ headers, body: offerOf(media) });
  const answered = answerOffer(client, media, incoming.offer);
  if ("status" in answered) {
    endMedia(session);
    return incoming.reject(answered.status);
  }
  incoming.accept({ headers, body: answered.body });
  answered.start();
}

/** 7.1.2.1-9. */
function refuse(client: ClientParts, session: ClientSession, status: number | undefined): void {
  session.disarm();
  session.incoming?.reject(status ?? client.decisions.invited.refusalStatus(client));
}

/** A re-INVITE or an UPDATE, or the offer in a response (7.1.2.2). */
export function answerModification(
  client: ClientParts,
  session: ClientSession,
  { offer, message }: Offered,
): OfferDecision {
  const { invited } = client.decisions;
  return invited.modification(client, message, decided(client, session, offer, message));
}

function decided(
  client: ClientParts,
  session: ClientSession,
  offer: Offered["offer"],
  message: Offered["message"],
): OfferDecision {
  const { media, dialog } = session;
  const headers = timerFields(client, message);
  if (media === undefined) return { status: client.decisions.invited.unacceptableStatus(client) };
  // Who asks for an offer gets the description as it is.
  if (offer === undefined)
    return message.kind === "request" && message.method === "UPDATE"
      ? { headers }
      : { headers, body: dialog?.local ?? offerOf(media) };
  const version = media.origin.version;
  media.origin.version += 1;
  const answered = answerOffer(client, media, offer);
  if ("status" in answered) {
    media.origin.version = version;
    return answered;
  }
  answered.start();
  return { body: answered.body, headers };
}

/** 7.1.2.2-5: where the request leaves it open who refreshes, the client does. */
function timerFields(client: ClientParts, message: Offered["message"]): ReturnType<typeof given> {
  if (message.kind !== "request") return [];
  const asked = sessionExpiresOf(message);
  const { invited } = client.decisions;
  const interval = asked?.interval ?? invited.sessionExpiresS(client);
  if (asked?.refresher !== undefined || interval === undefined) return [];
  return given([["Session-Expires", `${interval};refresher=${invited.refresher(client)}`]]);
}

/** By hand: the invitation that rings. */
export function answerRinging(
  client: ClientParts,
  name: string | undefined,
  how: { readonly refuse: boolean; readonly status?: number | undefined },
): ActionAnswer {
  const { list } = client.sessions;
  const session =
    name === undefined
      ? list.findLast(({ state }) => state === "ringing")
      : sessionNamed(client.sessions, name);
  if (session?.state !== "ringing") return failed("no invitation rings");
  if (how.refuse) refuse(client, session, how.status);
  else accept(client, session);
  return done(how.refuse ? "refused" : "accepted");
}

/** 7.1.2.2-1: false where it is no re-INVITE. */
export function refuseUnknownSession(client: ClientParts, incoming: IncomingRequest): boolean {
  if (incoming.message.method !== "INVITE") return false;
  const { status, warning } = client.decisions.invited.noSuchSession(client);
  const { invited } = client.decisions;
  const headers = given([
    ["Warning", warning],
    ["User-Agent", invited.userAgent(client, incoming.message)],
  ]);
  incoming.respond(sipResponse(incoming.message, status, undefined, { headers }));
  return true;
}
