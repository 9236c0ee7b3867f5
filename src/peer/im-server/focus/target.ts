/** The conference that a request to a session identity or a group is for, within one of its dialogs or outside. */
import type { Conference } from "./conference.ts";
import type { FocusTurn } from "./turn.ts";

export async function conferenceOf(turn: FocusTurn): Promise<Conference | undefined> {
  const { focus, server, request } = turn;
  const handle = focus.agent.dialogs.of(request);
  const own =
    handle &&
    focus.conferences
      .list()
      .find(({ participants }) =>
        [...participants.values()].some(({ session }) => session.handle === handle),
      );
  if (own) {
    turn.target = { kind: "session", uri: own.identity, conference: own };
    return own;
  }
  turn.target = await server.decisions.sessionAdmission.target(turn);
  if (turn.target.kind === "session") return turn.target.conference;
  return turn.target.kind === "group" ? focus.conferences.ofGroup(turn.target.uri) : undefined;
}
