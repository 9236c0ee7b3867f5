/** Participants come and go: the switch, the subscribers and the release policy are told (clauses 7.2.1.10, 7.2.2.5, 7.2.2.8, 7.2.2.12). */
import type { Conference, Participant } from "./conference.ts";
import { CONTROLLING } from "./media.ts";
import { watchModification } from "./modification.ts";
import { isPerson } from "./person.ts";
import type { SwitchParticipant } from "../switch/participant.ts";
import type { Focus } from "./turn.ts";

export function switchParticipant(
  focus: Focus,
  conference: Conference,
  participant: Participant,
): SwitchParticipant {
  const { id, person, msrp, terms } = participant;
  const { displayName, alias, identities } = person;
  const { sessionAdmission, sessionMedia } = focus.server.decisions;
  return {
    id,
    address: identities[0] ?? participant.entity,
    ...(displayName === undefined ? {} : { displayName }),
    ...(alias === undefined ? {} : { alias }),
    session: msrp,
    ...(terms.maxSize === undefined ? {} : { maxSize: terms.maxSize }),
    acceptTypes: terms.acceptTypes,
    knowsPrivateMessages: sessionMedia.knowsPrivateMessages(participant.release),
    mayWritePrivately: sessionAdmission.mayWritePrivately(focus, conference, identities),
  };
}

/** RFC 3261 17.1.2.2, Timer F with the usual T1: as long as a BYE is waited for. */
const BYE_MS = 32_000;

/** One whose session is agreed on. */
export function enter(focus: Focus, conference: Conference, participant: Participant): void {
  const { person, session } = participant;
  const { clock } = focus.server;
  for (const other of conference.participants.values())
    if (!other.superseded && isPerson(other.person, ...person.identities))
      supersede(focus, conference, other);
  conference.participants.set(participant.id, participant);
  session.handle.annotation = CONTROLLING;
  conference.mediaSwitch.join(switchParticipant(focus, conference, participant));
  watchModification(focus, conference, participant);
  note(conference, participant, true);
  focus.subscribers.changed(conference);
  session.on((event) => {
    if (event.type !== "ended") return;
    // One that the focus removes has left when its BYE is answered (7.2.2.12).
    if (event.by === "local" && event.why === "bye") return;
    // Nor has one whose time is over; where no BYE could be sent, nobody answers one.
    if (event.by === "local" && event.why === "expired") {
      session.onExpired = () => depart(focus, conference, participant);
      clock.callAt(clock.now() + BYE_MS, () => depart(focus, conference, participant));
    } else depart(focus, conference, participant);
  });
}

/** The same user came by another dialog: the older one is taken down without meaning anything. */
function supersede(focus: Focus, conference: Conference, participant: Participant): void {
  participant.superseded = true;
  conference.participants.delete(participant.id);
  conference.mediaSwitch.leave(participant.id);
  participant.msrp.close();
  participant.session.bye({ annotation: CONTROLLING });
  focus.subscribers.changed(conference);
}

function note(conference: Conference, participant: Participant, present: boolean): void {
  const { id, entity, person, history } = participant;
  // 7.2.2.10-2: a history function is not told of.
  if (history) return;
  conference.roster.set({
    id,
    entity,
    identities: person.identities,
    displayName: person.alias === undefined ? person.displayName : person.alias.displayName,
    present,
  });
}

/** It is no longer there: 7.2.1.10, and 7.2.2.12 after the 200 to BYE. */
export function depart(focus: Focus, conference: Conference, participant: Participant): void {
  if (!conference.participants.delete(participant.id)) return;
  if (focus.server.decisions.sessionRelease.releasesMedia(participant)) {
    conference.mediaSwitch.leave(participant.id);
    participant.msrp.close();
  }
  conference.aliases.leave(participant.id);
  note(conference, participant, false);
  // Whose subscription ends is told of it in the last NOTIFY.
  focus.subscribers.left(conference, participant);
  focus.subscribers.changed(conference);
  if (conference.over) return endIfEmpty(focus, conference);
  if (mustRelease(focus, conference, participant)) release(focus, conference);
}

/** 7.2.2.8, after one has left. */
function mustRelease(focus: Focus, conference: Conference, participant: Participant): boolean {
  const { sessionRelease } = focus.server.decisions;
  const variables = sessionRelease.variables(conference, focus.server.policy());
  return (
    sessionRelease.endsWithOriginator(conference, participant) ||
    sessionRelease.autoReleases(conference, participant, variables) ||
    sessionRelease.leavesOneAlone(conference) ||
    sessionRelease.leavesTooFew(conference, variables) ||
    sessionRelease.forbidden(conference, focus.server.clock.now())
  );
}

/** 7.2.2.12. `onDone`: the status of the answer to BYE; 408 when there was none. */
export function remove(
  focus: Focus,
  conference: Conference,
  participant: Participant,
  onDone: (status: number) => void = () => undefined,
): void {
  participant.session.bye({
    annotation: CONTROLLING,
    onDone: (response) => {
      depart(focus, conference, participant);
      onDone(response?.status ?? 408);
    },
  });
}

/** 7.2.2.5: everybody is removed, nobody is invited any more, and subscriptions end when the last one has left. */
export function release(focus: Focus, conference: Conference): void {
  if (conference.over) return;
  conference.over = true;
  conference.stopClock();
  focus.conferences.end(conference);
  cancelInvitations(focus, conference);
  for (const participant of conference.participants.values())
    if (focus.server.decisions.sessionRelease.removes(conference, participant))
      remove(focus, conference, participant);
  endIfEmpty(focus, conference);
}

/** 7.2.2.4. */
export function cancelInvitations(focus: Focus, conference: Conference): void {
  if (!focus.server.decisions.sessionRelease.cancels(conference)) return;
  for (const { invite } of conference.invitations) invite.cancel({ annotation: CONTROLLING });
}

function endIfEmpty(focus: Focus, conference: Conference): void {
  if (conference.participants.size > 0) return;
  conference.mediaSwitch.close();
  focus.subscribers.end(conference);
}
