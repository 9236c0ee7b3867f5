/** A conference is made, its originator answered when the first invited user accepts (clauses 7.2.1.2, 7.2.1.3). */
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import type { SipResponse } from "../../../wire/sip/message.ts";
import { parseSipUri } from "../../../wire/sip/uri.ts";
import type { Group } from "../../../wire/xml/group.ts";
import type { ListEntry } from "../../../wire/xml/resource-lists.ts";
import { createAliasTable } from "../switch/aliases.ts";
import { acceptInvite, speakAs } from "./answering.ts";
import type { Conference, ConferenceKind, MediaTerms, Participant } from "./conference.ts";
import { inviteUser, learntFrom } from "./inviting.ts";
import { answerTo, CONTROLLING, newMsrp, newOrigin, termsOf } from "./media.ts";
import { enter, release, remove } from "./membership.ts";
import { introductionOf, type Person } from "./person.ts";
import { createRoster } from "./roster.ts";
import type { Focus, FocusTurn } from "./turn.ts";

/** The beginnings of a participant who sent an INVITE. */
export interface Comer {
  readonly id: string;
  readonly person: Person;
  readonly uri: string;
}

/** Who sent the INVITE; one who asks for privacy gets an alias of the conference. */
export function comerOf(turn: FocusTurn, conference: Pick<Conference, "aliases" | "group">): Comer {
  const introduction = introductionOf(turn.request);
  const identities = introduction.identities.length === 0 ? [turn.originator] : introduction.identities;
  const { sessionAnswer } = turn.server.decisions;
  const id = turn.server.ids.token(10);
  const person = {
    identities,
    displayName: sessionAnswer.displayName({ group: conference.group, identities, introduction }),
    alias: introduction.anonymous
      ? conference.aliases.enterAnonymous(id, introduction.field, identities)
      : undefined,
  };
  return { id, person, uri: turn.originator };
}

/** 7.2.1.2-6, 7.2.1.3-8: the focus, its identity and its switch. */
export function establish(
  turn: FocusTurn,
  kind: ConferenceKind,
  group: Group | undefined,
  invited: readonly string[],
): { readonly conference: Conference; readonly comer: Comer } {
  const { focus, server, medium } = turn;
  const identity = server.decisions.sessionAnswer.newIdentity(
    server.ids.token(12),
    parseSipUri(server.config.serviceUris.conferenceFactory).host,
  );
  const aliases = createAliasTable(server.decisions.alias);
  const comer = comerOf(turn, { aliases, group });
  const groupIdentity = group === undefined ? {} : { groupIdentity: group.uri };
  const conference: Conference = {
    kind,
    identity,
    group,
    originator: comer.person,
    admitted: [...invited],
    terms: medium === undefined ? NO_TERMS : termsOf(focus, medium),
    participants: new Map(),
    invitations: new Set(),
    roster: createRoster(),
    aliases,
    mediaSwitch: focus.createSwitch(server, { sessionIdentity: identity, ...groupIdentity }, ({ id }) =>
      takeLoss(focus, conference, id),
    ),
    startedAt: server.clock.now(),
    over: false,
    stopClock: () => undefined,
  };
  focus.conferences.add(conference);
  limitLength(focus, conference);
  return { conference, comer };
}

/** Without its MSRP session nobody can take part. */
function takeLoss(focus: Focus, conference: Conference, id: string): void {
  const participant = conference.participants.get(id);
  if (participant === undefined || participant.session.phase === "ended") return;
  if (focus.server.decisions.sessionRelease.removesLost()) remove(focus, conference, participant);
}

const NO_TERMS: MediaTerms = { acceptTypes: [], acceptWrappedTypes: [], maxSize: undefined, others: [] };

/** 7.2.2.8-1, e. `seconds`: in place of what the policy says. */
export function limitLength(focus: Focus, conference: Conference, seconds?: number): void {
  const { decisions, policy, clock } = focus.server;
  const { sessionRelease } = decisions;
  const variables = sessionRelease.variables(conference, policy());
  const length = sessionRelease.maximumLengthS(
    seconds === undefined ? variables : { ...variables, maximumLengthS: seconds },
  );
  conference.stopClock();
  if (length === undefined) return;
  conference.stopClock = clock.callAt(clock.now() + length * 1000, () => release(focus, conference));
}

