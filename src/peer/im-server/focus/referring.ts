/** REFER: users are added to a session or removed from it (clauses 7.2.1.7, 7.2.1.8). */
import type { ReferReporting } from "../../../endpoint/events/refer-receiver.ts";
import type { ReferTarget } from "../../../wire/sip/refer-fields.ts";
import type { ListEntry } from "../../../wire/xml/resource-lists.ts";
import type { Behaviour, Step } from "../../im/behaviour.ts";
import { sameAddress } from "../../im/address.ts";
import type { RefusalName } from "../decisions/refusals.ts";
import { refusalHeaders } from "../outgoing.ts";
import { requireOriginator } from "../participating.ts";
import { given } from "./answering.ts";
import type { Conference } from "./conference.ts";
import { sendersOf } from "./decisions/session-admission.ts";
import { inviteUser } from "./inviting.ts";
import { CONTROLLING } from "./media.ts";
import { remove } from "./membership.ts";
import { introductionOf, type Person } from "./person.ts";
import { participantWith } from "./presence.ts";
import { conferenceOf } from "./target.ts";
import type { FocusTurn } from "./turn.ts";

type Way = Behaviour<FocusTurn>;

const openRefer: Way = {
  name: "open-refer",
  clause: "RFC 3515 2.4.2",
  run(turn) {
    turn.refer = turn.focus.openRefer(turn.incoming);
    return turn.refer === undefined ? "done" : "next";
  },
};

const findReferred: Way = {
  name: "find-referred-conference",
  clause: "7.2.1.7, 7.2.1.8",
  async run(turn) {
    turn.conference = await conferenceOf(turn);
    return turn.conference === undefined ? refuseRefer(turn, "referWithoutSession") : "next";
  },
};

function refuseRefer(turn: FocusTurn, name: RefusalName): Step {
  const { status } = turn.server.decisions.refusals[name](turn);
  turn.refer?.reject(status, { headers: given(refusalHeaders(turn, name)), annotation: CONTROLLING });
  return "done";
}

function methodOf({ refer }: FocusTurn): string {
  return refer?.targets[0]?.method.toUpperCase() ?? "INVITE";
}

const refuseOtherMethods: Way = {
  name: "refuse-other-methods",
  clause: "7.2.1.7, 7.2.1.8",
  run: (turn) => (["INVITE", "BYE"].includes(methodOf(turn)) ? "next" : refuseRefer(turn, "referNotAllowed")),
};

const authoriseAdding: Way = {
  name: "authorise-adding",
  clause: "7.2.1.7",
  run(turn) {
    const { conference, server } = turn;
    if (methodOf(turn) !== "INVITE" || conference === undefined) return "next";
    const { sessionAdmission } = server.decisions;
    return sessionAdmission.mayAdd(conference, sendersOf(turn))
      ? "next"
      : refuseRefer(turn, "addingNotAllowed");
  },
};

/** 7.2.1.7-2, 7.2.3.2-1: who asks for privacy may not be named to those who are invited. */
const checkReferAnonymity: Way = {
  name: "check-refer-anonymity",
  clause: "7.2.1.7, 7.2.3.2",
  run(turn) {
    const { conference, focus, server } = turn;
    if (conference === undefined || !introductionOf(turn.request).anonymous) return "next";
    return server.decisions.sessionAdmission.invitedMayHide(focus, conference, sendersOf(turn))
      ? "next"
      : refuseRefer(turn, "sessionAnonymity");
  },
};

/** 7.2.1.7-3. */
function added({ refer, server }: FocusTurn): readonly ListEntry[] {
  if (refer === undefined) return [];
  const entries = refer.entries ?? refer.targets.map(({ uri }) => ({ uri }));
  return server.decisions.referral.invited(entries, refer);
}

const limitAdded: Way = {
  name: "limit-added-users",
  clause: "7.2.1.7",
  run(turn) {
    const { conference, server } = turn;
    if (methodOf(turn) !== "INVITE" || conference === undefined) return "next";
    return server.decisions.sessionAdmission.tooManyAdded(turn, conference, added(turn).length)
      ? refuseRefer(turn, "addingTooMany")
      : "next";
  },
};

/** The 2xx, and the reports that follow it. */
function accept(turn: FocusTurn): ReferReporting | undefined {
  const { refer, server } = turn;
  if (refer === undefined) return undefined;
  const { referral } = server.decisions;
  return refer.accept({
    status: referral.status(refer),
    subscription: referral.subscribes(refer),
    headers: given([["Supported", referral.supported(refer)]]),
    annotation: CONTROLLING,
  });
}

