/** Re-INVITE in both directions (clauses 7.2.1.6, 7.2.1.11, 7.2.2.6). */
import type { OfferDecision } from "../../../endpoint/user-agent/session-events.ts";
import type { ModificationOptions } from "../../../endpoint/user-agent/options.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import { attributeValue } from "../../../wire/sdp/lines.ts";
import type { MessageMedia } from "../../../wire/sdp/message-media.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import type { Conference, Participant } from "./conference.ts";
import {
  acceptableIn,
  answerTo,
  capabilityBody,
  CONTROLLING,
  type DescribedSession,
  newMsrp,
  offerOf,
  readDescription,
  termsOf,
} from "./media.ts";
import { awaitFiles, passedOn, takeFileAnswers, takenFiles, type TakenFile } from "./files.ts";
import { switchParticipant } from "./membership.ts";
import type { Focus } from "./turn.ts";

export function watchModification(focus: Focus, conference: Conference, participant: Participant): void {
  participant.session.onOffer = ({ offer }) => decide(focus, conference, participant, offer);
}

function decide(
  focus: Focus,
  conference: Conference,
  participant: Participant,
  offered: Body | undefined,
): OfferDecision {
  const { local } = participant.session;
  // A re-INVITE without an offer asks for one: nothing has changed.
  if (offered === undefined) return local === undefined ? {} : { body: local };
  const offer = readDescription(offered);
  const medium = acceptableIn(focus, offer);
  if (offer === undefined || medium === undefined) return { status: 488, body: capabilityBody(focus) };
  return { body: answerChange(focus, conference, participant, offer, medium) };
}

/** The new answer; a new path makes a new MSRP session. */
function answerChange(
  focus: Focus,
  conference: Conference,
  participant: Participant,
  offer: SdpDescription,
  medium: MessageMedia,
): Body {
  const offeredTerms = termsOf(focus, medium);
  const { sessionMedia } = focus.server.decisions;
  participant.description.version += 1;
  const moved = pathIn(medium) !== participant.msrp.remotePath;
  const session = moved ? newMsrp(focus) : participant.msrp;
  const terms = { ...offeredTerms, acceptTypes: sessionMedia.modifiedTypes(offeredTerms.acceptTypes) };
  const files = takenFiles(focus, offer);
  const own = { session, terms, origin: participant.description };
  const { body, answer } = answerTo(focus, offer, medium, own, files);
  if (moved) {
    participant.msrp.close();
    answer.start();
  } else awaitFiles(files);
  if (files.length > 0) passFilesOn(focus, conference, participant, files);
  const kept = sessionMedia.modifiedTerms(terms, participant.terms);
  apply(focus, conference, participant, { session, terms: kept });
  return body;
}

function passFilesOn(
  focus: Focus,
  conference: Conference,
  by: Participant,
  files: readonly TakenFile[],
): void {
  const { sessionMedia } = focus.server.decisions;
  for (const participant of conference.participants.values())
    if (participant !== by && sessionMedia.modifies(participant))
      modify(focus, conference, participant, participant.terms, passedOn(focus, files));
}

function pathIn({ section }: MessageMedia): string {
  return (attributeValue(section, "path") ?? "").trim().replace(/ +/g, " ");
}

/** The switch goes by the new parameters. */
function apply(
  focus: Focus,
  conference: Conference,
  participant: Participant,
  { session, terms }: { readonly session: Participant["msrp"]; readonly terms: Participant["terms"] },
): void {
  const { msrp, terms: before } = participant;
  participant.msrp = session;
  participant.terms = terms;
  const same =
    msrp === session &&
    before.maxSize === terms.maxSize &&
    before.acceptTypes.join() === terms.acceptTypes.join();
  if (same) return;
  conference.mediaSwitch.join(switchParticipant(focus, conference, participant));
}

/** 7.2.2.6: the new parameters hold when they are answered with 200. */
export function modify(
  focus: Focus,
  conference: Conference,
  participant: Participant,
  terms: Participant["terms"],
  files: readonly DescribedSession[] = [],
): void {
  const { sessionMedia } = focus.server.decisions;
  participant.description.version += 1;
  const { body, description } = offerOf(
    focus,
    participant.msrp,
    sessionMedia.modified(terms, participant),
    participant.description,
    files,
  );
  const modifying: ModificationOptions = {
    body,
    annotation: CONTROLLING,
    onDone: ({ outcome }) => {
      const answer = outcome === "accepted" ? readDescription(participant.session.remote) : undefined;
      const medium = acceptableIn(focus, answer);
      takeFileAnswers(files, description, answer);
      if (medium === undefined && !sessionMedia.keepsCurrent()) conference.mediaSwitch.leave(participant.id);
      if (medium === undefined || !sessionMedia.activatesModified()) return;
      apply(focus, conference, participant, { session: participant.msrp, terms: termsOf(focus, medium) });
    },
  };
  if (sessionMedia.modifiesBy() === "UPDATE") participant.session.update(modifying);
  else participant.session.reinvite(modifying);
}
