/** INVITEs of the focus to users (clauses 7.2.2.1, 7.2.2.2), and what becomes of each. */
import type { InviteSession } from "../../../endpoint/user-agent/session-events.ts";
import { bodyWithList, recipientHistoryPart } from "../../../wire/uri-list/recipient-list.ts";
import { headerValues, header, contactsOf } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { type ReferTarget, targetOf } from "../../../wire/sip/refer-fields.ts";
import { readable } from "../../../wire/sip/error.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import { parseReplaces, type Replaces } from "../../../wire/sip/session-fields.ts";
import type { ListEntry } from "../../../wire/xml/resource-lists.ts";
import { isNamed, nameForFarEnd } from "../participating-session/call.ts";
import { given } from "./answering.ts";
import type { Conference, Invitation, Participant } from "./conference.ts";
import type { Inviting } from "./decisions/session-invitation.ts";
import { CONTROLLING, type DescriptionOrigin, newMsrp, newOrigin, offerOf, termsOf } from "./media.ts";
import { enter } from "./membership.ts";
import { introductionOf, isPerson, type Person } from "./person.ts";
import type { Focus } from "./turn.ts";

export interface InvitationAsk {
  readonly focus: Focus;
  readonly conference: Conference;
  readonly inviter: Person;
  /** As listed: with what the request is to carry (Appendix L). */
  readonly entry: ListEntry;
  /** Everybody in the list, for those who may know of each other (RFC 5366 5.2). */
  readonly entries: readonly ListEntry[];
  readonly later: boolean;
  readonly cause: SipRequest;
  /** Each provisional response and the final one: 408 and 503 where none came, 487 when it was cancelled. */
  readonly onStatus: (status: number, response: SipResponse | undefined) => void;
  /** The answer was taken: before `onStatus`. */
  readonly onEntered?: (participant: Participant) => void;
}

export function inviteUser(ask: InvitationAsk): void {
  const { focus, conference, entry } = ask;
  const target = targetOf(entry.uri);
  const session = newMsrp(focus);
  const origin = newOrigin(focus);
  const terms = focus.server.decisions.sessionMedia.offered(conference.terms);
  const offer = offerOf(focus, session, terms, origin);
  const invite = focus.agent.invite({ ...requestFor(ask, target), ...bodyFor(ask, offer.body) });
  const invitation: Invitation = { uri: target.requestUri, invite };
  conference.invitations.add(invitation);
  const over = (status: number, response?: SipResponse): void => {
    if (!conference.invitations.delete(invitation)) return;
    if (status >= 300) session.close();
    ask.onStatus(status, response);
  };
  invite.on((event) => {
    if (event.type === "provisional" && event.response.status > 100)
      ask.onStatus(event.response.status, event.response);
    else if (event.type === "accepted" && event.kept) {
      const entered = takeAcceptance(ask, target, { ...event, offer, msrp: session, origin });
      if (entered !== undefined) ask.onEntered?.(entered);
      over(entered === undefined ? 488 : event.response.status, event.response);
    } else if (event.type === "rejected") over(event.response.status, event.response);
    else if (event.type === "cancelled") over(487, event.response);
    else if (event.type === "failed") over(event.reason === "timeout" ? 408 : 503);
  });
}

/** Field by field as 7.2.2.1 has it; Supported and Allow come from the user agent, User-Agent from what the server says in all requests. */
function requestFor({ focus, conference, inviter, later, cause }: InvitationAsk, target: ReferTarget) {
  const { sessionInvitation } = focus.server.decisions;
  const inviting: Inviting = { focus, conference, inviter, uri: target.requestUri, later };
  const replaces = replacesIn(target, focus);
  return {
    to: sessionInvitation.nextHop(inviting),
    uri: sessionInvitation.requestUri(inviting),
    from: sessionInvitation.from(inviting),
    toField: sessionInvitation.to(inviting),
    contact: sessionInvitation.contact(inviting),
    callId: `${focus.server.ids.token(20)}@${focus.server.config.homeDomain}`,
    sessionTimer: sessionInvitation.sessionTimer(inviting),
    annotation: CONTROLLING,
    cause,
    headers: given([
      ["Accept-Contact", sessionInvitation.acceptContact(inviting)],
      ["P-Asserted-Identity", sessionInvitation.assertedIdentity(inviting)],
      ["Referred-By", sessionInvitation.referredBy(inviting)],
      ["Privacy", sessionInvitation.privacy(inviting)],
      ["Subject", sessionInvitation.subject(inviting)],
      ["Require", replaces === undefined ? undefined : "replaces"],
    ]),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Appendix L: the session that the invited user is to give up. */
function replacesIn({ headers, requestUri }: ReferTarget, focus: Focus): Replaces | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === "replaces")?.[1];
  const named = value === undefined ? undefined : readable(() => parseReplaces(value.trim()));
  return named && nameForInvited(named, requestUri, focus);
}

