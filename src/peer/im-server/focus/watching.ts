/** SUBSCRIBE to the state of a conference (clause 7.2.1.12). */
import type { Behaviour } from "../../im/behaviour.ts";
import { eventOf } from "../../../wire/sip/headers.ts";
import { claimsDialog } from "../../../machine/dialog/in-dialog.ts";
import { refuse } from "../outgoing.ts";
import { requireOriginator } from "../participating.ts";
import { sendersOf } from "./decisions/session-admission.ts";
import { CONFERENCE_EVENT } from "./subscribers.ts";
import { conferenceOf } from "./target.ts";
import type { FocusTurn } from "./turn.ts";

type Way = Behaviour<FocusTurn>;

/** Other packages, and what is in a dialog that is not there, are refused as the event agent does it. */
const passOtherEvents: Way = {
  name: "pass-other-events",
  clause: "RFC 6665 8.3.2",
  run(turn) {
    const { request, focus, incoming } = turn;
    const known = eventOf(request)?.type.toLowerCase() === CONFERENCE_EVENT;
    const lost = claimsDialog(request) && focus.agent.dialogs.of(request) === undefined;
    if (known && !lost) return "next";
    focus.events.receiveOutside(incoming);
    return "done";
  },
};

const findWatched: Way = {
  name: "find-watched-conference",
  clause: "7.2.1.12, 11.2",
  async run(turn) {
    turn.conference = await conferenceOf(turn);
    return turn.target.kind === "unknown" || turn.target.kind === "ended"
      ? refuse(turn, "watchedUnallocated")
      : "next";
  },
};

const authoriseWatching: Way = {
  name: "authorise-watching",
  clause: "7.2.1.12",
  run(turn) {
    const { conference, server, focus, incoming } = turn;
    const watcher = sendersOf(turn);
    const { sessionAdmission } = server.decisions;
    if (!sessionAdmission.mayAskToWatch(turn)) return refuse(turn, "watcherNotAuthorised");
    if (conference === undefined || !sessionAdmission.mayWatch(conference, watcher))
      return refuse(turn, "watchingNotAllowed");
    focus.subscribers.expect(incoming.message, conference, watcher);
    focus.events.receiveOutside(incoming);
    return "done";
  },
};

export const sessionSubscribe: readonly Way[] = [
  requireOriginator,
  passOtherEvents,
  findWatched,
  authoriseWatching,
];