/** Answers an INVITE with a place in the conference: 7.2.1.1. */
export function admit(
  turn: FocusTurn,
  conference: Conference,
  { id, person, uri }: Comer,
  how: Participant["how"],
  answeredTypes?: readonly string[],
): void {
  const { focus, invite, offer, medium, server } = turn;
  if (invite === undefined || offer === undefined || medium === undefined) return;
  const { sessionMedia, conferenceState, sessionAdmission } = server.decisions;
  const msrp = newMsrp(focus);
  const description = newOrigin(focus);
  const kept = termsOf(focus, medium);
  const terms = { ...kept, acceptTypes: sessionMedia.answerTypes(kept.acceptTypes, answeredTypes) };
  const { body, answer } = answerTo(focus, offer, medium, { session: msrp, terms, origin: description });
  answer.start();
  acceptInvite(focus, conference, invite, body);
  enter(focus, conference, {
    id,
    person,
    how,
    entity: conferenceState.userEntity(uri, person.alias, how),
    session: invite,
    msrp,
    terms: kept,
    description,
    ...learntFrom(invite.incoming.message),
    history: sessionAdmission.isHistoryFunction(turn),
    superseded: false,
  });
}

/** The INVITE that is waiting for those who are invited. */
interface SetUp {
  readonly turn: FocusTurn;
  readonly invite: IncomingInvite;
  readonly conference: Conference;
  readonly comer: Comer;
  readonly refusals: number[];
  readonly rung: { done: boolean };
}

/** 7.2.1.2-9, 7.2.1.3-8a. Without anybody to invite the originator is answered at once. */
export function inviteAll(
  turn: FocusTurn,
  { conference, comer }: { readonly conference: Conference; readonly comer: Comer },
  entries: readonly ListEntry[],
): void {
  const { focus, invite } = turn;
  if (invite === undefined) return;
  const setUp: SetUp = { turn, invite, conference, comer, refusals: [], rung: { done: false } };
  speakAs(focus, conference, invite);
  invite.on((event) => {
    if (event.type === "ended" && (event.why === "cancelled" || event.why === "rejected"))
      release(focus, conference);
  });
  const { sessionAnswer } = focus.server.decisions;
  if (entries.length === 0) return admit(turn, conference, comer, "originator");
  if (sessionAnswer.answersEarly(focus)) admit(turn, conference, comer, "originator");
  for (const entry of entries)
    inviteUser({
      focus,
      conference,
      inviter: comer.person,
      entry,
      entries,
      later: false,
      cause: turn.incoming.message,
      onStatus: (status, response) => takeStatus(setUp, status, response),
      onEntered: ({ terms }) => {
        if (invite.phase === "early" && sessionAnswer.firstIsEnough(focus, conference))
          admit(turn, conference, comer, "originator", terms.acceptTypes);
      },
    });
}

function takeStatus(setUp: SetUp, status: number, _response: SipResponse | undefined): void {
  const { turn, invite, conference, refusals, rung } = setUp;
  const { focus } = turn;
  const { sessionAnswer } = focus.server.decisions;
  if (status < 200) {
    if (status !== 180 || rung.done || invite.phase !== "early" || !sessionAnswer.passesAlerting(focus))
      return;
    rung.done = true;
    return invite.ring({ annotation: CONTROLLING });
  }
  if (status >= 300) refusals.push(status);
  if (conference.invitations.size > 0 || status < 300) return;
  // Where its time was over before anybody came, whoever began it is still owed an answer.
  if (invite.phase === "early") {
    invite.reject(sessionAnswer.failureStatus(focus, refusals), { annotation: CONTROLLING });
  } else if (!conference.over && sessionAnswer.removesAlone(focus)) removeAlone(focus, conference);
}

/** 7.2.1.2, 7.2.1.3: everybody has refused, and the originator has its 200. */
function removeAlone(focus: Focus, conference: Conference): void {
  const [alone, ...others] = [...conference.participants.values()];
  if (alone?.how === "originator" && others.length === 0 && conference.roster.change === 1)
    remove(focus, conference, alone);
}
