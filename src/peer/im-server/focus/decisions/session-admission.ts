/** Who may begin, enter, extend and watch a session (clauses 7.2.1.2 to 7.2.1.5, 7.2.1.7, 7.2.1.8, 7.2.1.12, 7.2.2.3, 7.2.2.7, 7.2.2.9, 11). */
import { sameAddress, withoutParameters } from "../../../im/address.ts";
import { headerFields } from "../../../../wire/sip/headers.ts";
import { referredByOf, targetOf } from "../../../../wire/sip/refer-fields.ts";
import {
  ageFits,
  groupAllows,
  groupIsFull,
  groupServes,
  membersToInvite,
} from "../../../../wire/xml/group-permission.ts";
import type { Group, GroupAction, GroupMember } from "../../../../wire/xml/group.ts";
import { servedUser } from "../../decisions/admission.ts";
import type { Conference } from "../conference.ts";
import { introductionOf, isPerson } from "../person.ts";
import { participantWith } from "../presence.ts";
import type { Focus, FocusTurn, SessionTarget } from "../turn.ts";

/** All addresses of who sent the request. */
export function sendersOf(turn: FocusTurn): readonly string[] {
  const { identities } = introductionOf(turn.request);
  return identities.length === 0 ? [turn.originator] : identities;
}

function knownTarget(turn: FocusTurn): SessionTarget | undefined {
  const { conferenceFactory, endedSession } = turn.server.config.serviceUris;
  const uri = withoutParameters(turn.request.uri);
  if (sameAddress(uri, conferenceFactory)) return { kind: "factory", uri };
  const conference = turn.focus.conferences.withIdentity(uri);
  if (conference) return { kind: "session", uri, conference };
  if (sameAddress(uri, endedSession) || turn.focus.conferences.hasEnded(uri)) return { kind: "ended", uri };
  return undefined;
}

function permits(group: Group, action: GroupAction, sender: readonly string[], anonymous = false): boolean {
  return groupAllows(group, action, { sender, anonymous });
}

/** Participants who count, and who were asked. */
function headcount(conference: Conference): number {
  const { participants, invitations } = conference;
  return [...participants.values()].filter(({ history }) => !history).length + invitations.size;
}

