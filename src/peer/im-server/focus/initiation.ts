/** INVITE to the conference factory, to a group, or to a session (clauses 7.2.1.2 to 7.2.1.5). */
import { runBehaviours } from "../../im/behaviour.ts";
import type { Behaviour, Step } from "../../im/behaviour.ts";
import { recipientListOf } from "../../../wire/uri-list/recipient-list.ts";
import type { Group } from "../../../wire/xml/group.ts";
import { requireOriginator } from "../participating.ts";
import { refuseMedia, refuseSession } from "./answering.ts";
import { sendersOf } from "./decisions/session-admission.ts";
import { acceptableIn, CONTROLLING, readDescription } from "./media.ts";
import { introductionOf } from "./person.ts";
import { admit, comerOf, establish, inviteAll } from "./setting-up.ts";
import type { FocusTurn } from "./turn.ts";

type Way = Behaviour<FocusTurn>;

const openSession: Way = {
  name: "open-session",
  clause: "RFC 3261 13.3.1",
  run(turn) {
    turn.invite = turn.focus.open(turn.incoming);
    if (turn.invite === undefined) return "done";
    turn.invite.handle.annotation = CONTROLLING;
    return "next";
  },
};

const findTarget: Way = {
  name: "find-session-target",
  clause: "11",
  async run(turn) {
    const { server, focus } = turn;
    turn.target = await server.decisions.sessionAdmission.target(turn);
    if (cancelled(turn)) return "done";
    const { target } = turn;
    if (target.kind === "unknown") {
      const list = recipientListOf(turn.request).kind !== "none";
      return refuseSession(turn, list ? "factoryUnallocated" : "conferenceUnallocated");
    }
    if (target.kind === "session") turn.conference = target.conference;
    if (target.kind === "group")
      turn.conference = server.decisions.sessionAdmission.sessionOfGroup(turn, target.uri);
    return runBehaviours(waysFor(turn), turn, focus.skipped);
  },
};

/** While something was looked up, the caller may have given up. */
function cancelled({ invite }: FocusTurn): boolean {
  return invite !== undefined && invite.phase !== "early";
}

function waysFor({ target, conference }: FocusTurn): readonly Way[] {
  if (target.kind === "factory") return adHocSetUp;
  if (target.kind === "group") return conference === undefined ? groupSetUp : groupJoin;
  return rejoin;
}

/** The document of the group that the INVITE is for. */
function groupOf({ target, conference }: FocusTurn): Group | undefined {
  return target.kind === "group" ? target.group : conference?.group;
}

const authoriseFactory: Way = {
  name: "authorise-ad-hoc-session",
  clause: "7.2.1.2",
  run: (turn) =>
    turn.server.decisions.sessionAdmission.mayUseFactory(turn)
      ? "next"
      : refuseSession(turn, "sessionNotAuthorised"),
};

const checkAdHocAnonymity: Way = {
  name: "check-ad-hoc-session-anonymity",
  clause: "7.2.1.2",
  run: (turn) =>
    turn.server.decisions.sessionAdmission.adHocAnonymityAllowed(turn)
      ? "next"
      : refuseSession(turn, "sessionAnonymity"),
};

const checkMedia: Way = {
  name: "check-session-media",
  clause: "7.2.1.2, 7.2.1.3, 7.2.1.4, 7.2.1.5",
  run(turn) {
    turn.offer = readDescription(turn.invite?.offer);
    turn.medium = acceptableIn(turn.focus, turn.offer);
    return turn.medium === undefined ? refuseMedia(turn) : "next";
  },
};

const readInvited: Way = {
  name: "read-invited-users",
  clause: "RFC 5366 4.2",
  run(turn) {
    const list = recipientListOf(turn.request);
    if (list.kind !== "list") return refuseSession(turn, "invitedUnreadable");
    turn.entries = list.entries;
    return "next";
  },
};

const limitInvited: Way = {
  name: "limit-invited-users",
  clause: "7.2.1.2",
  run: (turn) =>
    turn.server.decisions.sessionAdmission.tooManyInvited(turn)
      ? refuseSession(turn, "sessionTooLarge")
      : "next",
};

const inviteListed: Way = {
  name: "invite-listed-users",
  clause: "7.2.1.2",
  run(turn) {
    const { server } = turn;
    const entries = server.decisions.sessionInvitation.listed(turn.entries);
    const kind = entries.length === 1 ? "one-to-one" : "ad-hoc";
    const admitted = entries.map(({ uri }) => server.decisions.sessionAdmission.admittedBy(uri));
    inviteAll(turn, establish(turn, kind, undefined, admitted), entries);
    return "done";
  },
};

const adHocSetUp: readonly Way[] = [
  authoriseFactory,
  checkAdHocAnonymity,
  readInvited,
  checkMedia,
  limitInvited,
  inviteListed,
];

const checkService: Way = {
  name: "check-group-sessions",
  clause: "7.2.1.3",
  run(turn) {
    const group = groupOf(turn);
    return group === undefined || turn.server.decisions.sessionAdmission.groupServesSessions(turn, group)
      ? "next"
      : refuseSession(turn, "groupWithoutSessions");
  },
};

