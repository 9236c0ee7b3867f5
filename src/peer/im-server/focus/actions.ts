/** What the control hook can start in a session (clauses 7.2.2.4, 7.2.2.6, 7.2.2.8, 7.2.3.5). */
import type { ServerSessionAction } from "../../../spec/actions.ts";
import type { Conference } from "./conference.ts";
import { cancelInvitations, release, remove } from "./membership.ts";
import { modify } from "./modification.ts";
import { participantWith } from "./presence.ts";
import { limitLength } from "./setting-up.ts";
import type { Focus } from "./turn.ts";

/** Why it could not be done; undefined: it was. */
export async function performInSession(
  focus: Focus,
  action: ServerSessionAction,
): Promise<string | undefined> {
  if (action.action === "group-changed") return rereadGroup(focus, action.group);
  const { conferences } = focus;
  const conference = conferences.withIdentity(action.session) ?? conferences.ofGroup(action.session);
  if (conference === undefined) return `there is no session ${action.session}`;
  if (action.action === "announce") return announce(conference, action);
  if (action.action === "cancel-invitations") cancelInvitations(focus, conference);
  else if (action.action === "limit-session") limitLength(focus, conference, action.seconds);
  else
    for (const participant of conference.participants.values())
      if (focus.server.decisions.sessionMedia.modifies(participant))
        modify(focus, conference, participant, { ...participant.terms, acceptTypes: action.acceptTypes });
  return undefined;
}

function announce(
  conference: Conference,
  { kind, text, externalContent, to }: Extract<ServerSessionAction, { action: "announce" }>,
): string | undefined {
  const announcement = { kind, ...(externalContent === undefined ? { text } : { externalContent }) };
  const chosen = to?.map((uri) => participantWith(conference, [uri]));
  if (chosen?.includes(undefined) === true) return `not all of ${to?.join(", ")} take part`;
  void conference.mediaSwitch.announce(
    announcement,
    chosen?.flatMap((participant) => participant?.id ?? []),
  );
  return undefined;
}

/** 7.2.2.8: a group that is deleted ends its session (1, f); one whose rules changed, the part of those they shut out (2, a). */
async function rereadGroup(focus: Focus, uri: string): Promise<string | undefined> {
  const conference = focus.conferences.ofGroup(uri);
  if (conference === undefined) return `the group ${uri} has no session`;
  const { sessionRelease } = focus.server.decisions;
  const group = await focus.server.xdm.group(uri);
  if (group === undefined) {
    if (sessionRelease.endsWithGroup(conference)) release(focus, conference);
    return undefined;
  }
  conference.group = group;
  for (const participant of conference.participants.values())
    if (!sessionRelease.mayStay(conference, participant)) remove(focus, conference, participant);
  return undefined;
}