export const sessionAdmission = {
  /** 7.2.1.2-1, 7.2.1.5-1, 7.2.1.12-1 and 2, 11.1, 11.2: what the Request-URI stands for. */
  target: async (turn: FocusTurn): Promise<SessionTarget> => {
    const known = knownTarget(turn);
    if (known) return known;
    const uri = withoutParameters(turn.request.uri);
    const group = await turn.server.xdm.group(uri);
    return group ? { kind: "group", uri, group } : { kind: "unknown", uri };
  },
  /** 7.2.1.2-2. */
  mayUseFactory: (turn: FocusTurn): boolean =>
    !servedUser(turn, turn.originator)?.properties.includes("unauthorised"),
  /** 7.2.1.2-3. */
  adHocAnonymityAllowed: (turn: FocusTurn): boolean =>
    !introductionOf(turn.request).anonymous || turn.server.policy().adHocAnonymity,
  /** 7.2.1.2-8. */
  tooManyInvited: (turn: FocusTurn): boolean => {
    const { adHocMaximum, originatorCounts } = turn.server.policy();
    return turn.entries.length + (originatorCounts ? 1 : 0) > adHocMaximum;
  },
  /** 7.2.1.3-1. */
  groupServesSessions: (_turn: FocusTurn, group: Group): boolean => groupServes(group, "message-session"),
  /** 7.2.1.3-2, 7.2.1.4-1: another focus has the sender already. The text puts it in the URI, RFC 4579 behind it. */
  isFocus: (turn: FocusTurn): boolean =>
    headerFields(turn.request, "Contact").some(({ value }) => /;\s*isfocus\b/i.test(value)),
  /** 7.2.1.3-3, 7.2.2.3. */
  mayInitiate: (turn: FocusTurn, group: Group): boolean =>
    !servedUser(turn, turn.originator)?.properties.includes("unauthorised") &&
    permits(group, "allow-initiate-conference", sendersOf(turn), introductionOf(turn.request).anonymous),
  /** 7.2.2.3, 7.2.2.2-3: members who are invited, where the document wants it, and no more than may take part. */
  invitedMembers: (turn: FocusTurn, group: Group): readonly GroupMember[] =>
    membersToInvite(group, sendersOf(turn)),
  /** 7.2.1.3-6, 7.2.3.2-1. */
  groupAnonymityAllowed: (_turn: FocusTurn, group: Group, sender: readonly string[]): boolean =>
    permits(group, "allow-anonymity", sender, true),
  /** 7.2.2.2, 200, 3: the same of one who was invited; sessions without a group go by the operator's policy. */
  invitedMayHide: (focus: Focus, { group }: Conference, identities: readonly string[]): boolean =>
    group === undefined
      ? focus.server.policy().adHocAnonymity
      : permits(group, "allow-anonymity", identities, true),
  /** 7.2.1.4-2, 7.2.2.9. */
  mayJoinGroup: (group: Group, sender: readonly string[], anonymous: boolean): boolean =>
    permits(group, "join-handling", sender, anonymous),
  /** 7.2.1.5-2, 7.2.2.9: whoever was invited at the beginning or since, and who began it. */
  mayRejoin: (conference: Conference, sender: readonly string[]): boolean =>
    isPerson(conference.originator, ...sender) ||
    conference.admitted.some((admitted) => sender.some((each) => sameAddress(each, admitted))),
  /** 7.2.2.9: undefined where the age is not known. */
  ageAllowed: (group: Group, age: number | undefined): boolean => ageFits(group, age),
  /** 7.2.2.9: years, from the user's profile. */
  ageOf: (turn: FocusTurn, uri: string): Promise<number | undefined> => turn.server.xdm.age(uri),
  /** 7.2.2.9: by which address one who was invited may come in. */
  admittedBy: (uri: string): string => targetOf(uri).requestUri,
  /** 7.2.1.3-9: the session that the group has. */
  sessionOfGroup: ({ focus }: FocusTurn, uri: string): Conference | undefined =>
    focus.conferences.ofGroup(uri),
  /** 7.2.1.4-3, 7.2.1.5-3. */
  groupFull: (conference: Conference): boolean =>
    conference.group !== undefined && groupIsFull(conference.group, headcount(conference)),
  /** 7.2.1.4-3: it does not count as a participant. */
  isHistoryFunction: (turn: FocusTurn): boolean => {
    const { historyFunction } = turn.server.config;
    return historyFunction !== undefined && sendersOf(turn).some((uri) => sameAddress(uri, historyFunction));
  },
  /** 7.2.1.4-3, 7.2.2.9: it comes for one who takes part. */
  historyMayJoin: (turn: FocusTurn, conference: Conference): boolean => {
    const referrer = referredByOf(turn.request);
    return typeof referrer === "object" && participantWith(conference, [referrer.uri]) !== undefined;
  },
  /** 7.2.1.7-1, 7.2.2.7. */
  mayAdd: (conference: Conference, sender: readonly string[]): boolean =>
    participantWith(conference, sender) !== undefined &&
    (conference.group === undefined || permits(conference.group, "allow-invite-users-dynamically", sender)),
  /** 7.2.2.7: years, of one who is to be added. */
  addedAgeOf: (turn: FocusTurn, uri: string): Promise<number | undefined> =>
    turn.server.xdm.age(targetOf(uri).requestUri),
  /** 7.2.2.7: whether one who is to be added may take part. */
  mayBeAdded: (conference: Conference, uri: string): boolean =>
    conference.group === undefined || permits(conference.group, "join-handling", [targetOf(uri).requestUri]),
  /** 7.2.1.7-4. */
  tooManyAdded: (turn: FocusTurn, conference: Conference, added: number): boolean => {
    const { adHocMaximum, originatorCounts } = turn.server.policy();
    const own = originatorCounts ? 0 : 1;
    const maximum =
      conference.group === undefined ? adHocMaximum + own : conference.group.maxParticipantCount;
    return maximum !== undefined && headcount(conference) + added > maximum;
  },
  /** 7.2.1.8-1 and 2: of those who take part whoever began the session, a key participant of the group, and everybody for oneself. */
  mayRemove: (conference: Conference, sender: readonly string[], uri: string): boolean =>
    participantWith(conference, sender) !== undefined &&
    (isPerson(conference.originator, ...sender) ||
      sender.some((each) => sameAddress(each, uri)) ||
      (conference.group !== undefined && permits(conference.group, "is-key-participant", sender))),
  /** 7.2.1.12-3. */
  mayAskToWatch: (turn: FocusTurn): boolean =>
    !servedUser(turn, turn.originator)?.properties.includes("unauthorised"),
  /** 7.2.1.12-4. */
  mayWatch: (conference: Conference, sender: readonly string[]): boolean =>
    participantWith(conference, sender) !== undefined &&
    (conference.group === undefined || permits(conference.group, "allow-conference-state", sender)),
  /** 7.2.3.4, a. */
  mayWritePrivately: (focus: Focus, conference: Conference, sender: readonly string[]): boolean =>
    conference.group === undefined
      ? focus.server.policy().privateMessages
      : permits(conference.group, "allow-private-message", sender),
} as const;