const addUsers: Way = {
  name: "add-users",
  clause: "7.2.1.7",
  run(turn): Step | Promise<Step> {
    const { conference } = turn;
    if (methodOf(turn) !== "INVITE" || conference === undefined) return "next";
    const entries = added(turn);
    const report = reportOf(turn, accept(turn), entries.length);
    const limited = conference.group?.ageRestrictions !== undefined;
    for (const entry of limited ? [] : entries) addIfAllowed(turn, conference, entry, report);
    return limited ? addOfAge(turn, conference, entries, report) : "done";
  },
};

/** 7.2.2.7: where the group limits the age of its participants, that of each one is looked up first. */
async function addOfAge(
  turn: FocusTurn,
  conference: Conference,
  entries: readonly ListEntry[],
  report: Report,
): Promise<Step> {
  const { sessionAdmission, referral } = turn.server.decisions;
  for (const entry of entries) {
    const age = await sessionAdmission.addedAgeOf(turn, entry.uri);
    const { group } = conference;
    if (group !== undefined && sessionAdmission.ageAllowed(group, age))
      addIfAllowed(turn, conference, entry, report);
    else report(referral.notAllowedStatus());
  }
  return "done";
}

function addIfAllowed(turn: FocusTurn, conference: Conference, entry: ListEntry, report: Report): void {
  const { sessionAdmission, referral } = turn.server.decisions;
  if (!conference.over && sessionAdmission.mayBeAdded(conference, entry.uri))
    add(turn, conference, entry, report);
  else report(referral.notAllowedStatus());
}

type Report = (status: number) => void;

/** 7.2.1.7-10: each response is told; with the last final one the subscription ends. */
function reportOf(turn: FocusTurn, reporting: ReferReporting | undefined, users: number): Report {
  let open = users;
  return (status) => {
    if (status >= 200) open -= 1;
    const fragment = turn.server.decisions.referral.fragment(status);
    if (fragment === undefined) return;
    reporting?.tellFrag(fragment, { last: open === 0 && status >= 200, annotation: CONTROLLING });
  };
}

function add(
  turn: FocusTurn,
  conference: Conference,
  entry: ListEntry,
  report: (status: number) => void,
): void {
  const { focus, server } = turn;
  conference.admitted.push(server.decisions.sessionAdmission.admittedBy(entry.uri));
  inviteUser({
    focus,
    conference,
    inviter: inviterOf(turn, conference),
    entry,
    entries: [entry],
    later: true,
    cause: turn.incoming.message,
    onStatus: (status) => report(status),
  });
}

/** 7.2.1.7, note: privacy in REFER hides the inviter from the invited user. */
function inviterOf(turn: FocusTurn, conference: Conference): Person {
  const sender = sendersOf(turn);
  const introduction = introductionOf(turn.request);
  const known = participantWith(conference, sender)?.person;
  const alias = introduction.anonymous ? { uri: introduction.field.uri } : known?.alias;
  const displayName = known?.displayName ?? introduction.assertedName ?? introduction.field.displayName;
  return { identities: sender, displayName, alias };
}

const removeUser: Way = {
  name: "remove-user",
  clause: "7.2.1.8",
  run(turn) {
    const { conference, refer, focus } = turn;
    const target = refer?.targets[0];
    if (methodOf(turn) !== "BYE" || conference === undefined || target === undefined) return "next";
    const sender = sendersOf(turn);
    const uri = userIn(turn, conference, target);
    const { sessionAdmission, referral } = turn.server.decisions;
    if (!sessionAdmission.mayRemove(conference, sender, uri)) return refuseRefer(turn, "removingNotAllowed");
    const removed = participantWith(conference, [referral.removed(uri, conference)]);
    const report = reportOf(turn, accept(turn), 1);
    if (removed === undefined) report(404);
    else remove(focus, conference, removed, report);
    return "done";
  },
};

/** Refer-To names the user (7.1.1.14); where it names the session (7.2.1.8-2), who sent the REFER means itself. */
function userIn(turn: FocusTurn, conference: Conference, { requestUri }: ReferTarget): string {
  const session =
    sameAddress(requestUri, conference.identity) || sameAddress(requestUri, conference.group?.uri ?? "");
  return session ? turn.originator : requestUri;
}

export const sessionRefer: readonly Way[] = [
  requireOriginator,
  openRefer,
  findReferred,
  refuseOtherMethods,
  authoriseAdding,
  checkReferAnonymity,
  limitAdded,
  addUsers,
  removeUser,
];