/** Whoever asks knows its own dialog with the focus only: the invited user has another one in the same conference. */
function nameForInvited(named: Replaces, invited: string, { conferences }: Focus): Replaces {
  for (const { participants } of conferences.list()) {
    const all = [...participants.values()];
    const partner = all.find(({ person }) => isPerson(person, invited));
    if (partner !== undefined && all.some(({ session }) => isNamed(session.dialog, named)))
      return { ...named, ...nameForFarEnd(partner.session.dialog) };
  }
  return named;
}

function bodyFor({ focus, entries, entry, conference }: InvitationAsk, offer: Body): { readonly body: Body } {
  const history = conference.group === undefined ? recipientHistoryPart(entries, entry.uri) : undefined;
  return { body: history === undefined ? offer : bodyWithList(offer, history, focus.server.ids.token(24)) };
}

interface Acceptance {
  readonly response: SipResponse;
  readonly session: InviteSession;
  readonly offer: ReturnType<typeof offerOf>;
  readonly msrp: Participant["msrp"];
  readonly origin: DescriptionOrigin;
}

/** 7.2.2.2, 200: the user takes part, unless its answer is of no use or it asks for an anonymity that is not allowed. */
function takeAcceptance(
  ask: InvitationAsk,
  target: ReferTarget,
  acceptance: Acceptance,
): Participant | undefined {
  const { focus, conference } = ask;
  const { response, session, msrp, origin } = acceptance;
  session.handle.annotation = CONTROLLING;
  const medium = acceptance.offer.take(session.remote);
  const introduction = introductionOf(response);
  const identities = [target.requestUri, ...introduction.identities];
  const { sessionAdmission } = focus.server.decisions;
  const allowed = !introduction.anonymous || sessionAdmission.invitedMayHide(focus, conference, identities);
  if (medium === undefined || !allowed || conference.over) {
    msrp.close();
    session.bye({ annotation: CONTROLLING });
    return undefined;
  }
  const id = focus.server.ids.token(10);
  const person = personFor(ask, id, identities, introduction);
  const participant: Participant = {
    id,
    person,
    how: "invited",
    entity: focus.server.decisions.conferenceState.userEntity(target.requestUri, person.alias, "invited"),
    session,
    msrp,
    terms: termsOf(focus, medium),
    description: origin,
    ...learntFrom(response),
    history: false,
    superseded: false,
  };
  enter(focus, conference, participant);
  return participant;
}

function personFor(
  { focus, conference }: InvitationAsk,
  id: string,
  identities: readonly string[],
  introduction: ReturnType<typeof introductionOf>,
): Person {
  const { group } = conference;
  return {
    identities,
    displayName: focus.server.decisions.sessionAnswer.displayName({ group, identities, introduction }),
    alias: introduction.anonymous
      ? conference.aliases.enterAnonymous(id, introduction.field, identities)
      : undefined,
  };
}

/** 7.2.2.2, 7.2.1.2-4: what is kept of a request or response: methods, Contact, release. */
export function learntFrom(
  message: SipRequest | SipResponse,
): Pick<Participant, "allow" | "contact" | "release"> {
  return {
    allow: headerValues(message, "Allow").map((method) => method.toUpperCase()),
    contact: contactsOf(message)[0]?.uri,
    // Clients name theirs in User-Agent of a response, too.
    release:
      message.kind === "request"
        ? header(message, "User-Agent")
        : (header(message, "Server") ?? header(message, "User-Agent")),
  };
}