const refuseOtherFocus: Way = {
  name: "refuse-other-focus",
  clause: "7.2.1.3, 7.2.1.4",
  run: (turn) =>
    turn.server.decisions.sessionAdmission.isFocus(turn) ? refuseSession(turn, "focusAssigned") : "next",
};

const authoriseInitiation: Way = {
  name: "authorise-group-session",
  clause: "7.2.1.3",
  run(turn) {
    const group = groupOf(turn);
    return group === undefined || turn.server.decisions.sessionAdmission.mayInitiate(turn, group)
      ? "next"
      : refuseSession(turn, "initiationNotAuthorised");
  },
};

const checkAge: Way = {
  name: "check-age",
  clause: "7.2.2.9",
  async run(turn) {
    const group = groupOf(turn);
    if (group?.ageRestrictions === undefined) return "next";
    if (turn.server.decisions.sessionAdmission.isHistoryFunction(turn)) return "next";
    const age = await turn.server.decisions.sessionAdmission.ageOf(turn, turn.originator);
    if (cancelled(turn)) return "done";
    return turn.server.decisions.sessionAdmission.ageAllowed(group, age)
      ? "next"
      : refuseSession(turn, "ageLimit");
  },
};

const checkGroupAnonymity: Way = {
  name: "check-group-session-anonymity",
  clause: "7.2.3.2",
  run(turn) {
    const group = groupOf(turn);
    if (!introductionOf(turn.request).anonymous) return "next";
    const { sessionAdmission } = turn.server.decisions;
    const allowed =
      group === undefined
        ? sessionAdmission.adHocAnonymityAllowed(turn)
        : sessionAdmission.groupAnonymityAllowed(turn, group, sendersOf(turn));
    return allowed ? "next" : refuseSession(turn, "sessionAnonymity");
  },
};

const inviteMembers: Way = {
  name: "invite-group-members",
  clause: "7.2.1.3, 7.2.2.2",
  run(turn): Step | Promise<Step> {
    const { target, focus, server } = turn;
    if (target.kind !== "group") return "next";
    // Somebody else may have begun the session while documents were read.
    turn.conference = server.decisions.sessionAdmission.sessionOfGroup(turn, target.uri);
    if (turn.conference !== undefined) return runBehaviours(groupJoin, turn, focus.skipped);
    const members = server.decisions.sessionAdmission.invitedMembers(turn, target.group);
    inviteAll(turn, establish(turn, "group", target.group, []), members);
    return "done";
  },
};

const groupSetUp: readonly Way[] = [
  checkService,
  refuseOtherFocus,
  authoriseInitiation,
  checkAge,
  checkGroupAnonymity,
  checkMedia,
  inviteMembers,
];

/** 7.2.2.9: whether the sender may enter the session; a history function, whether the one may who sent it. */
function mayEnter(turn: FocusTurn): boolean {
  const { conference, server } = turn;
  const { sessionAdmission } = server.decisions;
  if (conference === undefined) return true;
  if (sessionAdmission.isHistoryFunction(turn)) return sessionAdmission.historyMayJoin(turn, conference);
  const sender = sendersOf(turn);
  const group = groupOf(turn);
  return group === undefined
    ? sessionAdmission.mayRejoin(conference, sender)
    : sessionAdmission.mayJoinGroup(group, sender, introductionOf(turn.request).anonymous);
}

const authoriseJoining: Way = {
  name: "authorise-joining",
  clause: "7.2.1.4",
  run: (turn) => (mayEnter(turn) ? "next" : refuseSession(turn, "joiningNotAuthorised")),
};

const limitParticipants: Way = {
  name: "limit-participants",
  clause: "7.2.1.4, 7.2.1.5",
  run(turn) {
    const { conference, server } = turn;
    const { sessionAdmission } = server.decisions;
    if (conference === undefined || sessionAdmission.isHistoryFunction(turn)) return "next";
    return sessionAdmission.groupFull(conference) ? refuseSession(turn, "sessionFull") : "next";
  },
};

const letIn: Way = {
  name: "let-in",
  clause: "7.2.1.4, 7.2.1.5",
  run(turn) {
    const { conference } = turn;
    if (conference === undefined || conference.over) return refuseSession(turn, "sessionEnded");
    admit(turn, conference, comerOf(turn, conference), "joined");
    return "done";
  },
};

const groupJoin: readonly Way[] = [
  checkService,
  refuseOtherFocus,
  authoriseJoining,
  checkAge,
  limitParticipants,
  checkGroupAnonymity,
  checkMedia,
  letIn,
];

const requireSession: Way = {
  name: "require-session",
  clause: "7.2.1.5",
  run: (turn) => (turn.target.kind === "session" ? "next" : refuseSession(turn, "sessionEnded")),
};

const authoriseRejoining: Way = {
  name: "authorise-rejoining",
  clause: "7.2.1.5",
  run: (turn) => (mayEnter(turn) ? "next" : refuseSession(turn, "rejoiningNotAllowed")),
};

const rejoin: readonly Way[] = [
  requireSession,
  authoriseRejoining,
  checkAge,
  limitParticipants,
  checkGroupAnonymity,
  checkMedia,
  letIn,
];

export const sessionInvite: readonly Way[] = [requireOriginator, openSession, findTarget];
