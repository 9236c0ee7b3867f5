/** MSRP of sessions through the terminating participating function, where that stays in the path of the media (6.1.3). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { uriKey, uriOf } from "../trace/session/media-sessions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import type { SipRecord } from "../trace/scenario-trace.ts";
import type { TerminatingCall } from "./terminating-session.ts";

/** It put paths of its own into the offer. */
export function isInMediaPath({ isB2bua, taken, sent, further, session }: TerminatingCall): boolean {
  if (!isB2bua || further === session) return false;
  const [came, went] = [pathsIn(taken.request), pathsIn(sent.request)];
  if (came.length > 0) return went.length > 0 && came.every((path) => !went.includes(path));
  const [answered, told] = [sent.final, taken.final].map((one) => (one === undefined ? [] : pathsIn(one)));
  return (
    answered !== undefined &&
    told !== undefined &&
    answered.length > 0 &&
    told.length > 0 &&
    answered.every((path) => !told.includes(path))
  );
}

function pathsIn(record: SipRecord): readonly string[] {
  const media = descriptionIn(record)?.media ?? [];
  return media.flatMap((medium) => {
    const uri = uriOf(medium);
    return uri === undefined ? [] : [uriKey(uri)];
  });
}

/** Messages that came to the server on the leg of the inviting side, or of the client; a SEND without content is no message. */
export function toServer(
  { session, further }: TerminatingCall,
  leg: "network" | "client",
  trace: ScenarioTrace,
): readonly SessionMessage[] {
  return trace.sessionMode
    .messagesIn(leg === "network" ? session : further)
    .filter(({ way, isEmpty }) => way === "to-sut" && !isEmpty);
}

/** The message as the server sent it on by the other leg. */
export function relayed(
  { session, further }: TerminatingCall,
  leg: "network" | "client",
  message: SessionMessage,
  trace: ScenarioTrace,
): SessionMessage | undefined {
  return trace.sessionMode
    .messagesIn(leg === "network" ? further : session)
    .find((one) => one.way === "from-sut" && one.seq > message.seq && isSame(one, message));
}

function isSame(one: SessionMessage, other: SessionMessage): boolean {
  if (one.messageId === other.messageId) return true;
  return one.body !== undefined && other.body !== undefined && Buffer.from(one.body).equals(other.body);
}
