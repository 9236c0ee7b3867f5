/** What the document of a pre-defined group says of its sessions: arranged by scenarios, kept in the trace, and read by checks. */

/** Actions of a group's rules, by the names of their elements. */
export const GROUP_ACTIONS = [
  "join-handling",
  "allow-initiate-conference",
  "allow-anonymity",
  "allow-conference-state",
  "allow-invite-users-dynamically",
  "allow-private-message",
  "is-key-participant",
] as const;
export type GroupActionName = (typeof GROUP_ACTIONS)[number];

export function isGroupAction(name: string): name is GroupActionName {
  return (GROUP_ACTIONS as readonly string[]).includes(name);
}

export function forEachAction<T>(valueOf: (name: GroupActionName) => T): Record<GroupActionName, T> {
  return {
    "join-handling": valueOf("join-handling"),
    "allow-initiate-conference": valueOf("allow-initiate-conference"),
    "allow-anonymity": valueOf("allow-anonymity"),
    "allow-conference-state": valueOf("allow-conference-state"),
    "allow-invite-users-dynamically": valueOf("allow-invite-users-dynamically"),
    "allow-private-message": valueOf("allow-private-message"),
    "is-key-participant": valueOf("is-key-participant"),
  };
}

export interface GroupRules {
  /** Members whom an action is granted to, by IM Address. */
  readonly granted: Readonly<Record<GroupActionName, readonly string[]>>;
  /** What is granted to everybody who is no member. */
  readonly grantedToOthers: readonly GroupActionName[];
  /** True: members are invited when a session begins; false: a chat group. */
  readonly inviteMembers: boolean;
  readonly maxParticipantCount?: number;
  /** Years; the ends belong to the range. */
  readonly age?: { readonly from?: number; readonly until?: number };
  /** Media of the IM service that the group is for; absent: all. */
  readonly media?: readonly string[];
  /** Session-active-policy: how long a session may last, and who must be there for it to go on. */
  readonly maxDurationS?: number;
  readonly minParticipantCount?: number;
  readonly requiredParticipants?: readonly string[];
  /** Display names for this group, by IM Address. */
  readonly displayNames?: Readonly<Record<string, string>>;
}

/** What members may do unless the scenario says otherwise. */
const BY_DEFAULT: readonly GroupActionName[] = GROUP_ACTIONS.filter((name) => name !== "is-key-participant");

export const DEFAULT_MAXIMUM = 50;

/** The rules of a group about which nothing is said. */
export function defaultGroupRules(
  members: readonly string[],
  { allowAnonymity }: { readonly allowAnonymity: boolean },
): GroupRules {
  const granted = (name: GroupActionName): boolean =>
    BY_DEFAULT.includes(name) && (name !== "allow-anonymity" || allowAnonymity);
  return {
    granted: forEachAction((name) => (granted(name) ? members : [])),
    grantedToOthers: [],
    inviteMembers: true,
    maxParticipantCount: DEFAULT_MAXIMUM,
  };
}

/** A group of the SUT's own, whose document Scrim cannot write: how it differs from one with the rules by default. */
export interface FixedGroupRules {
  /** What no member may do. */
  readonly denies: readonly GroupActionName[];
  readonly inviteMembers: boolean;
  readonly maxParticipantCount?: number;
  readonly age?: { readonly from?: number; readonly until?: number };
}

/** Whether a group of the SUT's own has the rules that a scenario wants; what is said for single members, no such group has. */
export function hasRules(fixed: FixedGroupRules, wanted: GroupRules, members: readonly string[]): boolean {
  const isAsWanted = (name: GroupActionName): boolean => {
    const granted = wanted.granted[name];
    if (name === "allow-anonymity") return true;
    if (name === "is-key-participant") return granted.length === 0;
    return granted.length === (fixed.denies.includes(name) ? 0 : members.length);
  };
  const maximum = wanted.maxParticipantCount === DEFAULT_MAXIMUM ? undefined : wanted.maxParticipantCount;
  return (
    GROUP_ACTIONS.every(isAsWanted) &&
    wanted.grantedToOthers.length === 0 &&
    wanted.inviteMembers === fixed.inviteMembers &&
    (maximum === undefined || maximum === fixed.maxParticipantCount) &&
    wanted.age?.from === fixed.age?.from &&
    wanted.age?.until === fixed.age?.until &&
    wanted.media === undefined &&
    wanted.maxDurationS === undefined &&
    wanted.minParticipantCount === undefined &&
    wanted.requiredParticipants === undefined &&
    wanted.displayNames === undefined
  );
}
