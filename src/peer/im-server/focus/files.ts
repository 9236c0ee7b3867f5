/** Files in an offer of a participant (clause 7.2.1.6, note; RFC 5547): each has an MSRP session of its own, and goes on to the others (7.2.2.6). */
import { takeAnswer, type MsrpTerms } from "../../../endpoint/msrp/negotiation.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import { attributeValue, linesOf } from "../../../wire/sdp/lines.ts";
import type { MessageMedia } from "../../../wire/sdp/message-media.ts";
import { messageMediaIn, newMsrp, type DescribedSession } from "./media.ts";
import type { Focus } from "./turn.ts";

/** A file that is taken from who offers it. */
export interface TakenFile extends DescribedSession {
  readonly medium: MessageMedia;
}

export function takenFiles(focus: Focus, offer: SdpDescription): readonly TakenFile[] {
  const { sessionMedia } = focus.server.decisions;
  return messageMediaIn(offer)
    .filter((medium) => medium.file !== undefined && medium.port !== 0 && sessionMedia.takesFile(medium))
    .map((medium) => ({ medium, session: newMsrp(focus), terms: termsOf(medium, "recvonly") }));
}

/** Who offers connects, unless it asks to be connected to (RFC 6135 4.2). */
export function awaitFiles(files: readonly TakenFile[]): void {
  for (const { medium, session } of files)
    session.connect((attributeValue(medium.section, "path") ?? "").trim(), {
      role: medium.setup === "passive" ? "active" : "passive",
    });
}

/** The same files for another participant; what comes is passed on as soon as it is whole. */
export function passedOn(focus: Focus, files: readonly TakenFile[]): readonly DescribedSession[] {
  return files.map(({ medium, session: from }) => {
    const session = newMsrp(focus);
    from.onMessage(({ contentType, body }) => {
      if (session.state !== "closed") session.send(body, { contentType });
    });
    return { session, terms: termsOf(medium, "sendonly") };
  });
}

/** What became of the files of an offer, which stand behind the medium of the session. */
export function takeFileAnswers(
  files: readonly DescribedSession[],
  offer: SdpDescription,
  answer: SdpDescription | undefined,
): void {
  for (const [place, { session }] of files.entries())
    if (answer === undefined) session.close();
    else takeAnswer(session, offer, answer, { index: place + 1 });
}

function termsOf(medium: MessageMedia, direction: "sendonly" | "recvonly"): MsrpTerms {
  return {
    acceptTypes: medium.acceptTypes,
    direction,
    lines: linesOf(medium.section, "a").filter(({ value }) => value.startsWith("file-")),
  };
}
