/** Participating functions in the path of the media (6.1.3): what came on one leg in MSRP, and what went out on the other. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { memo } from "./memo.ts";
import { pathsIn } from "./passed-description.ts";
import {
  dialogWith,
  otherSide,
  requestsFrom,
  requestsTo,
  sessionLegs,
  type ParticipatingFunction,
  type SessionLegs,
  type Side,
} from "./session-legs.ts";

export interface MediaLegs {
  readonly call: SessionLegs;
  readonly of: ParticipatingFunction;
  /** Whom the function serves. */
  readonly client: Side;
}

const CLIENTS: Readonly<Record<ParticipatingFunction, Side>> = {
  originating: "caller",
  terminating: "callee",
};

/** Calls of both functions, with the path of the media through the server or past it. */
export const participatingCalls = memo((trace: ScenarioTrace): readonly MediaLegs[] =>
  (["originating", "terminating"] as const).flatMap((of) =>
    sessionLegs(trace, of).map((call) => ({ call, of, client: CLIENTS[of] })),
  ),
);

/** The description went on with other paths than it came with. Undefined: there was none. */
export function changesPath({ taken, sent }: SessionLegs): boolean | undefined {
  const offered = pathsIn(taken.request);
  if (offered.length === 0) return undefined;
  const kept = new Set(pathsIn(sent.request));
  return offered.every((uri) => !kept.has(uri));
}

/** Those that have the media of both ends to pass on, where both ends are to be seen. */
export const mediaCalls = memo((trace: ScenarioTrace): readonly MediaLegs[] =>
  participatingCalls(trace).filter(
    ({ call }) =>
      call.isB2bua &&
      call.session !== call.further &&
      changesPath(call) === true &&
      (["caller", "callee"] as const).every((side) => isSeen(call, side, trace)),
  ),
);

/** A client of Scrim's is at that end, or something was to be seen there: where nothing was, the server may have sent nothing. */
function isSeen(call: SessionLegs, side: Side, trace: ScenarioTrace): boolean {
  const dialog = dialogWith(call, side);
  const isAtClient = dialog.invite.hops.some(({ request }) => request.nodeKind === "client");
  return (
    (isAtClient && hasMedia(dialog)) ||
    trace.sessionMode.media.some(
      ({ sessions, records }) => sessions.includes(dialog) && records.some(({ way }) => way !== "within"),
    )
  );
}

/** Both ends have given a path. */
function hasMedia({ agreements }: InviteSession): boolean {
  return agreements.some(
    ({ offer, answer }) =>
      answer !== undefined && pathsIn(offer.record).length > 0 && pathsIn(answer.record).length > 0,
  );
}

export interface Passage {
  readonly legs: MediaLegs;
  /** Who sent it. */
  readonly from: Side;
  readonly taken: SessionMessage;
  /** As the server sent it to the other side. */
  readonly sent: SessionMessage | undefined;
}

/** Messages that came from a side; an empty SEND is of its own leg. */
export function messagesFrom(
  { call }: MediaLegs,
  side: Side,
  trace: ScenarioTrace,
): readonly SessionMessage[] {
  return trace.sessionMode
    .messagesIn(dialogWith(call, side))
    .filter(({ way, isEmpty }) => way === "to-sut" && !isEmpty);
}

export function messagesTo({ call }: MediaLegs, side: Side, trace: ScenarioTrace): readonly SessionMessage[] {
  return trace.sessionMode
    .messagesIn(dialogWith(call, side))
    .filter(({ way, isEmpty }) => way === "from-sut" && !isEmpty);
}

export const passages = memo((trace: ScenarioTrace): readonly Passage[] =>
  mediaCalls(trace).flatMap((legs) =>
    (["caller", "callee"] as const).flatMap((from) => {
      const out = messagesTo(legs, otherSide(from), trace);
      const claimed = new Set<SessionMessage>();
      return messagesFrom(legs, from, trace).map((taken) => {
        const sent = out.find((one) => !claimed.has(one) && isSameMessage(taken, one));
        if (sent !== undefined) claimed.add(sent);
        return { legs, from, taken, sent };
      });
    }),
  ),
);

/** By its id, or, where the server gives each leg ids of its own, by what it brings. */
export function isSameMessage(taken: SessionMessage, sent: SessionMessage): boolean {
  if (sent.seq <= taken.seq) return false;
  if (taken.messageId !== "" && taken.messageId === sent.messageId) return true;
  const [before, after] = [taken.body, sent.body];
  return before !== undefined && after !== undefined && Buffer.from(before).equals(after);
}

/** The session was over, or soon would be: what is on its way then may get lost. */
export function isNearEnd({ legs: { call }, taken }: Passage, trace: ScenarioTrace): boolean {
  const byes = (["caller", "callee"] as const).flatMap((side) => [
    ...requestsFrom(call, side, "BYE"),
    ...requestsTo(call, side, "BYE"),
  ]);
  const end = taken.chunks.at(-1)?.request.at ?? taken.at;
  return byes.some(({ request }) => request.at - end < trace.sutFile.guards.actionMs);
}

/** Somebody at an end of the session does not do what MSRP asks of it: what comes of that is no doing of the server's. */
export function hasMisbehaviour(trace: ScenarioTrace): boolean {
  return trace.stimuli.some(({ action }) => action === "misbehave-in-sessions");
}
